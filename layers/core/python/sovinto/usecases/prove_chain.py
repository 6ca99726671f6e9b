"""Statements of an account follow one another by their balances, and none moves them twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sovinto.domain.money import Money
from sovinto.domain.proof import Break, Unchecked


@dataclass(frozen=True, slots=True)
class End:
    """One statement of a file; `is_posted`: the ledger has lines of it that no file before it has."""

    on: date
    account: str
    statement: str
    file: str
    opening: Money
    closing: Money
    is_posted: bool

    @property
    def link(self) -> tuple[date, str, Money, Money]:
        return self.on, self.account, self.opening, self.closing


def gaps(ends: list[End]) -> Iterator[Break | Unchecked]:
    """Where one statement does not begin with what one before it ended with, one may be missing."""
    links: set[tuple[date, str, Money, Money]] = set()
    days: dict[tuple[str, str], dict[date, list[End]]] = {}
    for end in sorted(ends, key=lambda end: (end.account, end.on, end.file)):
        if end.link in links:
            # The same statement, delivered again.
            if end.is_posted and end.opening != end.closing:
                yield _moved_twice(end)
            continue
        links.add(end.link)
        days.setdefault((end.account, end.opening.currency), {}).setdefault(end.on, []).append(end)
    for account in days.values():
        yield from _missing(account.values())


def _missing(days: Iterable[list[End]]) -> Iterator[Unchecked]:
    """Of one account. Names of files give no order within a day: a statement follows any balance of the
    day before, or the end of another one of its own day."""
    had: End | None = None
    before: set[Money] = set()
    for ends in days:
        left, reached = list(ends), set(before)
        while left:
            following = next((end for end in left if end.opening in reached), None)
            end = following or _first(left)
            if following is None and had is not None:
                yield _gap(had, end)
            left.remove(end)
            reached |= {end.opening, end.closing}
            had = end
        before = {balance for end in ends for balance in (end.opening, end.closing)}


def _first(ends: list[End]) -> End:
    """One that follows no other of them; where they go round, the first by its file."""
    closings = {end.closing for end in ends}
    return next((end for end in ends if end.opening not in closings), ends[0])


def _gap(had: End, end: End) -> Unchecked:
    apart = Money(end.opening.minor - had.closing.minor, end.opening.currency)
    return Unchecked(
        "bank_balance",
        f"between statements {had.statement} and {end.statement} of {end.account} the balance "
        f"moves by {apart.decimal()} {apart.currency} that no file tells",
    )


def _moved_twice(end: End) -> Break:
    text = (
        f"statement {end.statement} of {end.account} in {end.file} goes from {end.opening.decimal()} to "
        f"{end.closing.decimal()} {end.closing.currency}, as another of {end.on} does, and the ledger has "
        "lines of both"
    )
    return Break("bank_balance", end.account, text)
