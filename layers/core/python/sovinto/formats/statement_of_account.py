"""A client's statement of account as JSON, CSV or a page."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

COLUMNS = (
    "date",
    "value_date",
    "kind",
    "amount",
    "currency",
    "case",
    "your_reference",
    "debtor",
    "payment",
    "way",
    "used_for",
    "rule",
    "matched_by",
    "bank_line",
    "voucher",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The statement in words: `rows` have the cells of COLUMNS."""

    title: str
    opening: str
    closing: str
    rows: tuple[tuple[str, ...], ...]


def as_csv(sheet: Sheet) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    # Amounts may begin with a minus; any other such cell a spreadsheet would run (OWASP, CSV injection).
    for row in sheet.rows:
        writer.writerow(
            [
                f"'{cell}" if cell.startswith(_FORMULA) and COLUMNS[at] != "amount" else cell
                for at, cell in enumerate(row)
            ]
        )
    return out.getvalue()


def as_json(sheet: Sheet) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "opening": sheet.opening,
        "closing": sheet.closing,
        "lines": [dict(zip(COLUMNS, row, strict=True)) for row in sheet.rows],
    }


def as_html(sheet: Sheet) -> str:
    """A page of its own, without script or style from elsewhere."""
    head = "".join(f'<th scope="col">{escape(name.replace("_", " "))}</th>' for name in COLUMNS)
    body = "\n".join(f"<tr>{_cells(row)}</tr>" for row in sheet.rows)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(sheet.title)}</title>'
        "</head>\n<body>\n"
        f"<h1>{escape(sheet.title)}</h1>\n<p>Held before: {escape(sheet.opening)}</p>\n"
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n"
        f"<p>Held after: {escape(sheet.closing)}</p>\n</body></html>\n"
    )


def _cells(row: Sequence[str]) -> str:
    return "".join(f"<td>{escape(cell)}</td>" for cell in row)
