"""What is stored beside a planned message: the contact in the person's ledger, and what it rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from sovinto.domain.case import Case
from sovinto.domain.communication import Channel, Communication
from sovinto.domain.contacts import (
    LEDGER_DAYS,
    WEEK,
    astray,
    channels_of,
    contact_name,
    ledger_scope,
    next_number,
    refused_row,
    suppressed_row,
    undone_name,
)
from sovinto.domain.debtor import CoDebtor, Debtor
from sovinto.domain.facts import Contact, Facts, Rules
from sovinto.domain.parties import receiver_id, without_party_channel
from sovinto.domain.person import person_key
from sovinto.errors import StaleVersion
from sovinto.ports import Cases, Guard


def key_of(case: Case) -> str:
    """The debtor's ledger; a case that was placed before there were any finds it by the debtor."""
    return case.person_key or person_key(case.debtor, case.country)


def ledger_of(case: Case, cases: Cases, today: date) -> tuple[Contact, ...]:
    """The last week's contacts of everybody the case is against, over all their cases."""
    others = {party.person_key for party in case.co_debtors if party.person_key and not party.is_released}
    people = (key_of(case), *sorted(others - {key_of(case)}))
    return tuple(item for key in people for item in cases.contacts_of(key, today - WEEK))


def without_suppressed(case: Case, cases: Cases) -> Case:
    """The case as it is worked: a detail that led to somebody else in any case is not used in this one."""
    used = [(party.party_id, *detail) for party in case.co_debtors for detail in _of_party(party)]
    used += [("", *detail) for detail in _details(case.debtor, case.refused_channels)]
    found = cases.guards([row for _, row, _ in used])
    for (party_id, _, channels), suppressed in zip(used, found, strict=True):
        for channel in channels if suppressed is not None else ():
            case = (
                without_party_channel(case, party_id, channel)
                if party_id
                else case.without_channel(channel)
            )
    return case


_Detail = tuple[tuple[str, str], tuple[Channel, ...]]


def _of_party(party: CoDebtor) -> Iterator[_Detail]:
    if not party.is_released:
        yield from _details(party.debtor, tuple(Channel(name) for name in party.refused_channels))


def _details(debtor: Debtor, refused: Collection[Channel]) -> Iterator[_Detail]:
    """The row of each detail that is still used, and the channels that lead to it."""
    for channel, address in ((Channel.EMAIL, debtor.email), (Channel.SMS, debtor.phone)):
        row, same_detail = suppressed_row(channel, address or ""), channels_of(channel)
        if row is not None and any(other not in refused for other in same_detail):
            yield row, same_detail


def without_detail(case: Case, channel: Channel) -> Case:
    for other in channels_of(channel):
        case = case.without_channel(other)
    return case


def contact_guards(
    facts: Facts, rules: Rules, communications: Iterable[Communication]
) -> tuple[Guard, ...]:
    """One row in the person's ledger for each contact under a permit, letters by post aside.

    Two cases of one person that plan at the same moment want the same number of the day: the second
    reads again and decides afresh, with the first in its facts.
    """
    on, taken, guards = facts.today(rules), facts, []
    for item in communications:
        if not _counts(item):
            continue
        key = _person_of(item, facts.case)
        number = next_number(taken.contacts_with(key) if taken.ledger is not None else (), on)
        guards.append(_row(key, contact_name(on, number), item, on))
        made = Contact(item.channel, on, key, number)
        taken = replace(taken, ledger=(*(taken.ledger or ()), made))
    return tuple(guards)


def undone_guards(item: Communication, case: Case, rules: Rules, cases: Cases) -> tuple[Guard, ...]:
    """A contact that never left is taken out of the ledger by a row of its own: nothing is deleted."""
    on = rules.calendar.local_date(item.planned_at)
    scope, name = ledger_scope(_person_of(item, case)), undone_name(on, item.communication_id)
    if not _counts(item) or cases.guard(scope, name) is not None:
        return ()
    return (_row(_person_of(item, case), name, item, on),)


def not_astray(communications: Iterable[Communication]) -> tuple[tuple[str, str], ...]:
    """Rows that must not exist when these are planned; each once, as a transaction wants it."""
    return tuple(dict.fromkeys(row for item in communications if item.permit for row in astray(item)))


def astray_guards(case: Case, item: Communication, cases: Cases, *, everywhere: bool) -> tuple[Guard, ...]:
    """Says that the detail behind a message is not the debtor's: in this case, or in every case."""
    rows = [refused_row(case.case_id, item.channel, item.to)]
    if everywhere:
        rows.append(suppressed_row(item.channel, item.to))
    missing = (row for row in rows if row is not None and cases.guard(*row) is None)
    return tuple(Guard(scope, key, item.communication_id, StaleVersion) for scope, key in missing)


def _counts(item: Communication) -> bool:
    return item.permit is not None and item.audience == "debtor" and item.channel is not Channel.POST


def _person_of(item: Communication, case: Case) -> str:
    """Whom a message reaches: the debtor of that time, or the co-debtor whose own copy it is."""
    receiver = receiver_id(item)
    if not receiver:
        before = (
            former.person_key for former in case.former_debtors if item.planned_at < former.replaced_at
        )
        return next(before, "") or key_of(case)
    found = (party.person_key for party in case.co_debtors if party.party_id == receiver)
    return next(found, "") or key_of(case)


def _row(key: str, name: str, item: Communication, on: date) -> Guard:
    forget = datetime.combine(on + timedelta(days=LEDGER_DAYS), time(), tzinfo=UTC)
    payload = f"{item.channel.value}|{item.communication_id}"
    return Guard(ledger_scope(key), name, payload, StaleVersion, int(forget.timestamp()))
