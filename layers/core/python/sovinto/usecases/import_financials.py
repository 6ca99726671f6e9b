"""Figures of a company, from a row of a file, into every open case against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sovinto.domain.agreement import Financials
from sovinto.domain.case import Case
from sovinto.domain.company import CompanyFigures
from sovinto.domain.debtor import Debtor, DebtorType
from sovinto.domain.money import Money
from sovinto.domain.person import person_key
from sovinto.errors import InvalidInput, RuleRefused
from sovinto.ids import CaseId
from sovinto.ports import Cases, Clock
from sovinto.usecases.contact_ledger import key_of
from sovinto.usecases.record_financials import record_financials


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one row. `refused` are cases with the sentence why not."""

    recorded: tuple[CaseId, ...] = ()
    unchanged: tuple[CaseId, ...] = ()
    refused: tuple[tuple[CaseId, str], ...] = ()

    @property
    def words(self) -> str:
        """One sentence."""
        if not (self.recorded or self.unchanged or self.refused):
            return "no open case is against this company; nothing to record"
        parts = [
            f"recorded in {_counted(len(self.recorded))}" if self.recorded else "",
            f"nothing new for {_counted(len(self.unchanged))}" if self.unchanged else "",
            *(f"not in {case_id} ({why})" for case_id, why in self.refused),
        ]
        return ", ".join(part for part in parts if part)


def import_financials(
    figures: CompanyFigures,
    *,
    by: str,
    cases: Cases,
    clock: Clock,
    is_barred: Callable[[Case], bool],
) -> Imported:
    """Each case takes the figures in a transaction of its own; a repeat changes nothing.

    Cases in which `by` may not act are left out and told. Raises InvalidInput for an empty id.
    """
    recorded: list[CaseId] = []
    unchanged: list[CaseId] = []
    refused: list[tuple[CaseId, str]] = []
    for case_id in cases.of_debtor(_key(figures)):
        case = cases.load(case_id)
        if not case.is_open or key_of(case) != _key(figures):
            # Closed, or somebody else is its debtor by now.
            continue
        try:
            _check(case, figures, is_barred)
            newer = record_financials(
                case_id, _financials(figures, case.currency), by=by, cases=cases, clock=clock
            )
        except (InvalidInput, RuleRefused) as refusal:
            refused.append((case_id, refusal.message))
            continue
        (unchanged if newer.financials == case.financials else recorded).append(case_id)
    return Imported(tuple(recorded), tuple(unchanged), tuple(refused))


def _key(figures: CompanyFigures) -> str:
    if not any(sign.isalnum() for sign in figures.registration_id):
        raise InvalidInput(
            "registration_id must name the company, such as 0112038-9; give it", field="registration_id"
        )
    company = Debtor(
        name="",
        debtor_type=DebtorType.BUSINESS,
        language="",
        registration_id=figures.registration_id,
    )
    return person_key(company, figures.country)


def _check(case: Case, figures: CompanyFigures, is_barred: Callable[[Case], bool]) -> None:
    if is_barred(case):
        raise RuleRefused("you have a conflict of interest in it; leave it to a colleague")
    if figures.currency and figures.currency != case.currency:
        raise InvalidInput(
            f"currency must be that of the case, {case.currency}, not {figures.currency}; convert them",
            field="currency",
        )


def _financials(figures: CompanyFigures, currency: str) -> Financials:
    return Financials(
        as_of=figures.as_of,
        source=figures.source,
        assets_minor=_minor("assets", figures.assets, currency),
        employees=figures.employees,
        turnover_minor=_minor("turnover", figures.turnover, currency),
        has_default_entry=figures.has_default_entry,
        profit_minor=_minor("profit", figures.profit, currency),
        year=figures.year,
    )


def _minor(field: str, amount: str | None, currency: str) -> int | None:
    if amount is None:
        return None
    try:
        return Money.parse(amount, currency).minor
    except InvalidInput as refusal:
        raise InvalidInput(
            f"{field} must be an amount in {currency}: {refusal.message}", field=field
        ) from (refusal)


def _counted(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"
