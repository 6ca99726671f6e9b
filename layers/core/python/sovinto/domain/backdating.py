"""A hold that began before it was placed: what happened inside is taken back, or told as a breach."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from sovinto.domain.case import Case, Step
from sovinto.domain.communication import Channel, Communication, SendingState
from sovinto.domain.debt_lines import interest_day
from sovinto.domain.facts import Rules
from sovinto.domain.hold import Hold
from sovinto.domain.ledger import Entry
from sovinto.domain.plan import ACTIVE, BROKEN
from sovinto.domain.posting import Occasion, accrued_through, interest_to
from sovinto.domain.standing_fees import reversal, standing_fees
from sovinto.ids import CommunicationId


def breaches(
    case: Case, hold: Hold, communications: Iterable[Communication], rules: Rules
) -> tuple[CommunicationId, ...]:
    """The contacts that reached for the debtor inside, oldest first; answers to the debtor are none."""
    found = []
    for item in communications:
        on = _contacted_on(item, case, rules)
        if on is not None and hold.covers(on):
            found.append((on, item.communication_id))
    return tuple(communication_id for _, communication_id in sorted(found))


def _contacted_on(item: Communication, case: Case, rules: Rules) -> date | None:
    """A message counts once it left, or may have; a call once somebody made it."""
    if item.audience != "debtor" or item.permit is None:
        return None
    if item.channel is Channel.CALL:
        made = [call.at for call in case.calls if call.communication_id == item.communication_id]
        return rules.calendar.local_date(made[0]) if made else None
    if item.state not in (SendingState.SENT, SendingState.SENDING):
        return None
    return rules.calendar.local_date(item.sent_at or item.planned_at)


def plan_unbroken(case: Case, hold: Hold) -> Case:
    """A plan that was broken inside is kept again: nobody had to pay on those days."""
    last = case.performed(Step.BREAK_PLAN)
    if case.plan is None or case.plan.status != BROKEN or last is None or not hold.covers(last.on):
        return case
    steps = tuple(
        replace(r, outcome="skipped", reason="undone: inside a hold") if r is last else r
        for r in case.steps
    )
    return replace(case, plan=replace(case.plan, status=ACTIVE), steps=steps)


def fees_taken_back(
    case: Case, hold: Hold, entries: Sequence[Entry], occasion: Occasion, today: date
) -> tuple[Entry, ...]:
    """Every fee of those days, except what was reversed before."""
    inside = (fee for fee in standing_fees(entries) if hold.covers(fee.value_on))
    return tuple(reversal(case, fee, occasion, today) for fee in inside)


def interest_taken_back(
    case: Case, entries: Sequence[Entry], rules: Rules, occasion: Occasion, today: date
) -> tuple[Entry, ...]:
    """What posted interest is too much now that `case` has the hold; none is added. Raises LawMissing."""
    through = accrued_through(entries)
    if through is None:
        return ()
    until = min(through, interest_day(case, today, rules.calendar))
    return interest_to(case, entries, rules.pack, occasion, until=until)
