"""How an entry's amount divides over its transactions, and whether the bank's own sums agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sovinto.domain.money import Money, total
from sovinto.formats.statement.fields import Doubt
from sovinto.formats.statement.transactions import Batch, Detail, Group


def settle(amount: Money, details: Sequence[Detail]) -> tuple[tuple[Money | None, ...], tuple[Doubt, ...]]:
    """Signed amounts in the entry's currency, one per detail.

    A lone transaction has the entry's amount whatever it states: that sum reached the account, the
    rest was charges or exchange. Several must add up to the entry.
    """
    if len(details) == 1:
        return (amount,), _lone_doubt(amount, details[0])
    parts = tuple(_signed(detail, amount) for detail in details)
    known = [part for part in parts if part is not None]
    if details and len(known) == len(parts) and total(known, amount.currency) != amount:
        found = total(known, amount.currency).decimal()
        message = f"transactions come to {found}, but the entry is {amount.decimal()} {amount.currency}"
        return parts, (Doubt("transaction_sum", message),)
    return parts, ()


def stated_count(groups: Sequence[Group]) -> int | None:
    """How many payments the bank says are in the entry; None where a batch does not say it."""
    counts = [group.batch.count if group.batch else "" for group in groups]
    is_told = counts and all(count and count.isascii() and count.isdigit() for count in counts)
    return sum(int(count or "0") for count in counts) if is_told else None


def batch_doubts(amount: Money, groups: Sequence[Group]) -> Iterator[Doubt]:
    """Btch against its own details, and all Btch together against the entry."""
    if not any(group.batch for group in groups):
        return
    for group in groups:
        if group.batch and group.details:
            yield from _group_doubts(amount, group.batch, group.details)
    totals = [_batch_total(group.batch, amount) for group in groups]
    known = [part for part in totals if part is not None]
    if known and len(known) == len(totals) and total(known, amount.currency) != amount:
        found = total(known, amount.currency).decimal()
        message = f"batch total is {found}, but the entry is {amount.decimal()} {amount.currency}"
        yield Doubt("batch_sum", message)


def _group_doubts(amount: Money, batch: Batch, details: Sequence[Detail]) -> Iterator[Doubt]:
    if batch.count and batch.count != str(len(details)):
        yield Doubt("batch_count", f"batch says {batch.count} transactions, but {len(details)} are given")
    stated = _batch_total(batch, amount)
    parts = [_signed(detail, amount) for detail in details]
    known = [part for part in parts if part is not None]
    if stated is not None and len(known) == len(parts) and total(known, amount.currency) != stated:
        found = total(known, amount.currency).decimal()
        yield Doubt("batch_sum", f"batch total is {stated.decimal()}, but its transactions come to {found}")


def _lone_doubt(amount: Money, detail: Detail) -> tuple[Doubt, ...]:
    stated = detail.stated(amount.currency)
    if stated is None or stated.minor == abs(amount.minor):
        return ()
    message = (
        f"transaction states {stated.decimal()}, but {amount.decimal()} was booked; the booking counts"
    )
    return (Doubt("transaction_amount", message),)


def _signed(detail: Detail, amount: Money) -> Money | None:
    """The detail's amount with its own direction, or else the entry's."""
    stated = detail.stated(amount.currency)
    if stated is None:
        return None
    is_out = (detail.sign or amount.minor) < 0
    return -stated if is_out else stated


def _batch_total(batch: Batch | None, amount: Money) -> Money | None:
    if batch is None or batch.total is None or batch.total.currency != amount.currency:
        return None
    is_out = (batch.sign or amount.minor) < 0
    return -batch.total if is_out else batch.total
