"""A client's file to placements, in one call."""

from __future__ import annotations

from collections.abc import Iterator

from sovinto.errors import FormatRefused
from sovinto.formats.case_file.decode import check_kind, decode, is_workbook
from sovinto.formats.case_file.delimited import read_delimited
from sovinto.formats.case_file.footer import claim_rows
from sovinto.formats.case_file.headers import Layout, find_layout
from sovinto.formats.case_file.result import CaseFile
from sovinto.formats.case_file.rows import Defaults, read_rows
from sovinto.formats.case_file.sheet import read_workbook
from sovinto.formats.case_file.styles import styles_of
from sovinto.formats.case_file.table import Table
from sovinto.formats.plain_text import shortened


def read_case_file(
    data: bytes, *, file_name: str, default_country: str, default_currency: str, default_language: str
) -> CaseFile:
    """Read a CSV or XLSX file of cases as clients send it (docs/case-file.md).

    The defaults fill empty cells. What depends on the day (a due date to come) is not judged here:
    give the result to `check_case_file`. Raises FormatRefused, with one sentence, when the file as
    a whole cannot be used; never for a single row.
    """
    table = _table(data, file_name)
    layout = find_layout(table.rows)
    rows, left_out = claim_rows(table.rows, layout)
    if not rows:
        raise FormatRefused(
            f"The file has no rows under its header in row {layout.header.number}; add the cases."
        )
    defaults = Defaults(default_country, default_currency, default_language)
    return CaseFile(
        rows=read_rows(rows, table, layout, styles_of(rows, layout), defaults),
        columns=tuple(sorted(layout.columns.values(), key=lambda column: column.index)),
        encoding=table.encoding,
        delimiter=table.delimiter,
        problems=(*_ignored(layout), *left_out),
    )


def _table(data: bytes, file_name: str) -> Table:
    check_kind(data, file_name)
    if is_workbook(data):
        return read_workbook(data)
    return read_delimited(*decode(data, file_name))


def _ignored(layout: Layout) -> Iterator[str]:
    for header in layout.ignored:
        yield f"The column {shortened(header)!r} was not read; it is not one we use."
