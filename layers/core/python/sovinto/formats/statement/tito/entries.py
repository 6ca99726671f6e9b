"""T10 rows with their T11 records become entries; rows on deeper levels are the payments inside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from sovinto.domain.money import Money
from sovinto.formats.statement.fields import Doubt
from sovinto.formats.statement.keys import EntryKeys, transaction_key
from sovinto.formats.statement.model import BOOKED, StatementEntry, StatementTransaction
from sovinto.formats.statement.tito.extras import Extras
from sovinto.formats.statement.tito.records import Row


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One T10 and all T11 that follow it."""

    row: Row
    extras: Extras

    @property
    def references(self) -> tuple[str, ...]:
        found = self.row.reference or self.extras.reference
        return (found,) if found else ()

    @property
    def name(self) -> str | None:
        return self.row.name or self.extras.name

    @property
    def text(self) -> str | None:
        return " ".join([self.row.description or "", *self.extras.texts]).strip() or None

    @property
    def archive(self) -> str | None:
        return self.row.archive or self.extras.archive


def build_entry(
    base: ItemRow, parts: Sequence[ItemRow], keys: EntryKeys
) -> tuple[StatementEntry, tuple[Doubt, ...]]:
    """The entry and what contradicts itself in it. An entry that is not itemised is its own payment."""
    payments = leaves(parts) or [base]
    key = keys.next(base.archive, _identity(base))
    names = {payment.name for payment in payments}
    references = tuple(reference for payment in payments for reference in payment.references)
    entry = StatementEntry(
        entry_key=key,
        booked_on=base.row.booked_on,
        value_on=base.row.value_on,
        amount=base.row.amount,
        status=BOOKED,
        is_reversal=base.row.is_correction,
        reference=references[0] if len(references) == 1 else None,
        references=references,
        end_to_end_id=payments[0].extras.end_to_end_id if len(payments) == 1 else None,
        counterparty=base.name or (names.pop() if len(names) == 1 else None),
        text=base.text,
        bank_reference=base.archive,
        transactions=tuple(
            _transaction(payment, base, transaction_key(key, place))
            for place, payment in enumerate(payments)
        ),
        code=f"TITO-{base.row.code}" if base.row.code else "",
        count=base.extras.count or None,
    )
    return entry, (*_dateless(base.row), *_sum_doubts(base, parts))


def leaves(parts: Sequence[ItemRow]) -> list[ItemRow]:
    """The deepest rows: one that is itemised further is only the sum of those below it."""
    after = chain((part.row.level for part in parts[1:]), [0])
    return [part for part, level in zip(parts, after, strict=False) if level <= part.row.level]


@dataclass(slots=True)
class _Sum:
    """A row, and what the rows right below it come to."""

    row: Row
    rows_below: int = 0
    minor: int = 0

    def doubts(self) -> Iterator[Doubt]:
        if self.rows_below and self.minor != self.row.amount.minor:
            found = Money(self.minor, self.row.amount.currency).decimal()
            yield Doubt(
                "transaction_sum",
                f"itemised rows come to {found}, but row {self.row.number} is {self.row.amount.decimal()}",
            )


def _sum_doubts(base: ItemRow, parts: Sequence[ItemRow]) -> Iterator[Doubt]:
    """The rows right below each row must come to it, so the deepest ones come to the entry."""
    path = [_Sum(base.row)]
    for part in parts:
        while path[-1].row.level >= part.row.level and len(path) > 1:
            yield from path.pop().doubts()
        path[-1].rows_below += 1
        path[-1].minor += part.row.amount.minor
        path.append(_Sum(part.row))
    for open_sum in reversed(path):
        yield from open_sum.doubts()
    count, found = base.extras.count, len(leaves(parts))
    if count and found and count != found:
        message = f"row {base.row.number} says {count} payments, but {found} are given"
        yield Doubt("batch_count", message)


def _dateless(row: Row) -> tuple[Doubt, ...]:
    if row.booked_on or row.value_on:
        return ()
    return (
        Doubt("date_missing", f"row {row.number} has neither booking nor value date; ask the bank for it"),
    )


def _identity(base: ItemRow) -> tuple[str, ...]:
    row = base.row
    parts = (
        str(row.booked_on or row.value_on),
        row.kind,
        row.code,
        row.amount.decimal(),
        row.amount.currency,
        row.reference,
        row.name,
        base.text,
    )
    return tuple(part or "" for part in parts)


def _transaction(payment: ItemRow, base: ItemRow, key: str) -> StatementTransaction:
    original = payment.extras.original
    is_foreign = original is not None and original.currency != payment.row.amount.currency
    return StatementTransaction(
        key=key,
        amount=payment.row.amount,
        original=original if is_foreign else None,
        references=payment.references,
        end_to_end_id=payment.extras.end_to_end_id,
        counterparty=payment.name,
        counterparty_account=payment.extras.account or payment.row.account,
        text=payment.text,
        bank_reference=payment.archive or base.archive,
        return_reason=None,
    )
