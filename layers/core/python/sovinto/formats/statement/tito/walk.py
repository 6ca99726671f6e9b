"""The statements of a TITO file one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sovinto.errors import FormatRefused
from sovinto.formats.statement.fields import Doubt
from sovinto.formats.statement.fixed_lines import ByteSource, Line
from sovinto.formats.statement.model import Problem
from sovinto.formats.statement.parts import Part
from sovinto.formats.statement.tito.finnish_text import finnish_lines
from sovinto.formats.statement.tito.records import read_header
from sovinto.formats.statement.tito.statement import TitoStatement

_RECORD = re.compile(r"T[0-9]{2}[0-9]{3}")
_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s*T00[0-9]{3}100")


def is_tito(head: bytes) -> bool:
    """A TITO file begins with a T00 record of version 100."""
    return _BEGINNING.match(head) is not None


def tito_parts(stream: ByteSource) -> Iterator[Part]:
    """Every statement of the file, read as a stream; what contradicts itself comes as a Problem.

    Raises FormatRefused for what is no TITO file, or has lines or entries longer than any bank writes.
    """
    statement: TitoStatement | None = None
    for line in finnish_lines(stream):
        for record in _records(line):
            if record.startswith("T00"):
                if statement:
                    yield from statement.finish()
                statement = _begun(record, line.number)
                yield statement.begin()
            elif statement is None:
                raise FormatRefused(
                    f"record {record[:3]} in line {line.number} belongs to no statement (T00)"
                )
            else:
                yield from statement.read(record[:3], record)
    if statement:
        yield from statement.finish()
    else:
        yield Problem("no_statement", "file has no statement in it; ask the bank to send it again", "")


def _begun(record: str, number: int) -> TitoStatement:
    try:
        return TitoStatement.begun(read_header(record))
    except Doubt as doubt:
        raise FormatRefused(f"record T00 in line {number}: {doubt.message}") from doubt


def _records(line: Line) -> Iterator[str]:
    """Mostly one per line; some programs leave out line ends, then each record says how long it is."""
    text = line.text
    while text.strip():
        if not _RECORD.match(text):
            raise FormatRefused(
                f"line {line.number} is not a TITO record such as T10188; "
                "send the file as the bank delivered it"
            )
        length = int(text[3:6])
        if length < 6 or not _RECORD.match(text[length:]):
            yield text
            return
        yield text[:length]
        text = text[length:]
