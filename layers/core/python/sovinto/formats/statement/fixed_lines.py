"""Text files of one record per line, from a stream, in constant memory: BgMax, OCR giro, V11."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sovinto.errors import FormatRefused

_CHUNK = 64 * 1024
LONGEST_LINE = 1_000
MOST_LINES = 20_000_000
_ASCII_DIGITS = frozenset("0123456789")


class ByteSource(Protocol):
    """Anything to read bytes from; it may give fewer than asked for, and none at its end."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Line:
    """`number` counts from 1 as an editor shows it; `text` is without its line end."""

    number: int
    text: str


def text_lines(stream: ByteSource) -> Iterator[Line]:
    """The lines that are not blank. Raises FormatRefused for one too long, too many, or no text."""
    for number, raw in enumerate(_raw_lines(stream), 1):
        if number > MOST_LINES:
            raise FormatRefused(f"file has more than {MOST_LINES} lines; ask the bank for smaller files")
        text = _decoded(raw, number)
        if text.strip():
            yield Line(number, text)


def number_in(text: str) -> int | None:
    """A field of digits only, as a number; None for anything else, blanks too."""
    return int(text) if text and _ASCII_DIGITS.issuperset(text) else None


def day_in(text: str, order: str) -> date | None:
    """A date of digits only ("YYYYMMDD", "DDMMYY" or "YYMMDD"); None for what is no day.

    Two-digit years are of this century: none of these formats was read by us in the last one.
    """
    if len(text) != len(order) or number_in(text) is None:
        return None
    part = {sign: int("".join(c for c, o in zip(text, order, strict=True) if o == sign)) for sign in "YMD"}
    try:
        return date(part["Y"] + (2000 if part["Y"] < 100 else 0), part["M"], part["D"])
    except ValueError:
        return None


def _raw_lines(stream: ByteSource) -> Iterator[bytes]:
    rest = b""
    while chunk := stream.read(_CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
        if len(rest) > LONGEST_LINE:
            break
    if rest:
        yield rest


def _decoded(raw: bytes, number: int) -> str:
    if len(raw) > LONGEST_LINE:
        raise FormatRefused(
            f"line {number} is longer than {LONGEST_LINE} characters; "
            "send the file as the bank delivered it"
        )
    raw = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    if "\x00" in text:
        raise FormatRefused(f"line {number} holds binary data; send the file as the bank delivered it")
    # An editor that put tabs for blanks counted in eights; undone, the columns are where they were.
    return text.rstrip("\r\x1a").expandtabs(8)
