"""Entries of before there was the index of the statements are filed in it, once and for all."""

from __future__ import annotations

from datetime import UTC, date
from itertools import groupby
from typing import Protocol

from sovinto.ports import Cases, Change, Clock, Guard
from sovinto.usecases.seal_days import BEGINNING, days

FILED, ALL = "FILED", "all"
MOST = 20_000
"""Entries that one run files: it has other work to do, and the next one goes on."""


class FilingBook(Protocol):
    """The ledger by day of posting (UTC), as it lies in the table."""

    def file_day(self, day: str, most: int) -> int: ...


def file_movements(
    book: FilingBook, *, cases: Cases, clock: Clock, beginning: date = BEGINNING, most: int = MOST
) -> int:
    """How many were filed now. Once all are, it never files again: what is missing later was taken away,
    and `prove_books` says so."""
    if is_filed(cases):
        return 0
    made, now = 0, clock.now().astimezone(UTC)
    for month, of_month in groupby(days(beginning, now), lambda day: f"{day:%Y-%m}"):
        if cases.guard(FILED, month) is not None:
            continue
        for day in of_month:
            made += book.file_day(day.isoformat(), most - made)
            if made == most:
                return made
        if month != f"{now:%Y-%m}":
            cases.commit(Change(guards=(Guard(FILED, month, ""),)))
    cases.commit(Change(guards=(Guard(FILED, ALL, now.date().isoformat()),)))
    return made


def is_filed(cases: Cases) -> bool:
    return cases.guard(FILED, ALL) is not None
