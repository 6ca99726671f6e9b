"""Delimited text to rows. The delimiter is the one under which the file has a header we know."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from sovinto.errors import FormatRefused
from sovinto.formats.case_file.headers import HEADER_WITHIN, best_score
from sovinto.formats.case_file.table import MOST_COLUMNS, MOST_ROWS, SourceRow, Table
from sovinto.formats.plain_text import clean

DELIMITERS = (";", ",", "\t", "|")
_LONGEST_LINE = 100_000
Score = Callable[[Iterable[SourceRow]], int]


def read_delimited(text: str, encoding: str, score: Score = best_score) -> Table:
    """`score` tells how many columns of a kind of file the best header among some rows names.

    Raises FormatRefused for text that is no table: broken quotes, no delimiter, too many rows."""
    text = text.removeprefix("\ufeff")
    if any(len(line) > _LONGEST_LINE for line in io.StringIO(text)):
        raise FormatRefused(
            f"A line is longer than {_LONGEST_LINE} characters; export the cases with one row per claim."
        )
    declared, text = _declared_delimiter(text)
    delimiter = declared or _delimiter(text, score)
    rows = []
    for row in _rows(text, delimiter):
        if not row.is_blank:
            rows.append(row)
        if len(rows) > MOST_ROWS:
            raise FormatRefused(f"The file has more than {MOST_ROWS} rows; split the file.")
    return Table(rows=tuple(rows), encoding=encoding, delimiter=delimiter)


def _declared_delimiter(text: str) -> tuple[str | None, str]:
    """Excel's own first line "sep=;", which it never shows and does not count as a row."""
    first, _, rest = text.partition("\n")
    sign = first.strip('\r\ufeff"')[4:5]
    if first.strip('\r"').lower().startswith("sep=") and sign in DELIMITERS:
        return sign, rest
    return None, text


def _delimiter(text: str, score: Score) -> str:
    """The delimiter whose header row has most known columns; the first in order on a tie."""
    return max(DELIMITERS, key=lambda delimiter: _score(text, delimiter, score))


def _score(text: str, delimiter: str, score: Score) -> int:
    rows: list[SourceRow] = []
    try:
        rows.extend(islice((row for row in _rows(text, delimiter) if not row.is_blank), HEADER_WITHIN))
    except FormatRefused:
        # Under a wrong delimiter quotes look broken; the right one is judged when the file is read.
        return score(rows)
    return score(rows)


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
