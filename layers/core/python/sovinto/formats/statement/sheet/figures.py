"""Amounts as banks write them in sheets: which decimal mark a file uses, and what a cell comes to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from sovinto.domain.money import exponent
from sovinto.formats.case_file.table import Value

MARKS = frozenset(".,")
_WRAPPED = re.compile(r'="?(.*?)"?')
_CODE = re.compile(r"\b([A-Z]{3})\b")
_NOISE = re.compile(r"[\s'’´`€$£]|\b[A-Z]{3}\b|\bkr\b\.?", re.IGNORECASE)
_NUMBER = re.compile(r"(\()?([+-]?)([0-9.,]*[0-9][0-9.,]*)([+-]?)(\))?")
_SHAPES = {
    ".": re.compile(r"((?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]*))(?:\.([0-9]*))?"),
    ",": re.compile(r"((?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]*))(?:,([0-9]*))?"),
}
# No bank has more; beyond, Python itself refuses to read digits.
_MOST_DIGITS = 18
_SYMBOLS = {"€": "EUR", "£": "GBP"}


def unwrapped(value: Value) -> Value:
    """Excel's own way to keep a number as text (`="0815"`) taken off."""
    match = _WRAPPED.fullmatch(value) if isinstance(value, str) else None
    return match[1].strip() if match else value


def currency_in(value: Value, known: frozenset[str]) -> str | None:
    """The one currency that the cell names by code or by a symbol that only one currency has."""
    if not isinstance(value, str):
        return None
    found = set(_CODE.findall(value)) & known | {code for sign, code in _SYMBOLS.items() if sign in value}
    return found.pop() if len(found) == 1 else None


def marks_of(value: Value) -> frozenset[str] | None:
    """The decimal marks under which the cell is a number; None for what is no number under any."""
    if isinstance(value, Decimal):
        return MARKS
    body = _parts(value)
    return frozenset(mark for mark in MARKS if _split(body[1], mark)) or None if body else None


def is_ambiguous(value: Value) -> bool:
    """True where the cell is one number under "." and another one under ","."""
    body = _parts(value)
    return body is not None and marks_of(value) == MARKS and _split(body[1], ".") != _split(body[1], ",")


def common_marks(values: Iterable[Value]) -> frozenset[str]:
    """The marks under which all cells that hold numbers are numbers."""
    left = MARKS
    for value in values:
        found = marks_of(value)
        left = left if found is None else left & found
    return left


def minor_of(value: Value, mark: str, currency: str) -> int | None:
    """The cell in minor units; None for no number, or more decimals than the currency has."""
    places = exponent(currency)
    if isinstance(value, Decimal):
        if value and value.adjusted() >= _MOST_DIGITS:
            return None
        scaled = value.scaleb(places)
        return int(scaled) if scaled == scaled.to_integral_value() else None
    body = _parts(value)
    split = _split(body[1], mark) if body else None
    if body is None or split is None:
        return None
    whole, decimals = split
    if len(decimals) > places or len(whole) > _MOST_DIGITS:
        return None
    return body[0] * int(whole + decimals.ljust(places, "0"))


def _parts(value: Value) -> tuple[int, str] | None:
    """Sign and digits with their marks."""
    if not isinstance(value, str):
        return None
    match = _NUMBER.fullmatch(_NOISE.sub("", value.replace("\N{MINUS SIGN}", "-")))
    if match is None or bool(match[1]) != bool(match[5]) or (match[2] and match[4]):
        return None
    return (-1 if match[1] or "-" in (match[2], match[4]) else 1), match[3]


def _split(body: str, mark: str) -> tuple[str, str] | None:
    """Whole and decimals without needless zeros, where that mark can be the decimal one."""
    match = _SHAPES[mark].fullmatch(body)
    if match is None:
        return None
    decimals = match[2] or ""
    # Three decimals that say something are a group of thousands under the other mark, not a third decimal.
    if len(decimals) == 3 and not decimals.endswith("0"):
        return None
    return re.sub(r"[.,]", "", match[1]) or "0", decimals.rstrip("0")
