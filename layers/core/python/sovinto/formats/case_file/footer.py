"""Rows that are no claims: totals, and headers repeated at page breaks. Left out, but never silently."""

from __future__ import annotations

from collections.abc import Sequence

from sovinto.formats.case_file.headers import Layout
from sovinto.formats.case_file.table import SourceRow, Value
from sovinto.formats.case_file.words import TOTAL_WORDS
from sovinto.formats.plain_text import bare


def claim_rows(rows: Sequence[SourceRow], layout: Layout) -> tuple[tuple[SourceRow, ...], tuple[str, ...]]:
    """(rows that hold claims, one note for each row left out)."""
    below = [row for row in rows if row.number > layout.header.number]
    kept, notes = [], []
    for row in below:
        if _is_header_again(row, layout):
            notes.append(f"Row {row.number} repeats the header and was left out.")
        elif _is_total(row, layout) or (row is below[-1] and _is_lone_sum(row, layout)):
            notes.append(f"Row {row.number} is a total and was left out.")
        else:
            kept.append(row)
    return tuple(kept), tuple(notes)


def _is_header_again(row: SourceRow, layout: Layout) -> bool:
    return _filled(row) == _filled(layout.header)


def _is_total(row: SourceRow, layout: Layout) -> bool:
    """The first text of the row begins with a word for total, and it has no due date."""
    texts = [cell for cell in row.cells if isinstance(cell, str) and cell]
    if not texts or _cell(row, layout.columns["due_date"].index) != "":
        return False
    first_word = texts[0].replace(":", " ").split(" ")[0]
    return bare(first_word) in TOTAL_WORDS or bare(texts[0]) in TOTAL_WORDS


def _is_lone_sum(row: SourceRow, layout: Layout) -> bool:
    """Nothing but an amount under the principal."""
    return list(_filled(row)) == [layout.columns["principal"].index]


def _filled(row: SourceRow) -> dict[int, Value]:
    return {index: cell for index, cell in enumerate(row.cells) if cell != ""}


def _cell(row: SourceRow, index: int) -> Value:
    return row.cells[index] if index < len(row.cells) else ""
