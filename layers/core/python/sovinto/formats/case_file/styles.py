"""How a column writes its numbers and dates: one row may be ambiguous where the whole column is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sovinto.formats.case_file.headers import Layout
from sovinto.formats.case_file.table import SourceRow
from sovinto.formats.text_dates import DateText, day_order, read_date
from sovinto.formats.text_numbers import AmountText, decimal_mark, read_amount


@dataclass(frozen=True, slots=True)
class Styles:
    """None where the column shows nothing, or contradicts itself: then doubtful cells are refused."""

    decimal_mark: str | None
    due_order: str | None
    invoice_order: str | None

    def order_of(self, field: str) -> str | None:
        return self.due_order if field == "due_date" else self.invoice_order


def styles_of(rows: Sequence[SourceRow], layout: Layout) -> Styles:
    """Read off every row, also those that are refused later."""
    return Styles(
        decimal_mark=decimal_mark(_amounts(rows, layout)),
        due_order=day_order(_dates(rows, layout, "due_date")),
        invoice_order=day_order(_dates(rows, layout, "invoice_date")),
    )


def _texts(rows: Sequence[SourceRow], layout: Layout, field: str) -> Iterator[str]:
    column = layout.columns.get(field)
    if column is None:
        return
    for row in rows:
        cell = row.cells[column.index] if column.index < len(row.cells) else ""
        if isinstance(cell, str) and cell:
            yield cell


def _amounts(rows: Sequence[SourceRow], layout: Layout) -> Iterator[AmountText]:
    return (found for text in _texts(rows, layout, "principal") if (found := read_amount(text)))


def _dates(rows: Sequence[SourceRow], layout: Layout, field: str) -> Iterator[DateText]:
    return (found for text in _texts(rows, layout, field) if (found := read_date(text)))
