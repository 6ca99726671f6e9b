"""A client's file as rows of values, whatever it was stored as."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Value = str | Decimal | date
"""Delimited files hold text only; sheets also hold exact numbers and dates."""

LARGEST_FILE = 20 * 1024 * 1024
# What one run of import_cases places in its five minutes at 50 ms a row, with a sixth to spare.
MOST_ROWS = 5_000
MOST_COLUMNS = 100


@dataclass(frozen=True, slots=True)
class SourceRow:
    """`number` is what the client sees left of the row in a spreadsheet, counted from 1."""

    number: int
    cells: tuple[Value, ...]

    @property
    def is_blank(self) -> bool:
        return all(cell == "" for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that are not blank. `delimiter` is empty for sheets.

    `is_1904` tells how a sheet counts its days (old Mac workbooks start in 1904).
    """

    rows: tuple[SourceRow, ...]
    encoding: str
    delimiter: str = ""
    is_1904: bool = False


def text_of(value: Value) -> str:
    """A value as a person would type it: ISO dates, numbers without needless zeros."""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat()
