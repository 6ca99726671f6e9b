"""What may leave the collection account as ours without touching what is held for others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sovinto.domain import accounts
from sovinto.domain.day_seal import is_over
from sovinto.domain.ledger import Entry, Line
from sovinto.domain.proof import Side, kind_of
from sovinto.errors import AlreadyStored
from sovinto.ports import Book, Cases, Change, Clock, Guard
from sovinto.usecases.guard_series import length_of
from sovinto.usecases.seal_days import BEGINNING, days

COUNTED = "OURS_COUNTED"
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Ours:
    """Minor units by currency, after the last day (UTC) that is over: `counted_to`.

    `due` is `bank:ours_due`. `free` is what is held, less what is owed to others; below zero others' money
    would be missing. Of the days that are not over only what leaves is taken off both.
    """

    counted_to: date
    due: dict[str, int]
    free: dict[str, int]

    def to_move(self, currency: str) -> int:
        return min(self.due.get(currency, 0), self.free.get(currency, 0))


def ours_now(*, book: Book, cases: Cases, clock: Clock, beginning: date = BEGINNING) -> Ours:
    """Each run folds only what is new: the last day that is over is kept as a row."""
    counted_to, due, free = _counted(book, cases, clock, beginning)
    for day in days(counted_to + timedelta(days=1), clock.now()):
        for entry in book.entries(day.isoformat()):
            # The index of the book may lag: more is never moved than is there for certain.
            _add(due, {currency: min(minor, 0) for currency, minor in _due(entry).items()})
            _add(free, {currency: min(minor, 0) for currency, minor in _free(entry).items()})
    for row in book.suspense():
        # What the bank took for nobody knows what is no money that we hold.
        if row.payment.amount.minor < 0:
            _add(free, {row.payment.amount.currency: row.payment.amount.minor})
    return Ours(counted_to, due, free)


def _due(entry: Entry) -> dict[str, int]:
    return _sums(
        Line(line.account, -line.amount) for line in entry.lines if line.account == accounts.OURS_DUE
    )


def _free(entry: Entry) -> dict[str, int]:
    return _sums(line for line in entry.lines if _is_counted(line.account))


def _is_counted(account: str) -> bool:
    """Money that we hold or owe. What a provider keeps back pays nobody, and `bank:ours_due` is a mark."""
    kind = kind_of(account)
    is_money = kind is not None and kind[1] in (Side.HELD, Side.OWED)
    return is_money and account != accounts.OURS_DUE and not account.endswith(":reserve")


def _sums(lines: Iterable[Line]) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in lines:
        _add(found, {line.amount.currency: line.amount.minor})
    return found


def _add(sums: dict[str, int], more: Mapping[str, int]) -> None:
    for currency, minor in more.items():
        sums[currency] = sums.get(currency, 0) + minor


def _counted(
    book: Book, cases: Cases, clock: Clock, beginning: date
) -> tuple[date, dict[str, int], dict[str, int]]:
    place = length_of(COUNTED, _ALL, cases)
    stored = cases.guard(COUNTED, f"{_ALL}#{place - 1}") if place else None
    known: dict[str, Any] = json.loads(stored) if stored else {}
    if "free" not in known:
        # Counted before there was such a sum: once more, from the first day on.
        known = {}
    first = last = date.fromisoformat(known.get("day", str(beginning - timedelta(days=1))))
    due: dict[str, int] = dict(known.get("ours", {}))
    free: dict[str, int] = dict(known.get("free", {}))
    for day in days(first + timedelta(days=1), clock.now()):
        if not is_over(day, clock.now()):
            break
        for entry in book.entries(day.isoformat()):
            _add(due, _due(entry))
            _add(free, _free(entry))
        last = day
    if last > first:
        text = json.dumps({"day": last.isoformat(), "free": free, "ours": due}, sort_keys=True)
        try:
            cases.commit(Change(guards=(Guard(COUNTED, f"{_ALL}#{place}", text),)))
        except AlreadyStored:
            # A twin run counted the same days.
            return last, due, free
    return last, due, free
