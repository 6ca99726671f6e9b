"""XLSX to rows. Cached values only: no formula is computed, no link followed, no macro run."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from sovinto.errors import FormatRefused
from sovinto.formats.case_file.table import MOST_COLUMNS, SourceRow, Table, Value
from sovinto.formats.case_file.wanted import CASES, Wanted
from sovinto.formats.plain_text import clean, shortened

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.workbook.workbook import Workbook

_MOST_PARTS = 1_000
_MB = 1024 * 1024
_MOST_UNPACKED = 120 * _MB
# Sheets stream row by row; every other part may be held in memory as a whole. Styles have the least:
# a cell format of five bytes becomes a thousand.
_MOST_HELD = 10 * _MB
_MOST_INDEX = {"xl/styles.xml": 2 * _MB, "[Content_Types].xml": _MB}
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
# A sheet packs to a tenth or a twentieth; only one made to harm packs to less than a two-hundredth.
_MOST_RATIO = 200
_ROWS_OF_A_SHEET = 1_048_576
_ZERO_PADDED = re.compile(r"0{2,15}")
_UNREADABLE = "The workbook is damaged or not an .xlsx file; open it in Excel and save it as .xlsx again."


def read_workbook(data: bytes, wanted: Wanted = CASES) -> Table:
    """The one visible sheet that has a header we know.

    Raises FormatRefused for damaged or oversized workbooks and when two sheets qualify.
    """
    try:
        _check_container(data)
        return _read(data, wanted)
    except FormatRefused:
        raise
    except Exception as error:
        # The parsers below raise dozens of kinds on hostile bytes; to the client all mean the same.
        raise FormatRefused(_UNREADABLE) from error


def _check_container(data: bytes) -> None:
    """Before anything is parsed. zipfile never unpacks more than the declared size."""
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        parts = container.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
            raise FormatRefused(
                f"The workbook unpacks to more than {_MOST_UNPACKED // _MB} MB; "
                "copy the cases alone into a new workbook."
            )
        if not any(part.filename == "xl/workbook.xml" for part in parts):
            raise FormatRefused(
                "The file is a ZIP archive but not an .xlsx workbook; send the .csv or .xlsx itself."
            )
        _check_sizes(parts, _MOST_INDEX)
        streamed = _sheet_names(container)
    _check_sizes(parts, {part.filename: _MOST_HELD for part in parts if part.filename not in streamed})


def _check_sizes(parts: Iterable[zipfile.ZipInfo], most: Mapping[str, int]) -> None:
    """Raises FormatRefused for a part above its limit, or packed as no spreadsheet packs it."""
    for part in parts:
        is_bomb = part.file_size > _MB and part.file_size > _MOST_RATIO * part.compress_size
        if is_bomb or part.file_size > most.get(part.filename, _MOST_UNPACKED):
            raise FormatRefused(
                f"The part {shortened(part.filename)!r} of the workbook is too large; "
                "copy the cases alone into a new workbook."
            )


def _sheet_names(container: zipfile.ZipFile) -> set[str]:
    """Parts that the workbook declares to be sheets, and nothing else besides."""
    from openpyxl.xml.functions import fromstring

    sheets: set[str] = set()
    others: set[str] = set()
    for item in fromstring(container.read("[Content_Types].xml")):
        kind = sheets if item.get("ContentType") == _SHEET else others
        kind.add(item.get("PartName", "")[1:])
    return sheets - others


def _read(data: bytes, wanted: Wanted) -> Table:
    from openpyxl import load_workbook
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheets = [(title, rows) for title, rows in _sheets(workbook, wanted.most_rows) if rows]
        return Table(_chosen(sheets, wanted), "xlsx", is_1904=workbook.epoch == CALENDAR_MAC_1904)
    finally:
        workbook.close()


def _chosen(sheets: list[tuple[str, tuple[SourceRow, ...]]], wanted: Wanted) -> tuple[SourceRow, ...]:
    if not sheets:
        raise FormatRefused(
            f"The workbook has no visible sheet with any rows; put the {wanted.noun} on its first sheet."
        )
    complete = [sheet for sheet in sheets if wanted.is_complete(sheet[1])]
    if len(complete) > 1:
        names = " and ".join(repr(shortened(clean(title))) for title, _ in complete[:2])
        raise FormatRefused(f"The sheets {names} both hold {wanted.noun}; send one sheet per file.")
    return complete[0][1] if complete else max((rows for _, rows in sheets), key=wanted.score)


def _sheets(workbook: Workbook, most_rows: int) -> Iterator[tuple[str, tuple[SourceRow, ...]]]:
    for sheet in workbook.worksheets:
        if sheet.sheet_state == "visible":
            # The declared size is often wrong, and a hostile one would pad every row to its width.
            sheet.reset_dimensions()
            yield sheet.title, tuple(_rows(sheet.iter_rows(max_col=MOST_COLUMNS), most_rows))


def _rows(found: Iterable[tuple[Cell | MergedCell, ...]], most_rows: int) -> Iterator[SourceRow]:
    filled, blank = 0, None
    for number, cells in enumerate(found, 1):
        if filled > most_rows or number > _ROWS_OF_A_SHEET:
            raise FormatRefused(f"The sheet has more than {most_rows} rows; split the file.")
        if cells is blank:
            # A gap of a million rows comes as one and the same empty row, a million times.
            continue
        row = SourceRow(number, tuple(_value(cell.value, cell.number_format) for cell in cells))
        if row.is_blank:
            blank = cells
        else:
            filled += 1
            yield row


def _value(found: object, number_format: str | None) -> Value:
    if found is None or isinstance(found, time):
        return ""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, int | float):
        return _number(found, number_format or "")
    if isinstance(found, datetime):
        return found.date()
    return found if isinstance(found, date) else clean(str(found))


def _number(found: float, number_format: str) -> Value:
    if isinstance(found, int) and abs(found) < 10**15:
        return _padded(Decimal(found), number_format)
    # Excel keeps 15 significant digits: what a float shows beyond them was never in the sheet.
    exact = Decimal(format(found, ".15g"))
    if not exact.is_finite() or abs(exact) >= 10**15:
        return format(found, ".15g").upper()
    return _padded(exact.normalize() + 0, number_format)


def _padded(number: Decimal, number_format: str) -> Value:
    """A code that is stored as a number but shown with leading zeros ("00100") is read as shown."""
    if _ZERO_PADDED.fullmatch(number_format) and number == number.to_integral_value() and number >= 0:
        return str(int(number)).rjust(len(number_format), "0")
    return number
