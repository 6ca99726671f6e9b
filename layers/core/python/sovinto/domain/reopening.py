"""What follows for a case from money that went back: asked again, open again, one state back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sovinto.domain.case import Case, Step
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.facts import Rules
from sovinto.domain.lapsed import asked_before
from sovinto.domain.ledger import Entry, Line
from sovinto.domain.plan import ACTIVE, KEPT
from sovinto.domain.posting import Occasion, charge
from sovinto.domain.reversal import REVERSED
from sovinto.domain.standing_fees import fee_amount


def surplus_kept(entries: Sequence[Entry], occasion: Occasion) -> tuple[Entry, ...]:
    """The debtor's credit that became a refund when the case closed is credit again."""
    gone = {entry.reverses for entry in entries}
    return tuple(
        _opposite(entry, occasion)
        for entry in entries
        if entry.kind == REVERSED and entry.reverses is None and entry.entry_id not in gone
    )


def asked_again(
    case: Case, entry: Entry, entries: Sequence[Entry], occasion: Occasion
) -> tuple[Entry, ...]:
    """What was not asked for only because the case was paid: a tolerated rest, and the fees of letters
    that the payment, by its value day, had come before."""
    gone = {e.reverses for e in entries}
    ended = (e for e in entries if e.posted_at == case.closed_at and e.entry_id not in gone)
    waived = [_opposite(e, occasion) for e in ended if e.kind == "rest_waived"]
    taken = (e for e in entries if e.kind == "fee_reversed" and e.event_id == entry.event_id)
    fees = {e.entry_id: e for e in entries if e.kind == "fee_charged"}
    again = [
        _charged_again(case, fees[item.reverses], item, occasion)
        for item in taken
        if item.entry_id not in gone
        and item.reverses is not None
        and _letter_went(case, fees[item.reverses])
    ]
    return (*waived, *again)


def _opposite(entry: Entry, occasion: Occasion) -> Entry:
    return replace(
        entry,
        entry_id=occasion.entry_id(entry.kind, entry.entry_id),
        posted_at=occasion.at,
        lines=tuple(Line(line.account, -line.amount) for line in entry.lines),
        event_id=occasion.event_id,
        reverses=entry.entry_id,
    )


def _letter_went(case: Case, fee: Entry) -> bool:
    """A letter that was withheld meanwhile costs nothing."""
    planned_by = fee.source or fee.event_id
    return not any(r.event_id == planned_by and r.outcome == "skipped" for r in case.steps)


def _charged_again(case: Case, fee: Entry, taken: Entry, occasion: Occasion) -> Entry:
    anew = charge(
        case,
        occasion,
        claim_class=ClaimClass.FEE,
        kind="fee_charged",
        label=fee.label,
        amount=fee_amount(case, fee),
        value_on=fee.value_on,
        explanation=fee.explanation,
    )
    entry_id = occasion.entry_id("fee_charged", fee.entry_id)
    return replace(anew, entry_id=entry_id, source=fee.source or fee.event_id, reverses=taken.entry_id)


def reopened(case: Case, rules: Rules, now: datetime) -> Case:
    """One state back from paid: the plan goes on with its instalments, and no step is forgotten.

    A question whose answer no longer holds, or can no longer come, may be asked anew.
    """
    closed_at, on = case.closed_at, rules.calendar.local_date(now)
    steps = tuple(
        replace(r, outcome="skipped", reason="undone: payment reversed")
        if r.step is Step.CLOSE_CASE and r.at == closed_at and r.outcome == "performed"
        else asked_before(r, case, rules, on)
        for r in case.steps
    )
    plan = replace(case.plan, status=ACTIVE) if case.plan and case.plan.status == KEPT else case.plan
    again = replace(case, closure=None, closed_at=None, plan=plan, steps=steps, reopened_on=on)
    return with_grace(again, on)


def with_grace(case: Case, on: date) -> Case:
    """An instalment that the money had paid, and that is overdue now, has its grace anew from `on`."""
    plan = case.plan
    if plan is None or not plan.is_active or all(item.due_on >= on for item in plan.instalments):
        return case
    return replace(case, plan=replace(plan, reopened_on=on))
