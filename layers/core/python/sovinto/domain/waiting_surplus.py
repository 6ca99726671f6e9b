"""Surplus that waits to be refunded: used for the debt again when other money went back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sovinto.domain import accounts
from sovinto.domain.case import Case
from sovinto.domain.ledger import Entry
from sovinto.domain.money import Money
from sovinto.domain.payment import Payment
from sovinto.domain.refund import refunded
from sovinto.domain.refund import waiting as refundable
from sovinto.domain.reversal import ALLOCATED, Undone, left_of, over_left, undone
from sovinto.ids import PaymentId


@dataclass(frozen=True, slots=True)
class Piece:
    """So much of one allocation goes back."""

    entry: Entry
    what: Undone


def surplus_payments(case: Case, entries: Sequence[Entry]) -> Iterator[Payment]:
    """What each payment left over and nobody got back yet, oldest first, as a payment of its own.

    Its id is that of the payment with a number, by which `pieces` finds it again. It counts from the day
    on which that money came, and waits for the same payout of the provider.
    """
    # Refunds are shared out newest first, whoever's surplus was used: the case's own sum bounds them all.
    left = refundable(case, entries).minor
    for entry in entries:
        if entry.kind != ALLOCATED:
            continue
        waiting = min(_waiting(case, entry, entries), left)
        if waiting <= 0:
            continue
        left -= waiting
        number = len(_uses(case, entry, entries)) + 1
        yield Payment(
            payment_id=PaymentId(f"{entry.source}-{number}"),
            source=entry.label,
            source_id=entry.source,
            value_on=entry.value_on,
            amount=Money(waiting, case.currency),
            again_of=PaymentId(entry.source),
        )


def pieces(case: Case, entry: Entry, entries: Sequence[Entry], what: Undone) -> tuple[Piece, ...]:
    """`what` of `entry`; and where its surplus was used meanwhile, what that was used for, last first."""
    found = [Piece(entry, what)]
    short = what.over.minor - _waiting(case, entry, entries)
    for use in reversed(_uses(case, entry, entries)):
        part = min(short, left_of(case, use, entries))
        if part > 0:
            found.append(Piece(use, undone(case, use, entries, Money(part, case.currency))))
            short -= part
    return tuple(found)


def _waiting(case: Case, entry: Entry, entries: Sequence[Entry]) -> int:
    used = sum(left_of(case, use, entries) for use in _uses(case, entry, entries))
    return max(over_left(case, entry, entries) - used - refunded(case, entry, entries), 0)


def _uses(case: Case, entry: Entry, entries: Sequence[Entry]) -> list[Entry]:
    """The allocations that took their money from what this payment had left over."""
    account = accounts.refunds(case.case_id)
    return [
        item
        for item in entries
        if item.kind == ALLOCATED
        and item.lines[0].account == account
        and item.source.rpartition("-")[0] == entry.source
    ]
