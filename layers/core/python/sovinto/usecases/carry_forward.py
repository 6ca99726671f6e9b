"""What we held for each client at the end of a month is stored, so that no statement adds it up again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from sovinto.domain.carried_forward import (
    NOTHING,
    CarriedForward,
    Moved,
    from_text,
    key_of,
    month_ends,
    scope_of,
    to_text,
)
from sovinto.errors import AlreadyStored
from sovinto.ids import ClientId
from sovinto.ports import Book, Cases, Change, Clock, Guard
from sovinto.usecases.file_movements import is_filed

MOST = 100_000
"""Movements that one run adds up: it has other work to do, and the next one goes on."""


@dataclass(slots=True)
class Load:
    """How much one run may still read. A second is read whole: a row ends between two of them."""

    left: int = MOST
    stopped_at: datetime | None = None

    def of(self, moved: Iterable[Moved]) -> Iterator[Moved]:
        before: datetime | None = None
        for at, amount in moved:
            if self.left <= 0 and at != before:
                self.stopped_at = at
                return
            before = at
            self.left -= 1
            yield at, amount


def carry_forward(
    client_id: ClientId, *, book: Book, cases: Cases, clock: Clock, zone: tzinfo, load: Load
) -> int:
    """How many rows were stored: one for each month (of `zone`) that is over since the newest row, or since
    the first movement, and one where the run had to stop. A row rests on the one before it and is never
    written again: a twin run that was faster has stored the same."""
    if load.left <= 0 or not is_filed(cases):
        return 0
    now, made = clock.now(), 0
    rows = book.carried_rows(client_id, now)
    row = from_text(*rows[-1]) if rows else _beginning(client_id, book, now)
    for end in month_ends(row.end, now, zone):
        row = row.on(load.of(book.moved(client_id, row.end, end)), end)
        if load.stopped_at is not None:
            row = replace(row, end=load.stopped_at)
        try:
            cases.commit(Change(guards=(Guard(scope_of(client_id), key_of(row.end), to_text(row)),)))
        except AlreadyStored:
            return made
        made += 1
        if load.left <= 0:
            break
    return made


def _beginning(client_id: ClientId, book: Book, now: datetime) -> CarriedForward:
    """Nothing before the first movement; before now, where there is none."""
    first = next(iter(book.moved(client_id, NOTHING.end, now)), None)
    return replace(NOTHING, end=first[0] if first else now)
