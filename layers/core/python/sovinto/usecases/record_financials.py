"""A debtor's financial position, as entered or imported; an evaluation that was made is made anew."""

from __future__ import annotations

from dataclasses import replace

from sovinto.domain.agreement import Financials
from sovinto.domain.case import Case, Step, StepRecord
from sovinto.domain.earliest import LOOK_AGAIN
from sovinto.domain.posting import Occasion
from sovinto.errors import InvalidInput, NotFound, RuleRefused
from sovinto.ids import CaseId, ClientId
from sovinto.ports import Cases, Change, Clock
from sovinto.usecases.actor import checked_actor
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.step_context import case_event

MAX_SOURCE = 200
_STANDING = ("assets_minor", "employees")
_OF_A_YEAR = ("turnover_minor", "turnover_before_minor", "profit_minor")
_NEVER_NEGATIVE = ("assets_minor", "employees", "turnover_minor", "turnover_before_minor")
_YEARS = range(1900, 2101)


def record_financials(
    case_id: CaseId,
    financials: Financials,
    *,
    by: str,
    cases: Cases,
    clock: Clock,
    client_id: ClientId | None = None,
) -> Case:
    """The case with the figures, woken to look at them.

    Raises InvalidInput, NotFound where it is not the client's case, RuleRefused where it is closed.
    """
    checked_actor(by)
    _check_figures(financials)
    return with_fresh_read(lambda: _once(case_id, financials, by, cases, clock, client_id))


def _check_figures(financials: Financials) -> None:
    if not 0 < len(financials.source.strip()) <= MAX_SOURCE:
        raise InvalidInput(
            f"source must tell where the figures are from in at most {MAX_SOURCE} characters; give one",
            field="source",
        )
    if financials.year is not None and financials.year not in _YEARS:
        raise InvalidInput(
            f"year must be from {_YEARS[0]} to {_YEARS[-1]}, not {financials.year}; give the year of "
            "the turnover",
            field="year",
        )
    for name in _NEVER_NEGATIVE:
        value = getattr(financials, name)
        if value is not None and value < 0:
            raise InvalidInput(f"{name} must be zero or more, not {value}; leave it out", field=name)


def _once(
    case_id: CaseId,
    financials: Financials,
    by: str,
    cases: Cases,
    clock: Clock,
    client_id: ClientId | None,
) -> Case:
    facts, rules = facts_of(case_id, cases, clock.now())
    case, today = facts.case, facts.today(rules)
    if client_id is not None and case.client_id != client_id:
        raise NotFound(f"there is no case {case_id}")
    if not case.is_open:
        raise RuleRefused("the case is closed; figures change nothing any more")
    if financials.as_of > today:
        raise InvalidInput(
            f"as_of must not lie after today ({today}), not on {financials.as_of}; give their day",
            field="as_of",
        )
    known = _with_known(financials, case.financials, is_ours=client_id is None)
    if known == case.financials:
        return case
    newer = replace(_to_be_evaluated(case), financials=known, version=case.version + 1)
    occasion = Occasion.of_case(case, facts.now)
    event = case_event(
        case,
        occasion,
        "financials.recorded",
        as_of=financials.as_of.isoformat(),
        recorded_by=by,
    )
    cases.commit(Change(case=newer, events=(event,), wake_at=facts.now))
    return newer


def _with_known(given: Financials, known: Financials | None, *, is_ours: bool) -> Financials:
    """Figures that were left out stay; a default entry is the agency's alone to take back.

    Raises InvalidInput where newer figures are known.
    """
    if known is None:
        return given
    if given.as_of < known.as_of:
        raise InvalidInput(
            f"as_of must not lie before the figures we have, of {known.as_of}; give newer ones",
            field="as_of",
        )
    if given.year and known.year and given.year < known.year:
        raise InvalidInput(
            f"year must not lie before that of the figures we have, {known.year}; give newer ones",
            field="year",
        )
    kept = _STANDING if _is_of_another_year(given, known) else (*_STANDING, *_OF_A_YEAR, "year")
    left_out = {name: getattr(known, name) for name in kept if getattr(given, name) is None}
    newer = replace(given, **left_out, has_default_entry=_default_entry(given, known, is_ours=is_ours))
    if newer.turnover_before_minor is None and given.year and known.year == given.year - 1:
        return replace(newer, turnover_before_minor=known.turnover_minor)
    return newer


def _is_of_another_year(given: Financials, known: Financials) -> bool:
    """Last year's turnover is not this year's, where this year's was left out."""
    return None not in {given.year, known.year} and given.year != known.year


def _default_entry(given: Financials, known: Financials, *, is_ours: bool) -> bool | None:
    """Not to know takes nothing back, and a client does not take back what is known."""
    if given.has_default_entry is None or (known.has_default_entry and not is_ours):
        return known.has_default_entry
    return given.has_default_entry


def _to_be_evaluated(case: Case) -> Case:
    """What was decided on older figures is open again; steps that were taken stay taken."""
    return replace(case, steps=tuple(_reopened(record) for record in case.steps))


def _reopened(record: StepRecord) -> StepRecord:
    if record.step is not Step.EVALUATE or record.outcome != "performed":
        return record
    return replace(record, outcome="skipped", reason=LOOK_AGAIN)
