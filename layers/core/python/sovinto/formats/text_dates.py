"""Dates as text. The dotted form is day first everywhere; with a slash or a dash the column decides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

DAY_FIRST, MONTH_FIRST = "day first", "month first"

_TIME = r"(?:[T ][0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?)?"
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_TIME}")
_COMPACT = re.compile(r"([0-9]{4})()([0-9]{2})([0-9]{2})")
_DOTTED = re.compile(rf"([0-9]{{1,2}})\. ?([0-9]{{1,2}})\. ?([0-9]{{4}}){_TIME}")
_SLASHED = re.compile(rf"([0-9]{{1,2}})([-/])([0-9]{{1,2}})\2([0-9]{{4}}){_TIME}")


@dataclass(frozen=True, slots=True)
class DateText:
    """The day a text stands for if the day comes first, or the month; equal where there is no doubt."""

    day_first: date | None
    month_first: date | None

    @property
    def is_ambiguous(self) -> bool:
        return None not in {self.day_first, self.month_first} and self.day_first != self.month_first

    def day(self, order: str | None) -> date | None:
        """The one day it means, given the column's order; None while that is unknown."""
        if self.is_ambiguous:
            return {DAY_FIRST: self.day_first, MONTH_FIRST: self.month_first, None: None}[order]
        return self.day_first or self.month_first


def read_date(text: str) -> DateText | None:
    """Read one cleaned cell ("31.12.2025", "2025-12-31", "31/12/2025"); None when it is no such day.

    A time of day is dropped. Two-digit years and times with a zone are not read: they leave a doubt.
    """
    match = _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
    if match:
        return _certain(_day(match[1], match[3], match[4]))
    match = _DOTTED.fullmatch(text)
    if match:
        return _certain(_day(match[3], match[2], match[1]))
    match = _SLASHED.fullmatch(text)
    if match is None:
        return None
    found = DateText(_day(match[4], match[3], match[1]), _day(match[4], match[1], match[3]))
    return found if found.day_first or found.month_first else None


def day_order(dates: Iterable[DateText]) -> str | None:
    """The column's order, if the dates that show one all show the same."""
    orders = set()
    for found in dates:
        if found.month_first is None:
            orders.add(DAY_FIRST)
        elif found.day_first is None:
            orders.add(MONTH_FIRST)
    return orders.pop() if len(orders) == 1 else None


def _certain(day: date | None) -> DateText | None:
    return None if day is None else DateText(day, day)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
