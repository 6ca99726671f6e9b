"""Finds out what a bank file is, by its content, and reads it as a stream of parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from sovinto.errors import FormatRefused
from sovinto.formats.statement.formats import FORMATS, HEAD_BYTES
from sovinto.formats.statement.model import Problem, Statement, StatementEntry, StatementFile
from sovinto.formats.statement.parts import Begun, Ended, Part
from sovinto.formats.statement.xml_safety import BoundedStream


@dataclass(frozen=True, slots=True)
class StatementStream:
    """The format and the parts, which are read from `source` as they are asked for."""

    format: str
    parts: Iterator[Part]
    source: BoundedStream | None = None


def open_statement(source: bytes | BinaryIO) -> StatementStream:
    """The file's format is known at once, what is in it part by part.

    Raises FormatRefused for an unknown format, broken or unsafe content, or a file that is too large;
    also while the parts are read, so nothing is believed before the last of them.
    """
    stream = BoundedStream(BytesIO(source) if isinstance(source, bytes) else source)
    head = stream.peek(HEAD_BYTES)
    for known in FORMATS:
        if known.knows(head):
            name, parts = known.open(stream)
            return StatementStream(name, parts, stream)
    readable = ", ".join(known.label for known in FORMATS)
    raise FormatRefused(f"file is not a bank statement that can be read here; send one of {readable}")


def statement_parts(source: bytes | BinaryIO) -> Iterator[Part]:
    """The parts of a bank file in any format; see `open_statement`."""
    return open_statement(source).parts


def read_statement(source: bytes | BinaryIO) -> StatementFile:
    """What the bank delivered, whole, with everything doubtful in `problems`; never partly believed.

    For files that fit in memory. Raises FormatRefused as `open_statement` does.
    """
    stream = open_statement(source)
    return collected(stream.format, stream.parts)


def collected(name: str, parts: Iterator[Part]) -> StatementFile:
    """The parts of a file of that format as one value."""
    statements: list[Statement] = []
    problems: list[Problem] = []
    entries: list[StatementEntry] = []
    begun: Begun | None = None
    for part in parts:
        match part:
            case StatementEntry():
                entries.append(part)
            case Problem():
                problems.append(part)
            case Begun():
                begun, entries = part, []
            case Ended():
                if begun:
                    statements.append(_statement(begun, part, entries))
                begun = None
    return StatementFile(name, tuple(statements), tuple(problems))


def _statement(begun: Begun, ended: Ended, entries: list[StatementEntry]) -> Statement:
    return Statement(
        statement_id=begun.statement_id,
        created_on=begun.created_on,
        account=begun.account,
        currency=begun.currency,
        opening=ended.opening,
        closing=ended.closing,
        entries=tuple(entries),
    )
