"""Balances carried forward against the ledger: what statements of account begin with."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sovinto.domain.carried_forward import NOTHING, CarriedForward, from_text, key_of
from sovinto.domain.ledger import Entry
from sovinto.domain.money import Money
from sovinto.domain.movement import moved_by
from sovinto.domain.proof import Break
from sovinto.errors import InvalidInput
from sovinto.ids import ClientId
from sovinto.ports import Clients


class CarriedBook(Protocol):
    def carried_rows(self, client_id: ClientId, upto: datetime) -> Sequence[tuple[str, str]]: ...


@dataclass(slots=True)
class CarriedRows:
    """The stored rows by client, and what the ledger has between them: as much memory as there are rows."""

    rows: dict[ClientId, Sequence[tuple[str, str]]] = field(default_factory=dict)
    found: dict[tuple[ClientId, int], CarriedForward] = field(default_factory=dict)

    @classmethod
    def read(cls, book: CarriedBook, clients: Clients, now: datetime) -> CarriedRows:
        """Before the ledger is read: a row that is made meanwhile is left for the next proof."""
        return cls({one.client_id: book.carried_rows(one.client_id, now) for one in clients.all()})

    def add(self, entry: Entry) -> None:
        moved = moved_by(entry)
        if moved is None:
            return
        client_id, amount = moved
        rows = self.rows.get(client_id, ())
        place = bisect_right(rows, key_of(entry.posted_at), key=_key)
        if place < len(rows):
            known = self.found.get((client_id, place), NOTHING)
            at = datetime.fromisoformat(key_of(entry.posted_at))
            self.found[client_id, place] = known.on([(at, amount)], at)

    def breaks(self) -> Iterator[Break]:
        """Each row that is not the sum of all that was posted before its end."""
        for client_id, rows in self.rows.items():
            expected = NOTHING
            for place, (key, text) in enumerate(rows):
                expected = _joined(expected, self.found.get((client_id, place), NOTHING))
                wrong = _compared(expected, key, text)
                if wrong:
                    yield Break("carried", client_id, f"the balance carried forward at {key} {wrong}")


def _key(row: tuple[str, str]) -> str:
    return row[0]


def _joined(before: CarriedForward, more: CarriedForward) -> CarriedForward:
    moved = [
        (more.end, Money(minor, currency))
        for sums in (more.came_in, more.went_out)
        for currency, minor in sums.items()
    ]
    joined = before.on(moved, more.end)
    began = [one.since for one in (before, more) if one.since is not None]
    return CarriedForward(joined.end, joined.came_in, joined.went_out, min(began, default=None))


def _compared(expected: CarriedForward, key: str, text: str) -> str:
    """What is wrong with the row, or nothing."""
    try:
        row = from_text(key, text)
    except (ValueError, KeyError, TypeError, AttributeError, InvalidInput):
        return "is none as it is stored"
    for name in sorted({*expected.came_in, *row.came_in, *row.went_out}):
        sums = [(one.came_in.get(name, 0), one.went_out.get(name, 0)) for one in (expected, row)]
        if sums[0] != sums[1]:
            ledger, stored = (" and ".join(Money(minor, name).decimal() for minor in each) for each in sums)
            return f"is not the ledger's: {ledger} {name} came in and went out, not {stored}"
    if row.since != expected.since:
        return "begins at another moment than the ledger"
    return ""
