"""The contacts of one person over all cases: their rows, their caps, and details that lead elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256

from sovinto.domain.communication import Channel, Communication
from sovinto.domain.facts import Contact
from sovinto.domain.parties import receiver_id, released_row
from sovinto.domain.person import plain_detail
from sovinto.domain.policy import Policy

# Contacts older than this never matter to a cap; the table may forget them.
LEDGER_DAYS = 35
WEEK = timedelta(days=7)
UNDONE = "#undone#"

_DETAILS = {Channel.EMAIL: "email", Channel.SMS: "phone", Channel.CALL: "phone"}


def ledger_scope(key: str) -> str:
    """The partition of a person's contacts."""
    return f"PERSON#{key}"


def contact_name(on: date, number: int) -> str:
    """The n-th contact of a day: two cases that plan one at once want the same name, and one is late."""
    return f"{on.isoformat()}#{number:03d}"


def undone_name(on: date, communication_id: str) -> str:
    """Says that this contact of that day never left."""
    return f"{on.isoformat()}{UNDONE}{communication_id}"


def next_number(contacts: Sequence[Contact], on: date) -> int:
    """The next free number of a day; a contact that never left keeps its own."""
    return 1 + max((item.number for item in contacts if item.on == on), default=0)


def first_free_day(contacts: Sequence[Contact], policy: Policy, on: date) -> date:
    """The first day from `on` when one more contact stays within the policy's caps a day and a week.

    Letters by post do not count, nor does what never left.
    """
    days = [item.on for item in contacts if item.channel is not Channel.POST and not item.is_undone]
    while _is_full(days, policy, on):
        on += timedelta(days=1)
    return on


def _is_full(days: Sequence[date], policy: Policy, on: date) -> bool:
    """A day after every contact is empty, so that the search ends; a cap of zero would never let go."""
    week = [day for day in days if on - WEEK < day <= on]
    return bool(week) and (
        week.count(on) >= max(policy.max_contacts_a_day, 1)
        or len(week) >= max(policy.max_contacts_a_week, 1)
    )


def suppressed_row(channel: Channel, address: str) -> tuple[str, str] | None:
    """The row that says: this detail leads to somebody else, whatever the case. None for post.

    A number is one detail for calls and SMS. Only its digest is kept.
    """
    digest = _digest(channel, address)
    return (f"SUPPRESSED#{digest}", "SUPPRESSED") if digest else None


def refused_row(case_id: str, channel: Channel, address: str) -> tuple[str, str] | None:
    """The same for one case only: this detail does not lead to its debtor."""
    digest = _digest(channel, address)
    return (f"CASE#{case_id}", f"REFUSED#{digest}") if digest else None


def astray(item: Communication) -> tuple[tuple[str, str], ...]:
    """The rows that would say that a message to a debtor goes to somebody who is not the debtor."""
    if item.audience != "debtor":
        return ()
    rows = (
        suppressed_row(item.channel, item.to),
        refused_row(item.case_id, item.channel, item.to),
        released_row(item.case_id, receiver_id(item)) if receiver_id(item) else None,
    )
    return tuple(row for row in rows if row is not None)


def _digest(channel: Channel, address: str) -> str:
    detail = _DETAILS.get(channel)
    plain = plain_detail(address)
    return sha256(f"{detail}:{plain}".encode()).hexdigest() if detail and plain else ""


def channels_of(channel: Channel) -> tuple[Channel, ...]:
    """The channels that lead to the same detail: a number that is wrong is wrong for both."""
    return tuple(other for other, detail in _DETAILS.items() if detail == _DETAILS.get(channel))
