"""The debt line by line, each with its reason: what letters and the debtor's page print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sovinto.domain.case import Case
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.claim_interest import CREDIT_NOTE, claim_interest
from sovinto.domain.law import interest
from sovinto.domain.law.calendar import Calendar
from sovinto.domain.law.model import Pack
from sovinto.domain.ledger import Entry, debtor_account
from sovinto.domain.letter import DebtLine
from sovinto.domain.money import Money, total
from sovinto.domain.payment import CLIENT_SOURCE

_REDUCING = frozenset({CREDIT_NOTE, "payment", "direct_payment", "payment_reversed", "rest_waived"})


@dataclass(frozen=True, slots=True)
class DebtView:
    """`lines` add up to `total`; interest runs through `interest_to` (inclusive)."""

    lines: tuple[DebtLine, ...]
    total: Money
    interest_to: date


def interest_day(case: Case, today: date, calendar: Calendar) -> date:
    """Interest stands still from the day a payment plan is agreed while the plan is kept."""
    if case.plan is not None and case.plan.is_active:
        return min(today, calendar.local_date(case.plan.kept_since))
    return today


def debt_view(
    case: Case, entries: Sequence[Entry], pack: Pack, calendar: Calendar, today: date
) -> DebtView:
    """What is owed today; a later day owes no less unless something was paid."""
    until = interest_day(case, today, calendar)
    lines = (
        *_principal(case),
        *_interest(case, entries, pack, until),
        *_fees(case, entries),
        *reducing_lines(case, entries),
    )
    return DebtView(lines, total((line.amount for line in lines), case.currency), until)


def reducing_lines(case: Case, entries: Sequence[Entry]) -> tuple[DebtLine, ...]:
    """Credit notes, payments and what became of them, and what was waived."""
    return (*_credit_notes(case, entries), *_payments(case, entries), *_waived(case, entries))


def reductions(lines: Iterable[DebtLine]) -> list[tuple[str, date, Money]]:
    """Those of them among all lines of a debt, in a form that can be compared."""
    return sorted(
        ((line.kind, line.on, line.amount) for line in lines if line.kind in _REDUCING),
        key=lambda found: (found[0], found[1], found[2].minor),
    )


def _principal(case: Case) -> list[DebtLine]:
    return [
        DebtLine(ClaimClass.PRINCIPAL, "principal", claim.invoice_number, claim.principal, claim.due_on)
        for claim in case.claims
    ]


def _interest(case: Case, entries: Sequence[Entry], pack: Pack, until: date) -> list[DebtLine]:
    lines = []
    for _, result in claim_interest(case, entries, pack, until=until):
        lines += [_segment_line(segment) for segment in result.segments if segment.amount]
    return lines


def _segment_line(segment: interest.Segment) -> DebtLine:
    span = f"{segment.rate} %, {segment.from_on.isoformat()} – {segment.to_on.isoformat()}"
    return DebtLine(
        ClaimClass.INTEREST, "interest", span, segment.amount, segment.to_on, segment.explanation
    )


def _fees(case: Case, entries: Sequence[Entry]) -> list[DebtLine]:
    account = debtor_account(case.case_id, ClaimClass.FEE)
    return [
        DebtLine(
            ClaimClass.FEE,
            entry.label,
            "",
            entry.amount_on(account, case.currency),
            entry.value_on,
            entry.explanation,
        )
        for entry in entries
        if entry.kind in ("fee_charged", "fee_reversed")
    ]


def _credit_notes(case: Case, entries: Sequence[Entry]) -> list[DebtLine]:
    account = debtor_account(case.case_id, ClaimClass.PRINCIPAL)
    return [
        DebtLine(
            ClaimClass.PRINCIPAL,
            entry.kind,
            entry.label,
            entry.amount_on(account, case.currency),
            entry.value_on,
        )
        for entry in entries
        if entry.kind == CREDIT_NOTE
    ]


def _waived(case: Case, entries: Sequence[Entry]) -> list[DebtLine]:
    """What was left within the tolerance at the end of a plan and is not asked for."""
    return [
        DebtLine(
            ClaimClass(entry.label),
            entry.kind,
            "",
            entry.amount_on(debtor_account(case.case_id, ClaimClass(entry.label)), case.currency),
            entry.value_on,
        )
        for entry in entries
        if entry.kind == "rest_waived"
    ]


def _payments(case: Case, entries: Sequence[Entry]) -> list[DebtLine]:
    lines = []
    for entry in entries:
        if entry.kind not in ("payment_allocated", "payment_reversed"):
            continue
        reduced = total(
            (entry.amount_on(debtor_account(case.case_id, c), case.currency) for c in ClaimClass),
            case.currency,
        )
        kind = "direct_payment" if entry.label == CLIENT_SOURCE else "payment"
        kind = "payment_reversed" if entry.reverses is not None else kind
        lines.append(DebtLine(ClaimClass.PRINCIPAL, kind, "", reduced, entry.value_on))
    return lines
