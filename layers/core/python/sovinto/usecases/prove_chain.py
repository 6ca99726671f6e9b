"""Statements of an account follow one another by their balances, and none moves them twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sovinto.domain.money import Money
from sovinto.domain.proof import Break, Unchecked
from sovinto.usecases.day_moves import begins


@dataclass(frozen=True, slots=True)
class End:
    """One statement of a file; `is_posted`: the ledger has lines of it that no file before it has, which
    come to `new` minor units."""

    on: date
    account: str
    statement: str
    file: str
    opening: Money
    closing: Money
    is_posted: bool
    new: int = 0

    @property
    def link(self) -> tuple[date, str, Money, Money]:
        return self.on, self.account, self.opening, self.closing

    def follows(self, had: End) -> bool:
        """From where that one ended; or from where it began, if what is new in it goes on from its end."""
        if self.opening == had.closing:
            return True
        goes_on = not self.is_posted or self.new == self.closing.minor - had.closing.minor
        return self.opening == had.opening and goes_on


def gaps(ends: list[End]) -> Iterator[Break | Unchecked]:
    """Where one statement does not begin with what the one before it ended with, one may be missing."""
    days: dict[tuple[str, str, date], list[End]] = {}
    for end in sorted(ends, key=lambda end: (end.account, end.opening.currency, end.on, end.file)):
        days.setdefault((end.account, end.opening.currency, end.on), []).append(end)
    before: dict[tuple[str, str], End] = {}
    for (account, currency, _), of_day in days.items():
        had = before.get((account, currency))
        kept, twice = _kept(of_day)
        yield from (_moved_twice(end) for end in twice)
        for end in _in_order(kept, had.closing.minor if had is not None else None):
            if had is not None and not end.follows(had):
                apart = Money(end.opening.minor - had.closing.minor, currency)
                yield Unchecked(
                    "bank_balance",
                    f"between statements {had.statement} and {end.statement} of {account} the balance "
                    f"moves by {apart.decimal()} {currency} that no file tells",
                )
            had = before[account, currency] = end


def _kept(of_day: list[End]) -> tuple[list[End], list[End]]:
    """Statements of one day without those delivered again, and which of these have lines in the ledger.

    A day may move between the same balances twice only where other statements lead back in between.
    """
    first: dict[object, End] = {}
    again: list[End] = []
    for end in of_day:
        # What is new in one that comes again may come to nothing: that moves no balance.
        is_other = first.setdefault(end.link, end) is not end and end.is_posted and end.new
        if is_other and end.opening != end.closing:
            again.append(end)
    begun = Counter(end.opening for end in first.values() if end.is_posted)
    # Another one that begins alike has all its lines, and more.
    kept = [end for end in first.values() if end.is_posted or not begun[end.opening]]
    # Another one that begins alike, and goes on from its end, tells it again: as if the two were one.
    kept = [end for end in kept if not any(_goes_on(later, end) for later in kept)]
    twice: list[End] = []
    for end in again:
        moving = [one for one in kept if one.opening != one.closing]
        arrived = sum(one.closing == end.opening for one in moving)
        left = sum(one.opening == end.opening for one in moving)
        began_elsewhere = begins([(one.opening, one.closing) for one in (*moving, end)]) - {end.opening}
        (kept if arrived >= left + bool(began_elsewhere) else twice).append(end)
    return kept, twice


def _goes_on(end: End, had: End) -> bool:
    is_other = had.closing not in (had.opening, end.closing)
    return is_other and end.opening == had.opening and end.new == end.closing.minor - had.closing.minor


def _in_order(of_day: list[End], begin: int | None) -> list[End]:
    """As the balances lead from one to the next, each once: the bank's names of files tell no order."""
    left: dict[int, list[End]] = {}
    for end in of_day:
        left.setdefault(end.opening.minor, []).append(end)
    closings = Counter(end.closing.minor for end in of_day)
    heads = [minor for minor in left if len(left[minor]) > closings[minor]]
    order: list[End] = []
    for minor in (*([begin] if begin is not None else []), *heads, *left):
        order += _walk(minor, left)
    return order


def _walk(begin: int, left: dict[int, list[End]]) -> list[End]:
    """Takes out of `left` what can be reached: a way over all of it where there is one (Hierholzer)."""
    way: list[tuple[int, End | None]] = [(begin, None)]
    found: list[End] = []
    while way:
        at, end = way[-1]
        if left.get(at):
            onward = left[at].pop()
            way.append((onward.closing.minor, onward))
            continue
        way.pop()
        if end is not None:
            found.append(end)
    return found[::-1]


def _moved_twice(end: End) -> Break:
    text = (
        f"statement {end.statement} of {end.account} in {end.file} goes from {end.opening.decimal()} to "
        f"{end.closing.decimal()} {end.closing.currency}, as another of {end.on} does, and the ledger has "
        "lines of both"
    )
    return Break("bank_balance", end.account, text)
