"""One TITO statement while it is being read: from its T00 to the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sovinto.domain.money import Money
from sovinto.errors import FormatRefused
from sovinto.formats.statement.fields import Doubt
from sovinto.formats.statement.keys import EntryKeys
from sovinto.formats.statement.model import Problem, StatementEntry
from sovinto.formats.statement.parts import Begun, Ended, Part
from sovinto.formats.statement.tito.entries import ItemRow, build_entry
from sovinto.formats.statement.tito.extras import Extras
from sovinto.formats.statement.tito.records import (
    DEPOSIT,
    DaySums,
    Header,
    Row,
    read_closing,
    read_day_sums,
    read_row,
)

# A batch of reference payments is itemised in the KTL file; more rows than this in one entry are no bank's.
MOST_ROWS = 100_000


@dataclass(slots=True)
class Day:
    """Minor units and counts by kind of row since the last day sums: kinds 1 and 3 in, 2 and 4 out."""

    counts: dict[str, int] = field(default_factory=dict)
    sums: dict[str, int] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        self.counts[row.kind] = self.counts.get(row.kind, 0) + 1
        self.sums[row.kind] = self.sums.get(row.kind, 0) + row.amount.minor

    def readings(self, kind: str, correction: str) -> tuple[tuple[int, int], tuple[int, int]]:
        """Without and with corrections: banks differ on which of the two T50 gives."""
        count, minor = self.counts.get(kind, 0), self.sums.get(kind, 0)
        also, more = self.counts.get(correction, 0), self.sums.get(correction, 0)
        return (count, minor), (count + also, minor + more)


@dataclass(slots=True)
class TitoStatement:
    """`read` takes the records after T00 in the order of the file; `finish` closes the statement."""

    header: Header
    keys: EntryKeys
    running: Money
    closing: Money | None = None
    day: Day = field(default_factory=Day)
    base: ItemRow | None = None
    parts: list[ItemRow] = field(default_factory=list)
    entries: int = 0
    is_open: bool = False

    @classmethod
    def begun(cls, header: Header) -> TitoStatement:
        keys = EntryKeys(header.account, f"{header.number}/{header.created_on}/{header.opening.decimal()}")
        return cls(header, keys, header.opening)

    def begin(self) -> Begun:
        header = self.header
        return Begun(header.number, header.created_on, header.account, header.opening.currency)

    def read(self, kind: str, text: str) -> Iterator[Part]:
        """One record. Raises FormatRefused for an entry with more rows than any bank writes."""
        if kind == "T11":
            self._read_extra(text)
            return
        try:
            if kind == "T10":
                yield from self._read_row(text)
            elif kind == "T40":
                yield from self._close_entry()
                yield from self._read_closing(text)
            elif kind == "T50":
                yield from self._close_entry()
                yield from self._read_day(text)
        except Doubt as doubt:
            yield self._problem(doubt, f"entry {self.entries + 1}" if kind == "T10" else kind)

    def finish(self) -> Iterator[Part]:
        """The entry at hand and the balances."""
        yield from self._close_entry()
        if self.closing is None:
            # Each statement begins with its opening balance, so this one was cut short.
            message = "closing balance (T40) is missing; the chain cannot be checked"
            yield self._problem(Doubt("closing_missing", message))
        elif self.is_open and self.running != self.closing:
            yield self._problem(self._broken(self.closing))
        yield Ended(self.header.opening, self.closing)

    def _read_row(self, text: str) -> Iterator[Part]:
        level = text[187:188].strip()
        is_part = level not in {"", "0"}
        if not is_part:
            yield from self._close_entry()
        item = ItemRow(read_row(text, self.header.opening.currency), Extras([]))
        if not is_part:
            self.base = item
            return
        if self.base is None:
            raise Doubt(
                "batch_sum", f"itemised row {item.row.number} follows no entry that it could be part of"
            )
        self.parts.append(item)
        if len(self.parts) > MOST_ROWS:
            raise FormatRefused(f"entry {self.entries + 1} has over {MOST_ROWS} itemised rows")

    def _read_extra(self, text: str) -> None:
        item = self.parts[-1] if self.parts else self.base
        if item is None:
            return
        if len(item.extras.texts) > MOST_ROWS:
            raise FormatRefused(f"entry {self.entries + 1} has over {MOST_ROWS} records T11")
        item.extras.read(text)

    def _close_entry(self) -> Iterator[StatementEntry | Problem]:
        base, parts = self.base, self.parts
        self.base, self.parts = None, []
        if base is None:
            return
        self.entries += 1
        entry, doubts = build_entry(base, parts, self.keys)
        self.running += entry.amount
        self.is_open = True
        self.day.add(base.row)
        yield entry
        for doubt in doubts:
            yield self._problem(doubt, f"entry {self.entries}")

    def _read_closing(self, text: str) -> Iterator[Problem]:
        """A statement of several days has one per day; each must follow from the one before."""
        self.closing = read_closing(text, self.header.opening.currency)
        self.is_open = False
        if self.running != self.closing:
            yield self._problem(self._broken(self.closing), f"balance of {text[6:12]}")

    def _broken(self, closing: Money) -> Doubt:
        return Doubt(
            "balance_chain",
            f"opening {self.header.opening.decimal()} and booked entries "
            f"{(self.running - self.header.opening).decimal()} come to {self.running.decimal()}, "
            f"but the closing balance is {closing.decimal()}",
        )

    def _read_day(self, text: str) -> Iterator[Problem]:
        stated = read_day_sums(text)
        if stated is None:
            return
        day, self.day = self.day, Day()
        for doubt in _day_doubts(stated, day, self.running.currency):
            yield self._problem(doubt, f"day {text[7:13]}")

    def _problem(self, doubt: Doubt, where: str = "") -> Problem:
        place = "/".join(part for part in (self.header.number, where) if part)
        return Problem(doubt.code, doubt.message, place)


def _day_doubts(stated: DaySums, day: Day, currency: str) -> Iterator[Doubt]:
    sides = (
        ("deposits", stated.deposits, stated.deposit_minor, day.readings(DEPOSIT, "3")),
        ("withdrawals", stated.withdrawals, stated.withdrawal_minor, day.readings("2", "4")),
    )
    for name, count, minor, readings in sides:
        if (count, minor) in readings:
            continue
        found_count, found_minor = readings[0]
        if count not in {reading[0] for reading in readings}:
            yield Doubt("control_count", f"T50 counts {count} {name}, but {found_count} are given")
        else:
            sums = Money(minor, currency).decimal(), Money(found_minor, currency).decimal()
            yield Doubt("control_sum", f"T50 has {name} of {sums[0]}, but the entries come to {sums[1]}")
