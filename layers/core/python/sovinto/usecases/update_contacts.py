"""Better details of a debtor: after a wrong person, a wrong number, or post that came back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from sovinto.domain.case import Case, StepRecord
from sovinto.domain.communication import Channel
from sovinto.domain.contacts import refused_row, suppressed_row
from sovinto.domain.debtor import Address, Debtor
from sovinto.domain.event import Event
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.hold import Hold, HoldReason
from sovinto.domain.placement_rules import address_problems, contact_problems
from sovinto.domain.posting import Occasion
from sovinto.domain.standstill import without_holds
from sovinto.domain.unheard import unheard
from sovinto.errors import InvalidInput, RuleRefused
from sovinto.ids import CaseId
from sovinto.ports import Cases, Change, Clock
from sovinto.usecases.actor import checked_actor
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.contact_ledger import key_of
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.send_again import planned_again
from sovinto.usecases.step_context import case_event

# Why a step that found nobody is due once more.
NEW_CONTACTS = "new_contacts"
_UNREACHED = ("no_channel", "no_phone")
_LEADS_TO = {
    "address": (Channel.POST,),
    "email": (Channel.EMAIL,),
    "phone": (Channel.SMS, Channel.CALL),
}


@dataclass(frozen=True, slots=True)
class NewContacts:
    """What replaces the debtor's details; None leaves one as it is. `phone` is E.164."""

    address: Address | None = None
    email: str | None = None
    phone: str | None = None

    def named(self) -> dict[str, Address | str]:
        given = {"address": self.address, "email": self.email, "phone": self.phone}
        return {name: value for name, value in given.items() if value is not None}


def update_contacts(case_id: CaseId, new: NewContacts, *, by: str, cases: Cases, clock: Clock) -> Case:
    """Replaces details of the debtor; an open-ended hold for the search of an address ends with it.

    Channels that led nowhere are tried again with the new detail, a letter that never left is planned
    again (the newest of each kind), and steps that nothing could carry, since the last that was taken,
    have their turn. Consent to electronic letters does not pass to another e-mail address. Asked twice,
    it is done once. Raises NotFound, InvalidInput, RuleRefused (a closed case; a detail that is known to
    lead elsewhere), LawMissing.
    """
    checked_actor(by)
    if not new.named():
        raise InvalidInput("address, email or phone must be given; add the detail that is new")

    def once() -> Case:
        stored = cases.load(case_id)
        facts, rules = facts_of(case_id, cases, clock.now())
        if not stored.is_open:
            raise RuleRefused("the case is closed; nobody is contacted about it any more")
        debtor = _with(stored.debtor, new)
        changed = {name for name in new.named() if getattr(debtor, name) != getattr(stored.debtor, name)}
        _check(debtor)
        _check_known(facts.case, debtor, new, changed, cases)
        if not changed:
            return stored
        return _store(stored, debtor, frozenset(changed), facts, rules, by, cases)

    return with_fresh_read(once)


def _with(debtor: Debtor, new: NewContacts) -> Debtor:
    found = replace(
        debtor,
        address=new.address or debtor.address,
        email=new.email if new.email is not None else debtor.email,
        phone=new.phone if new.phone is not None else debtor.phone,
    )
    if found.email != debtor.email:
        return replace(found, has_electronic_consent=False)
    return found


def _check(debtor: Debtor) -> None:
    """As at placement. Raises InvalidInput."""
    for problem in (*address_problems(debtor.address), *contact_problems(debtor)):
        raise InvalidInput(problem.message, field=problem.field)


def _check_known(case: Case, debtor: Debtor, new: NewContacts, changed: set[str], cases: Cases) -> None:
    """A detail that was heard to lead elsewhere leads there still. Raises RuleRefused."""
    for name, channel in (("email", Channel.EMAIL), ("phone", Channel.SMS)):
        if name in new.named() and any(cases.guard(*row) is not None for row in _rows(case, debtor, name)):
            raise RuleRefused(
                f"{name} is known to lead to somebody else; ask for another {name}, or leave it out",
                field=name,
            )
        if name in new.named() and name not in changed and channel in case.refused_channels:
            raise RuleRefused(_same(name), field=name)
    if new.address is not None and "address" not in changed and Channel.POST in case.refused_channels:
        raise RuleRefused(_same("address"), field="address")


def _same(name: str) -> str:
    return f"{name} is the one that was refused before; give another, or leave it out"


def _rows(case: Case, debtor: Debtor, name: str) -> Iterator[tuple[str, str]]:
    channel = {"email": Channel.EMAIL, "phone": Channel.SMS}.get(name)
    if channel is None:
        return
    to = str(getattr(debtor, name))
    for row in (suppressed_row(channel, to), refused_row(case.case_id, channel, to)):
        if row is not None:
            yield row


def _store(
    stored: Case,
    debtor: Debtor,
    changed: frozenset[str],
    facts: Facts,
    rules: Rules,
    by: str,
    cases: Cases,
) -> Case:
    occasion, today = Occasion.of_case(stored, facts.now), facts.today(rules)
    again = {channel for name in changed for channel in _LEADS_TO[name]}
    refused = tuple(channel for channel in facts.case.refused_channels if channel not in again)
    # The person stays the same one in the ledger of contacts, wherever they live now.
    known = replace(stored, person_key=key_of(stored), debtor=debtor, refused_channels=refused)
    known = replace(known, steps=_open_again(known, again, rules))
    over = [hold for hold in known.active_holds if _is_search(hold)]
    calendar, last_on = rules.calendar, today - timedelta(days=1)
    freed = without_holds(known, over, last_on=last_on, at=facts.now, by=by, calendar=calendar)
    newer = replace(freed, version=stored.version + 1)
    waiting = unheard(cases.communications(stored.case_id))
    messages, planned = planned_again(newer, waiting, occasion, today)
    cases.commit(
        Change(
            case=newer,
            communications=messages,
            events=(*_told(stored, over, changed, occasion, by), *planned),
            unless=tuple(row for name in sorted(changed) for row in _rows(stored, debtor, name)),
            wake_at=facts.now,
        )
    )
    return newer


def _is_search(hold: Hold) -> bool:
    return hold.reason is HoldReason.ADDRESS_SEARCH and hold.until is None


def _told(
    case: Case, over: list[Hold], changed: frozenset[str], occasion: Occasion, by: str
) -> Iterator[Event]:
    """Which details, never what they are."""
    yield case_event(
        case, occasion, "debtor.contacts_updated", details=",".join(sorted(changed)), updated_by=by
    )
    for hold in over[:1]:
        yield case_event(case, occasion, "hold.released", hold_id=hold.hold_id)


def _open_again(case: Case, again: set[Channel], rules: Rules) -> tuple[StepRecord, ...]:
    """Steps that found nobody, where one of the new channels carries them: only those after the last
    step that was taken, so that nothing mild comes after something firm."""
    taken = [n for n, r in enumerate(case.steps) if r.outcome == "performed" and rules.policy.step(r.step)]
    first = taken[-1] + 1 if taken else 0
    return tuple(
        replace(record, outcome="skipped", reason=NEW_CONTACTS)
        if place >= first and _found_nobody(record, again, rules)
        else record
        for place, record in enumerate(case.steps)
    )


def _found_nobody(record: StepRecord, again: set[Channel], rules: Rules) -> bool:
    planned = rules.policy.step(record.step)
    if planned is None or record.outcome != "not_needed" or record.reason not in _UNREACHED:
        return False
    return any(channel in again for channel in planned.channels)
