"""Finds the header row of a sheet and says which column is what, under the profile that fits best."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sovinto.errors import FormatRefused
from sovinto.formats.case_file.headers import HEADER_WITHIN
from sovinto.formats.case_file.table import SourceRow, Value
from sovinto.formats.case_file.wanted import Wanted
from sovinto.formats.plain_text import bare
from sovinto.formats.statement.sheet.days import orders_of
from sovinto.formats.statement.sheet.profile import CURRENCIES, Alias, Profile, profiles

MOST_ROWS = 50_000
# What is longer names no column, and would be dear to look through.
_LONGEST_NAME = 200
_UNIT = re.compile(r"[\s,;/(\[]+([A-Z]{3})[\s)\]]*$")
_DAYS = ("booked_on", "value_on")
_IN = re.compile(r"\s+(?:in|en|i)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns` gives the places of each field, in order; only `text` may have several.

    `header` is None where the caller has named the places of the columns. `currency` is what the
    headers of amounts say ("Credit in CHF"), if they agree.
    """

    profile: Profile
    header: SourceRow | None
    columns: Mapping[str, tuple[int, ...]]
    currency: str | None

    def cell(self, row: SourceRow, field: str) -> Value:
        """The first cell of that field, empty where the row or the sheet has none."""
        return next(self.cells(row, field), "")

    def cells(self, row: SourceRow, field: str) -> Iterator[Value]:
        places = self.columns.get(field, ())
        return (row.cells[place] for place in places if place < len(row.cells))

    @property
    def figures(self) -> tuple[str, ...]:
        """The fields here that hold amounts."""
        return tuple(
            field for field in ("amount", "debit", "credit", "balance", "total") if field in self.columns
        )


def layout_from(columns: Mapping[str, int]) -> Layout:
    """For sheets without a header. Raises FormatRefused unless a day and an amount have a place."""
    layout = Layout(profiles()[-1], None, {field: (place,) for field, place in columns.items()}, None)
    if not _is_usable(layout):
        raise FormatRefused("The profile must place a day and an amount, or debit and credit.")
    return layout


def find_layout(rows: Sequence[SourceRow]) -> Layout:
    """The header with most known columns. Raises FormatRefused when none has a day and an amount."""
    found = list(_layouts(rows))
    usable = [layout for layout in found if _is_usable(layout)]
    if usable:
        return max(usable, key=_width)
    if not found or _width(max(found, key=_width)) < 2:
        raise FormatRefused(
            "The sheet has no header row that is known here; export it with one, naming at least the day "
            "and the amount, or give the places of the columns."
        )
    raise FormatRefused("The header lacks the day or the amount of each entry; export the sheet with both.")


def score(rows: Iterable[SourceRow]) -> int:
    """How well rows fit: a usable header first, then how many fields it names, then their cells."""
    rows = list(rows)
    found = (10 * _width(layout) + 1_000 * _is_usable(layout) for layout in _layouts(rows))
    return max(found, default=0) + min(max((len(row.cells) for row in rows), default=0), 9)


def is_complete(rows: Sequence[SourceRow]) -> bool:
    """True when these rows have a usable header."""
    return any(_is_usable(layout) for layout in _layouts(rows))


ENTRIES = Wanted("bank entries", score, is_complete, MOST_ROWS)


def _layouts(rows: Sequence[SourceRow]) -> Iterator[Layout]:
    for place, row in enumerate(rows[:HEADER_WITHIN]):
        below = rows[place + 1] if place + 1 < len(rows) else None
        for profile in profiles():
            layout = _layout(row, below, profile)
            if layout.columns and profile.needs <= layout.columns.keys():
                yield layout


def _layout(row: SourceRow, below: SourceRow | None, profile: Profile) -> Layout:
    ranked: dict[str, list[tuple[int, int]]] = {}
    for place, cell in enumerate(row.cells):
        sample = below.cells[place] if below and place < len(below.cells) else ""
        alias = _alias(cell, sample, profile)
        if alias:
            ranked.setdefault(alias.field, []).append((alias.rank, place))
    columns = {
        field: tuple(sorted(place for _, place in found)) if field == "text" else (min(found)[1],)
        for field, found in ranked.items()
    }
    units = {
        unit
        for field in ("amount", "debit", "credit", "balance")
        for place in columns.get(field, ())
        if (unit := _unit(row.cells[place]))
    }
    return Layout(profile, row, columns, units.pop() if len(units) == 1 else None)


def _alias(cell: Value, sample: Value, profile: Profile) -> Alias | None:
    """The field that the name stands for; where it may be two, what stands below it decides."""
    if not isinstance(cell, str) or len(cell) > _LONGEST_NAME:
        return None
    without = _UNIT.sub("", cell) if _unit(cell) else cell
    names = (cell, without, _IN.sub("", without))
    found = next((aliases for name in names if (aliases := profile.columns.get(bare(name)))), ())
    is_day = orders_of(sample) is not None
    fitting = [alias for alias in found if (alias.field in _DAYS) == is_day]
    return next(iter(fitting or found), None)


def _unit(cell: Value) -> str | None:
    if not isinstance(cell, str) or len(cell) > _LONGEST_NAME:
        return None
    match = _UNIT.search(cell)
    return match[1] if match and match[1] in CURRENCIES else None


def _is_usable(layout: Layout) -> bool:
    fields = layout.columns.keys()
    return bool({"booked_on", "value_on"} & fields and {"amount", "debit", "credit"} & fields)


def _width(layout: Layout) -> int:
    return len(layout.columns)
