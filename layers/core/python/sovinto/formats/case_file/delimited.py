"""Delimited text to rows. The delimiter is the one under which the file has a header we know."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice

from sovinto.errors import FormatRefused
from sovinto.formats.case_file.headers import HEADER_WITHIN
from sovinto.formats.case_file.table import MOST_COLUMNS, SourceRow, Table
from sovinto.formats.case_file.wanted import CASES, Wanted
from sovinto.formats.plain_text import clean

DELIMITERS = (";", ",", "\t", "|")
_LONGEST_LINE = 100_000


def read_delimited(text: str, encoding: str, wanted: Wanted = CASES) -> Table:
    """Raises FormatRefused for text that is no table: broken quotes, no delimiter, too many rows."""
    text = text.removeprefix("\ufeff")
    if any(len(line) > _LONGEST_LINE for line in io.StringIO(text)):
        raise FormatRefused(
            f"A line is longer than {_LONGEST_LINE} characters; "
            f"export the {wanted.noun} with one row for each."
        )
    declared, text = _declared_delimiter(text)
    delimiter = declared or _delimiter(text, wanted)
    rows = []
    for row in _rows(text, delimiter):
        if not row.is_blank:
            rows.append(row)
        if len(rows) > wanted.most_rows:
            raise FormatRefused(f"The file has more than {wanted.most_rows} rows; split the file.")
    return Table(rows=tuple(rows), encoding=encoding, delimiter=delimiter)


def _declared_delimiter(text: str) -> tuple[str | None, str]:
    """Excel's own first line "sep=;", which it never shows and does not count as a row."""
    first, _, rest = text.partition("\n")
    sign = first.strip('\r\ufeff"')[4:5]
    if first.strip('\r"').lower().startswith("sep=") and sign in DELIMITERS:
        return sign, rest
    return None, text


def _delimiter(text: str, wanted: Wanted) -> str:
    """The delimiter whose header row has most known columns; the first in order on a tie."""
    return max(DELIMITERS, key=lambda delimiter: _score(text, delimiter, wanted))


def _score(text: str, delimiter: str, wanted: Wanted) -> int:
    rows: list[SourceRow] = []
    try:
        rows.extend(islice((row for row in _rows(text, delimiter) if not row.is_blank), HEADER_WITHIN))
    except FormatRefused:
        # Under a wrong delimiter quotes look broken; the right one is judged when the file is read.
        return wanted.score(rows)
    return wanted.score(rows)


def _rows(text: str, delimiter: str) -> Iterator[SourceRow]:
    number = 0
    try:
        # Strict, because a quotation mark that is never closed would swallow the rows after it unseen.
        for number, cells in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1
        ):
            if len(cells) > MOST_COLUMNS and any(cell.strip() for cell in cells[MOST_COLUMNS:]):
                raise FormatRefused(
                    f"Row {number} has more than {MOST_COLUMNS} cells; leave out columns we do not need."
                )
            yield SourceRow(number, tuple(clean(cell) for cell in cells[:MOST_COLUMNS]))
    except csv.Error as error:
        raise FormatRefused(
            f"Row {number + 1} has a quotation mark that is not closed or stands inside a text; "
            'write it twice ("") or leave it out.'
        ) from error
