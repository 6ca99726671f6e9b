"""What was paid too much waits to go back: how much, since when, by when, and to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sovinto.domain import accounts
from sovinto.domain.case import Case
from sovinto.domain.ledger import Entry
from sovinto.domain.money import Money
from sovinto.ids import CaseId, PaymentId

ORDERED, CAME_BACK = "refund_ordered", "refund_came_back"
REFUND_KINDS = (ORDERED, CAME_BACK)


@dataclass(frozen=True, slots=True)
class Payer:
    """Who paid, as far as the bank line, the payer or a person told; an empty `iban` has to be asked for.

    `recorded_by` is who of our people recorded it; empty for the bank line and the payer's own word.
    """

    case_id: CaseId
    payment_id: PaymentId
    name: str
    iban: str
    bic: str = ""
    recorded_by: str = ""

    def refused(self) -> Payer:
        """The bank sends nothing there: another account is asked for."""
        return replace(self, iban="", bic="", recorded_by="")


@dataclass(frozen=True, slots=True)
class Share:
    """So much of the refund goes back to that payment's payer."""

    payment_id: PaymentId
    source: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Refund:
    """What one case owes back. `since` is when the balance last left zero; `due_on` the promised day."""

    case_id: CaseId
    amount: Money
    since: datetime
    due_on: date
    shares: tuple[Share, ...]

    def days_late(self, today: date) -> int:
        return max((today - self.due_on).days, 0)


def waiting(case: Case, entries: Sequence[Entry]) -> Money:
    """What is owed back and not ordered yet; never below zero for anybody to see."""
    account = accounts.refunds(case.case_id)
    owed = -sum(entry.amount_on(account, case.currency).minor for entry in entries)
    return Money(max(owed, 0), case.currency)


def since(case: Case, entries: Sequence[Entry]) -> datetime | None:
    """When it became more than nothing, the last time that it did; None where nothing is owed."""
    account = accounts.refunds(case.case_id)
    owed, found = 0, None
    for entry in sorted(entries, key=lambda one: one.posted_at):
        before, owed = owed, owed - entry.amount_on(account, case.currency).minor
        if before <= 0 < owed:
            found = entry.posted_at
    return found if owed > 0 else None


def shares(case: Case, entries: Sequence[Entry]) -> tuple[Share, ...]:
    """The newest surplus goes back first, each to who paid it; what no payment explains has no payment.

    A credit that became a refund when the case closed belongs to no single payment: it is attributed to
    the newest payments, up to what each of them brought.
    """
    left = waiting(case, entries).minor
    newest_first = _payments(entries)[::-1]
    found: dict[PaymentId, Share] = {}
    for most in (_over, _brought):
        for entry in newest_first:
            payment_id = PaymentId(entry.source)
            known = found[payment_id].amount.minor if payment_id in found else 0
            part = min(left, most(case, entry, entries) - known)
            if part > 0:
                left -= part
                amount = Money(known + part, case.currency)
                found[payment_id] = Share(payment_id, entry.label, amount)
    if left:
        found[PaymentId("")] = Share(PaymentId(""), "", Money(left, case.currency))
    return tuple(found.values())


def _payments(entries: Iterable[Entry]) -> list[Entry]:
    """Money that came to us; what the client reported as paid to itself is not ours to refund."""
    return sorted(
        (
            e
            for e in entries
            if e.kind == "payment_allocated" and not e.lines[0].account.startswith("debtor:")
        ),
        key=lambda entry: entry.posted_at,
    )


def _over(case: Case, entry: Entry, entries: Sequence[Entry]) -> int:
    """What is left of a payment's own surplus."""
    account = accounts.refunds(case.case_id)
    back = sum(e.amount_on(account, case.currency).minor for e in entries if e.reverses == entry.entry_id)
    return -entry.amount_on(account, case.currency).minor - back - refunded(case, entry, entries)


def _brought(case: Case, entry: Entry, entries: Sequence[Entry]) -> int:
    """What is left of a payment: less what the bank took back, less what was refunded of it before."""
    held = entry.lines[0].account
    gone = sum(e.amount_on(held, case.currency).minor for e in entries if e.reverses == entry.entry_id)
    return entry.amount_on(held, case.currency).minor + gone - refunded(case, entry, entries)


def refunded(case: Case, entry: Entry, entries: Sequence[Entry]) -> int:
    """In minor units: what was ordered to go back to this payment's payer, and did not come back to us."""
    account = accounts.refunds(case.case_id)
    return sum(
        e.amount_on(account, case.currency).minor
        for e in entries
        if e.kind in REFUND_KINDS and e.source == entry.source
    )
