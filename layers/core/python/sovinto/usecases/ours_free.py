"""What may leave the collection account as ours without touching what is held for others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sovinto.domain import accounts
from sovinto.domain.day_seal import is_over
from sovinto.domain.ledger import Entry
from sovinto.domain.proof import Side, kind_of
from sovinto.errors import AlreadyStored
from sovinto.ports import Book, Cases, Change, Clock, Guard
from sovinto.usecases.guard_series import length_of
from sovinto.usecases.seal_days import BEGINNING, days

COUNTED = "OURS_COUNTED"
_ALL = "all"
# A row holds 400 KB; a count that does not fit is made again by each run.
MOST_SIGNS = 300_000


@dataclass(frozen=True, slots=True)
class Ours:
    """Minor units by currency, after the last day (UTC) that is over: `counted_to`.

    `due` is `bank:ours_due`. `free` is what is held, less what is owed to others; below zero others' money
    would be missing. What one client owes us back is not there for another: it counts as nothing. Of the
    days that are not over only what leaves is taken off both.
    """

    counted_to: date
    due: dict[str, int]
    free: dict[str, int]

    def to_move(self, currency: str) -> int:
        return min(self.due.get(currency, 0), self.free.get(currency, 0))


@dataclass(slots=True)
class _Count:
    """Sums by currency. `held` is all but clients' payables; those are in `owed` by client, below zero what
    is owed to it."""

    due: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    owed: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, entry: Entry) -> tuple[dict[str, int], dict[str, int]]:
        """What the entry changes of `due` and of `free()`."""
        due: dict[str, int] = {}
        free: dict[str, int] = {}
        for line in entry.lines:
            currency, minor = line.amount.currency, line.amount.minor
            if line.account == accounts.OURS_DUE:
                _add(due, {currency: -minor})
            elif client_id := accounts.held_for(line.account):
                clients = self.owed.setdefault(currency, {})
                before = clients.get(client_id, 0)
                clients[client_id] = before + minor
                _add(free, {currency: min(before + minor, 0) - min(before, 0)})
            elif _is_counted(line.account):
                _add(self.held, {currency: minor})
                _add(free, {currency: minor})
        _add(self.due, due)
        return due, free

    def free(self) -> dict[str, int]:
        found = dict(self.held)
        for currency, clients in self.owed.items():
            _add(found, {currency: sum(min(minor, 0) for minor in clients.values())})
        return found


def ours_now(*, book: Book, cases: Cases, clock: Clock, beginning: date = BEGINNING) -> Ours:
    """Each run folds only what is new: the last day that is over is kept as a row."""
    counted_to, count = _counted(book, cases, clock, beginning)
    due, free = dict(count.due), count.free()
    for day in days(counted_to + timedelta(days=1), clock.now()):
        for entry in book.entries(day.isoformat()):
            more_due, more_free = count.add(entry)
            # The index of the book may lag: more is never moved than is there for certain.
            _add(due, {currency: min(minor, 0) for currency, minor in more_due.items()})
            _add(free, {currency: min(minor, 0) for currency, minor in more_free.items()})
    for row in book.suspense():
        # What the bank took for nobody knows what is no money that we hold.
        if row.payment.amount.minor < 0:
            _add(free, {row.payment.amount.currency: row.payment.amount.minor})
    return Ours(counted_to, due, free)


def _is_counted(account: str) -> bool:
    """Money that we hold, or owe to others than clients. A reserve pays nobody, and `bank:ours_due` is
    a mark."""
    kind = kind_of(account)
    is_money = kind is not None and kind[1] in (Side.HELD, Side.OWED)
    return is_money and account != accounts.OURS_DUE and not account.endswith(":reserve")


def _add(sums: dict[str, int], more: Mapping[str, int]) -> None:
    for currency, minor in more.items():
        sums[currency] = sums.get(currency, 0) + minor


def _counted(book: Book, cases: Cases, clock: Clock, beginning: date) -> tuple[date, _Count]:
    place = length_of(COUNTED, _ALL, cases)
    stored = cases.guard(COUNTED, f"{_ALL}#{place - 1}") if place else None
    known: dict[str, Any] = json.loads(stored) if stored else {}
    if "owed" not in known:
        # Counted before clients were told apart: once more, from the first day on.
        known = {}
    first = last = date.fromisoformat(known.get("day", str(beginning - timedelta(days=1))))
    count = _Count(known.get("ours", {}), known.get("held", {}), known.get("owed", {}))
    for day in days(first + timedelta(days=1), clock.now()):
        if not is_over(day, clock.now()):
            break
        for entry in book.entries(day.isoformat()):
            count.add(entry)
        last = day
    if last > first:
        _keep(count, last, place, cases)
    return last, count


def _keep(count: _Count, day: date, place: int, cases: Cases) -> None:
    owed = {
        currency: {client_id: minor for client_id, minor in clients.items() if minor}
        for currency, clients in count.owed.items()
    }
    told = {"day": day.isoformat(), "held": count.held, "ours": count.due, "owed": owed}
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    if len(text) > MOST_SIGNS:
        return
    try:
        cases.commit(Change(guards=(Guard(COUNTED, f"{_ALL}#{place}", text),)))
    except AlreadyStored:
        # A twin run counted the same days.
        return
