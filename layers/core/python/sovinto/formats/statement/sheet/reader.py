"""A bank statement as CSV or XLSX to parts. A sheet is judged as a whole, so its size is limited."""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Iterator

from sovinto.errors import FormatRefused
from sovinto.formats.case_file.decode import decode, is_workbook
from sovinto.formats.case_file.delimited import DELIMITERS, read_delimited
from sovinto.formats.case_file.sheet import read_workbook
from sovinto.formats.case_file.table import LARGEST_FILE, SourceRow
from sovinto.formats.case_file.wanted import Wanted
from sovinto.formats.statement.fixed_lines import ByteSource
from sovinto.formats.statement.parts import Part
from sovinto.formats.statement.sheet.layout import ENTRIES, find_layout, layout_from
from sovinto.formats.statement.sheet.profile import profiles
from sovinto.formats.statement.sheet.statement import Known, divided, statement_of

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_NOTHING = Known()


def is_sheet(head: bytes) -> bool:
    """True for a workbook and for text with a delimiter in its lines; ask after all other formats."""
    if is_workbook(head) or head.startswith(_OLD_EXCEL):
        return True
    try:
        text = beginning_of(head)
    except FormatRefused:
        return False
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    if not lines or lines[0].lstrip().startswith(("<", "{", "[", ":")):
        return False
    return any(2 * sum(sign in line for line in lines) > len(lines) for sign in DELIMITERS)


def beginning_of(head: bytes) -> str:
    """The whole lines in the first bytes of a file, which may end inside a letter or a line.

    Raises FormatRefused for what is no text.
    """
    try:
        text = getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        text, _ = decode(head[: len(head) // 2 * 2], "")
    return text[: text.rfind("\n") + 1] or text


def is_postfinance(head: bytes) -> bool:
    """True when the beginning of the file shows a header of PostFinance."""
    return is_sheet(head) and format_of(head) == profiles()[0].format


def format_of(head: bytes) -> str:
    """The name of the profile whose header the beginning of the file shows; that for any bank if none."""
    if is_workbook(head):
        return profiles()[-1].format
    try:
        return find_layout(read_delimited(beginning_of(head), "", ENTRIES).rows).profile.format
    except FormatRefused:
        return profiles()[-1].format


def sheet_parts(stream: ByteSource, known: Known = _NOTHING) -> Iterator[Part]:
    """The sheet as one statement. Raises FormatRefused for a sheet that cannot be read as a whole."""
    yield from open_sheet(whole(stream), known)[1]


def open_sheet(data: bytes, known: Known = _NOTHING) -> tuple[str, Iterator[Part]]:
    """The name of the format and the parts. Raises FormatRefused as `sheet_parts` does."""
    rows = rows_of(data, ENTRIES)
    layout = layout_from(known.columns) if known.columns else find_layout(rows)
    return layout.profile.format, statement_of(divided(rows, layout), layout, known)


def whole(stream: ByteSource) -> bytes:
    """All bytes of a file that must be judged as a whole. Raises FormatRefused for one too large."""
    chunks, size = [], 0
    while chunk := stream.read(1024 * 1024):
        chunks.append(chunk)
        size += len(chunk)
        if size > LARGEST_FILE:
            most = LARGEST_FILE // 1024 // 1024
            raise FormatRefused(f"The sheet is larger than {most} MB; ask the bank for shorter periods.")
    return b"".join(chunks)


def rows_of(data: bytes, wanted: Wanted) -> tuple[SourceRow, ...]:
    """The rows of a CSV or XLSX file. Raises FormatRefused for a file of another kind."""
    if data.startswith(_OLD_EXCEL):
        raise FormatRefused("The file is an old Excel workbook (.xls); save it as .xlsx or CSV.")
    if is_workbook(data):
        return read_workbook(data, wanted).rows
    return read_delimited(*decode(data, ""), wanted).rows
