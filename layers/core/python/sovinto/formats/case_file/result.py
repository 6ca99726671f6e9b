"""What came of a case file: every row accounted for, with its number and the client's own column names."""

from __future__ import annotations

from dataclasses import dataclass

from sovinto.domain.placement import Placement


@dataclass(frozen=True, slots=True)
class Column:
    """Our `field` is read from the column that the client calls `header` (`index` from 0)."""

    field: str
    header: str
    index: int


@dataclass(frozen=True, slots=True)
class RowProblem:
    """`column` is the client's own header, or our field name where the file has no such column."""

    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    row_number: int
    placement: Placement


@dataclass(frozen=True, slots=True)
class RefusedRow:
    row_number: int
    problems: tuple[RowProblem, ...]
    client_reference: str | None = None


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """The same claim once more, word for word: harmless, and placed only once."""

    row_number: int
    client_reference: str
    first_row_number: int


CaseRow = AcceptedRow | RefusedRow | DuplicateRow


@dataclass(frozen=True, slots=True)
class CaseFile:
    """`problems` are notes about the file as a whole: ignored columns, totals rows left out.

    `encoding` is "utf-8", "utf-8-sig", "utf-16" (with -le or -be), "cp1252" or "xlsx"; `delimiter` is
    empty for XLSX.
    """

    rows: tuple[CaseRow, ...]
    columns: tuple[Column, ...]
    encoding: str
    delimiter: str
    problems: tuple[str, ...] = ()

    @property
    def accepted(self) -> tuple[AcceptedRow, ...]:
        return tuple(row for row in self.rows if isinstance(row, AcceptedRow))

    @property
    def refused(self) -> tuple[RefusedRow, ...]:
        return tuple(row for row in self.rows if isinstance(row, RefusedRow))

    @property
    def duplicates(self) -> tuple[DuplicateRow, ...]:
        return tuple(row for row in self.rows if isinstance(row, DuplicateRow))

    def header_of(self, field: str) -> str:
        """The client's name of the column, or ours where the file has none."""
        return next((column.header for column in self.columns if column.field == field), field)
