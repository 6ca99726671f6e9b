"""Each night the days that are over are sealed, once and for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from sovinto.domain.chain import digest_of
from sovinto.domain.day_seal import DaySeal, from_text, is_over, sealed, to_text
from sovinto.domain.stored_entry import StoredEntry
from sovinto.errors import AlreadyStored
from sovinto.ports import Cases, Change, Clock, Guard

SEAL = "SEAL"
BEGINNING = date(2025, 1, 1)
"""No book has an entry that was posted before this day."""


class DayBook(Protocol):
    """The ledger by day of posting (UTC), as it lies in the table."""

    def stored(self, day: str) -> Iterator[StoredEntry]: ...


def days(beginning: date, now: datetime) -> Iterator[date]:
    """Every day (UTC) from `beginning` to today."""
    today = now.astimezone(UTC).date()
    for ahead in range((today - beginning).days + 1):
        yield beginning + timedelta(days=ahead)


def seal_days(book: DayBook, *, cases: Cases, clock: Clock, beginning: date = BEGINNING) -> int:
    """Seals each day that is over and has no seal, from the first day with entries on; how many.

    A seal that exists is never written again: a twin run that was faster has sealed the same.
    """
    now, made = clock.now(), 0
    before: DaySeal | None = None
    for day in days(beginning, now):
        text = cases.guard(SEAL, day.isoformat())
        if text is not None:
            before = from_text(text)
            continue
        if not is_over(day, now):
            break
        entries = _entries(book, day)
        if not entries and before is None:
            continue
        before = sealed(day, entries, before.digest if before else "")
        try:
            cases.commit(Change(guards=(Guard(SEAL, day.isoformat(), to_text(before)),)))
        except AlreadyStored:
            break
        made += 1
    return made


def _entries(book: DayBook, day: date) -> dict[str, str]:
    """Entry id to digest, computed afresh; what is no entry stands under its place in the table."""
    return {
        item.entry.entry_id if item.entry else item.where: digest_of(item.entry) if item.entry else ""
        for item in book.stored(day.isoformat())
    }
