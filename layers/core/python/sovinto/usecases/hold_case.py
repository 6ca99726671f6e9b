"""Holds: everything stands still, from a day that may have passed, until a day or a release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sovinto.domain.backdating import breaches, fees_taken_back, interest_taken_back, plan_unbroken
from sovinto.domain.case import Case
from sovinto.domain.event import Event
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.hold import Hold, HoldReason
from sovinto.domain.hold_terms import HoldTerms, hold_terms
from sovinto.domain.ledger import Entry
from sovinto.domain.posting import Occasion
from sovinto.domain.standstill import without_holds
from sovinto.domain.unheard import unheard
from sovinto.errors import InvalidInput, NotAllowed, NotFound, RuleRefused
from sovinto.ids import CaseId, ClientId, derived
from sovinto.ports import Cases, Change, Clock
from sovinto.usecases.case_file import facts_of, rules_for
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.send_again import planned_again
from sovinto.usecases.step_context import case_event

MAX_NAME = 200


def place_hold(
    case_id: CaseId,
    reason: HoldReason,
    *,
    by: str,
    cases: Cases,
    clock: Clock,
    from_on: date | None = None,
    until: date | None = None,
    client_id: ClientId | None = None,
) -> Hold:
    """Stops every contact and fee in the same transaction; asked twice, it is one hold.

    Holds stack. Both days are counted; `from_on` (today) may have passed: then the interest, where the
    law stops it, and the fees of those days are taken back by correcting entries, and contacts made on
    them are stored with the hold as breaches. Contacts stop at once also where `from_on` lies ahead. A
    client (`client_id`) may ask for a hold of its own case, for client_request only. Raises NotFound,
    NotAllowed, InvalidInput, RuleRefused, LawMissing.
    """
    check_by(by)
    if client_id is not None and reason is not HoldReason.CLIENT_REQUEST:
        raise NotAllowed("reason must be client_request in a hold by the client; ask us for another")

    def once() -> Hold:
        facts, rules = facts_of(case_id, cases, clock.now())
        check_owner(facts.case, client_id)
        if not facts.case.is_open:
            raise RuleRefused("the case is closed; there is nothing left to hold")
        today = facts.today(rules)
        terms = hold_terms(reason, facts.case, rules.pack, today=today, from_on=from_on, until=until)
        return _same(facts.case, reason, terms) or _place(reason, terms, by, facts, rules, cases)

    return with_fresh_read(once)


def check_by(by: str) -> None:
    """Raises InvalidInput."""
    if not by.strip() or len(by) > MAX_NAME:
        raise InvalidInput(f"by must name who does this, in 1 to {MAX_NAME} characters", field="by")


def check_owner(case: Case, client_id: ClientId | None) -> None:
    """Raises NotFound where a client asks for a case that is not its own."""
    if client_id is not None and case.client_id != client_id:
        raise NotFound(f"there is no case {case.case_id}")


def _same(case: Case, reason: HoldReason, terms: HoldTerms) -> Hold | None:
    asked = (reason, terms.from_on, terms.until)
    return next((h for h in case.active_holds if (h.reason, h.from_on, h.until) == asked), None)


def _place(reason: HoldReason, terms: HoldTerms, by: str, facts: Facts, rules: Rules, cases: Cases) -> Hold:
    case, occasion = facts.case, Occasion.of_case(facts.case, facts.now)
    hold = Hold(
        hold_id=derived("hld", occasion.event_id),
        reason=reason,
        from_on=terms.from_on,
        until=terms.until,
        placed_at=facts.now,
        placed_by=by,
        stops_interest=terms.stops_interest,
    )
    if hold.from_on < facts.today(rules):
        hold = replace(hold, breaches=breaches(case, hold, cases.communications(case.case_id), rules))
        case = plan_unbroken(case, hold)
    held = replace(case, holds=(*case.holds, hold), version=case.version + 1)
    cases.commit(
        Change(
            case=held,
            entries=_taken_back(held, hold, facts, rules, occasion),
            events=_told(held, hold, occasion),
            wake_at=facts.now,
        )
    )
    return hold


def _taken_back(
    held: Case, hold: Hold, facts: Facts, rules: Rules, occasion: Occasion
) -> tuple[Entry, ...]:
    """A fee of today is not touched by a hold of today: where its letter has not left it is reversed
    by the dispatch."""
    today = facts.today(rules)
    interest = interest_taken_back(held, facts.entries, rules, occasion, today)
    if hold.from_on >= today:
        return interest
    return (*interest, *fees_taken_back(held, hold, facts.entries, occasion, today))


def _told(case: Case, hold: Hold, occasion: Occasion) -> Sequence[Event]:
    data = {"hold_id": hold.hold_id, "from_on": hold.from_on.isoformat()}
    if hold.until is not None:
        data["until"] = hold.until.isoformat()
    placed = case_event(case, occasion, "hold.placed", **data)
    if not hold.breaches:
        return (placed,)
    breached = case_event(
        case,
        occasion,
        "hold.breached",
        hold_id=hold.hold_id,
        communication_ids=",".join(hold.breaches),
        count=str(len(hold.breaches)),
    )
    return (placed, breached)


def release_hold(
    case_id: CaseId,
    hold_id: str,
    *,
    by: str,
    cases: Cases,
    clock: Clock,
    client_id: ClientId | None = None,
) -> Hold:
    """Ends a hold: yesterday was its last day. Released twice, it was released once.

    Where nothing else stops the case, a letter that was withheld and no step brings again is planned
    again.

    A plan's instalments and a promise fall due later by the days that no other hold covers. A client may
    release what clients may place. Raises NotFound, NotAllowed, InvalidInput, LawMissing.
    """
    check_by(by)

    def once() -> Hold:
        case, now = cases.load(case_id), clock.now()
        check_owner(case, client_id)
        hold = _found(case, hold_id)
        if client_id is not None and hold.reason is not HoldReason.CLIENT_REQUEST:
            raise NotAllowed("this hold is not the client's to release; ask us")
        if not hold.is_active:
            return hold
        if not case.is_open:
            raise RuleRefused("the case is closed; there is nothing left to release")
        calendar, occasion = rules_for(case).calendar, Occasion.of_case(case, now)
        today = calendar.local_date(now)
        last_on = today - timedelta(days=1)
        freed = without_holds(case, (hold,), last_on=last_on, at=now, by=by, calendar=calendar)
        newer = replace(freed, version=case.version + 1)
        event = case_event(case, occasion, "hold.released", hold_id=hold_id)
        messages, planned = planned_again(newer, unheard(cases.communications(case_id)), occasion, today)
        cases.commit(Change(case=newer, communications=messages, events=(event, *planned), wake_at=now))
        return _found(freed, hold_id)

    return with_fresh_read(once)


def _found(case: Case, hold_id: str) -> Hold:
    """Raises NotFound."""
    for hold in case.holds:
        if hold.hold_id == hold_id:
            return hold
    raise NotFound(f"there is no hold {hold_id} on this case")
