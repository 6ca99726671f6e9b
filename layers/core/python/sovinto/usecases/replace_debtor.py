"""The debtor of a case changes: what was on its way to the former one stays here, and the case goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sovinto.domain.case import Case, Closure
from sovinto.domain.communication import Communication, SendingState
from sovinto.domain.debtor import CoDebtor, DebtorType
from sovinto.domain.event import Event
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.ledger import Entry
from sovinto.domain.parties import receiver_id
from sovinto.domain.posting import Occasion
from sovinto.domain.succession import NEW_DEBTOR, succeeded
from sovinto.domain.unsent import reversed_fees, undone_step
from sovinto.ports import Cases, Change, Clock, Guard
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.contact_ledger import key_of, undone_guards
from sovinto.usecases.step_context import case_event


def replace_debtor(
    case: Case, heir: CoDebtor, reason: Closure, *, by: str, cases: Cases, clock: Clock
) -> Case:
    """In one transaction: nothing planned leaves for the former debtor, and its fee is taken back.

    The debt stays whole, and the new debtor's own rules of contact hold. Event `debtor.replaced`.
    Raises StaleVersion, LawMissing.
    """
    facts, rules = facts_of(case.case_id, cases, clock.now())
    occasion = Occasion.of_case(case, facts.now)
    known = cases.communications(case.case_id)
    held_back = tuple(_held_back(known, heir))
    undone = case
    for item in held_back:
        undone = undone_step(undone, item)
    changed = succeeded(undone, heir, reason, known, rules, key=key_of(case), at=facts.now, by=by)
    newer = replace(changed, version=case.version + 1)
    cases.commit(
        Change(
            case=newer,
            entries=_fees_back(case, facts, rules, held_back, occasion),
            called=held_back,
            events=tuple(_told(case, heir, reason, occasion, by)),
            guards=(
                *(row for item in held_back for row in undone_guards(item, case, rules, cases)),
                *_of_company(newer, cases),
            ),
            wake_at=facts.now,
        )
    )
    return newer


def _held_back(known: tuple[Communication, ...], heir: CoDebtor) -> Iterator[Communication]:
    """Planned for the former debtor; and the heir's copies, who gets letters of their own instead."""
    for item in known:
        is_theirs = item.audience == "debtor" and receiver_id(item) in ("", heir.party_id)
        if is_theirs and item.state is SendingState.PLANNED:
            yield replace(item, state=SendingState.WITHHELD, reason=NEW_DEBTOR)


def _fees_back(
    case: Case, facts: Facts, rules: Rules, held_back: tuple[Communication, ...], occasion: Occasion
) -> tuple[Entry, ...]:
    by_event = {item.event_id: item for item in held_back if item.permit is not None}
    return tuple(
        entry
        for item in by_event.values()
        for entry in reversed_fees(case, facts.entries, item, occasion, facts.today(rules))
    )


def _told(case: Case, heir: CoDebtor, reason: Closure, occasion: Occasion, by: str) -> Iterator[Event]:
    yield case_event(case, occasion, "debtor.replaced", party_id=heir.party_id, reason=reason.value, by=by)
    asked = case.open_approval
    if asked is not None:
        data = {"approval_id": asked.approval_id, "about": asked.about}
        yield case_event(case, occasion, "approval.expired", **data)


def _of_company(case: Case, cases: Cases) -> tuple[Guard, ...]:
    """Figures of the company find this case too."""
    if case.debtor.debtor_type is not DebtorType.BUSINESS or not case.debtor.registration_id:
        return ()
    scope = f"DEBTOR#{case.person_key}"
    return () if cases.guard(scope, case.case_id) is not None else (Guard(scope, case.case_id),)
