"""One row under one layout: cells by our field names, and the problems found so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from sovinto.formats.case_file.headers import Layout
from sovinto.formats.case_file.result import Column, RowProblem
from sovinto.formats.case_file.table import SourceRow, Value, text_of
from sovinto.formats.case_file.words import EXCEL_ERRORS
from sovinto.formats.plain_text import bare, shortened

Meaning = TypeVar("Meaning")


class RowReader:
    """Reads cells and collects every problem of the row, so that a client mends it in one go."""

    def __init__(self, row: SourceRow, layout: Layout) -> None:
        self._row = row
        self._layout = layout
        self.problems: list[RowProblem] = []

    def has_column(self, field: str) -> bool:
        return field in self._layout.columns

    def value(self, field: str) -> Value:
        """The cell of the field, "" where it is empty, absent or an error of the spreadsheet."""
        column = self._layout.columns.get(field)
        found = self._cell(column)
        if found == "" and field == "phone":
            found = self._cell(self._layout.second_phone)
        if isinstance(found, str) and found.upper() in EXCEL_ERRORS:
            self.refuse(field, f"The {spoken(field)} is an error of the spreadsheet; mend the formula.")
            return ""
        return found

    def text(self, field: str) -> str:
        return text_of(self.value(field))

    def required(self, field: str) -> str:
        """The text, or a problem and "" where it is missing."""
        found = self.text(field)
        if not found and not self.is_refused(field):
            self.refuse(field, f"The {spoken(field)} is missing; fill it in.")
        return found

    def word(self, field: str, known: Mapping[str, Meaning], rule: str) -> Meaning | None:
        """The meaning of a word, None where it is empty; a problem for a word we do not know."""
        found = self.text(field)
        meaning = known.get(bare(found)) if found else None
        if found and meaning is None:
            self.refuse(field, f"The {spoken(field)} must be {rule}.")
        return meaning

    def refuse(self, field: str, reason: str) -> None:
        value = shortened(text_of(self._cell(self._layout.columns.get(field))))
        self.problems.append(RowProblem(self._layout.named(field), value, reason))

    def is_refused(self, field: str) -> bool:
        return any(problem.column == self._layout.named(field) for problem in self.problems)

    def refuse_overflow(self) -> None:
        """A row wider than its header: a separator inside a text has moved every cell after it."""
        width = len(self._layout.header.cells)
        extra = [text_of(cell) for cell in self._row.cells[width:] if cell != ""]
        if extra:
            reason = (
                f"The row has more cells than the header has columns ({width}); "
                "put texts that hold the separator in quotation marks."
            )
            self.problems.append(RowProblem(f"column {width + 1}", shortened(extra[0]), reason))

    def _cell(self, column: Column | None) -> Value:
        if column is None or column.index >= len(self._row.cells):
            return ""
        return self._row.cells[column.index]


def spoken(field: str) -> str:
    """A field name in a sentence."""
    return field.replace("_", " ")
