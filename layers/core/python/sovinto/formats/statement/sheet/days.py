"""Days as banks write them in sheets: in which order day and month stand in a file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from sovinto.formats.case_file.table import Value

ORDERS = frozenset({"DMY", "MDY"})
_TIME = re.compile(r"[T ]+[0-9]{1,2}:[0-9]{2}.*")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-./]?)([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")


def orders_of(value: Value) -> frozenset[str] | None:
    """The orders under which the cell is a day; None for what is no day under any."""
    return frozenset(order for order in ORDERS if day_of(value, order)) or None


def common_orders(values: Iterable[Value]) -> frozenset[str]:
    """The orders under which all cells that hold days are days."""
    left = ORDERS
    for value in values:
        found = orders_of(value)
        left = left if found is None else left & found
    return left


def is_ambiguous(value: Value) -> bool:
    """True where the cell is one day under one order and another day under the other."""
    days = {day_of(value, order) for order in ORDERS}
    return None not in days and len(days) > 1


def day_of(value: Value, order: str) -> date | None:
    """The day under that order; years of two digits are of this century."""
    if not isinstance(value, str):
        return value if isinstance(value, date) else None
    text = _TIME.sub("", value.strip())
    if match := _YEAR_FIRST.fullmatch(text):
        # Without separators only eight digits are a day; seven could be cut in two ways.
        return _day(match[1], match[3], match[4]) if match[2] or len(text) == 8 else None
    match = _YEAR_LAST.fullmatch(text)
    if match is None or (match[2] == "." and order == "MDY"):
        return None
    first, second, year = match[1], match[3], match[4].rjust(4, "0")
    year = f"20{year[2:]}" if year.startswith("00") else year
    return _day(year, second, first) if order == "DMY" else _day(year, first, second)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
