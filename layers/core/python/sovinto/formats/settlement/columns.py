"""The rows of a provider's report by its own column names, wherever the header stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sovinto.errors import FormatRefused
from sovinto.formats.case_file.decode import is_workbook
from sovinto.formats.case_file.delimited import read_delimited
from sovinto.formats.case_file.headers import HEADER_WITHIN
from sovinto.formats.case_file.table import SourceRow, Value, text_of
from sovinto.formats.case_file.wanted import Wanted
from sovinto.formats.plain_text import bare
from sovinto.formats.statement.fixed_lines import ByteSource
from sovinto.formats.statement.sheet.reader import beginning_of, rows_of, whole

_MOST_ROWS = 50_000
_BEGINNING = 64 * 1024


@dataclass(frozen=True, slots=True)
class Columns:
    """`names` gives our field for each bare column name; `needs` are those that make the report one.

    `titles` are the provider's own names, for a person who looks for the column of a field.
    """

    provider: str
    names: Mapping[str, str]
    needs: frozenset[str]
    titles: Mapping[str, str]

    def wanted(self) -> Wanted:
        return Wanted(f"lines of the {self.provider} report", self._score, self._is_complete, _MOST_ROWS)

    def _score(self, rows: Iterable[SourceRow]) -> int:
        return max((len(self.places(row)) for row in list(rows)[:HEADER_WITHIN]), default=0)

    def _is_complete(self, rows: Sequence[SourceRow]) -> bool:
        return any(self.needs <= self.places(row).keys() for row in rows[:HEADER_WITHIN])

    def places(self, row: SourceRow) -> dict[str, int]:
        """Where each of our fields stands, if that row is the header."""
        found: dict[str, int] = {}
        for place, cell in enumerate(row.cells):
            name = self.names.get(bare(cell)) if isinstance(cell, str) else None
            if name:
                found.setdefault(name, place)
        return found


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row under the header; fields that the report does not have are empty."""

    number: int
    cells: Mapping[str, Value]

    def value(self, field: str) -> Value:
        return self.cells.get(field, "")

    def text(self, field: str) -> str | None:
        return text_of(self.value(field)) or None


def columns_from(provider: str, names: Mapping[str, str], needs: Iterable[str]) -> Columns:
    """`names` gives for each of our fields the provider's names of the column, separated by "|"."""
    known = {bare(name): field for field, listed in names.items() for name in listed.split("|")}
    titles = {field: listed.partition("|")[0] for field, listed in names.items()}
    return Columns(provider, known, frozenset(needs), titles)


def read_report(stream: ByteSource, columns: Columns) -> tuple[frozenset[str], tuple[ReportRow, ...]]:
    """The fields that the report has, and its rows.

    Raises FormatRefused when a column is missing that the arithmetic needs, naming all that are.
    """
    rows = rows_of(whole(stream), columns.wanted())
    header = max(rows[:HEADER_WITHIN], key=lambda row: len(columns.places(row)), default=None)
    places = columns.places(header) if header else {}
    missing = sorted(columns.needs - places.keys())
    if header is None or missing:
        titles = ", ".join(columns.titles[field] for field in missing)
        raise FormatRefused(
            f"The {columns.provider} report lacks {titles}; download it again with its header unchanged."
        )
    body = [row for row in rows if row.number > header.number]
    return frozenset(places), tuple(
        ReportRow(
            row.number,
            {name: row.cells[place] for name, place in places.items() if place < len(row.cells)},
        )
        for row in body
    )


def resembles(data: bytes, columns: Columns) -> bool:
    """True when the file has most columns of the report, so that a damaged one is named for what it is."""
    beginning = data if is_workbook(data) else data[: data.rfind(b"\n", 0, _BEGINNING) + 1] or data
    try:
        rows = rows_of(beginning, columns.wanted())
    except FormatRefused:
        return False
    found = max(
        (len(columns.needs & columns.places(row).keys()) for row in rows[:HEADER_WITHIN]), default=0
    )
    return 3 * found >= 2 * len(columns.needs)


def shows_header(head: bytes, columns: Columns, few: frozenset[str]) -> bool:
    """True when the beginning of a text file has a header with these fields."""
    if is_workbook(head):
        return False
    try:
        rows = read_delimited(beginning_of(head), "", columns.wanted()).rows
    except FormatRefused:
        return False
    return any(few <= columns.places(row).keys() for row in rows[:HEADER_WITHIN])
