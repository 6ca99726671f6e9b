"""Statements of an account follow one another by their balances, and none moves them twice."""

from __future__ import annotations

from collections.abc import Iterator
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
    """Where one statement does not begin with what the one before it ended with, one may be missing."""
    before: dict[tuple[str, str], End] = {}
    links: set[tuple[date, str, Money, Money]] = set()
    for end in sorted(ends, key=lambda end: (end.account, end.on, end.file)):
        currency = end.opening.currency
        if end.link in links:
            # The same statement, delivered again.
            if end.is_posted and end.opening != end.closing:
                yield _moved_twice(end)
            continue
        links.add(end.link)
        had = before.get((end.account, currency))
        if had is not None and end.opening not in (had.opening, had.closing):
            apart = Money(end.opening.minor - had.closing.minor, currency)
            yield Unchecked(
                "bank_balance",
                f"between statements {had.statement} and {end.statement} of {end.account} the balance "
                f"moves by {apart.decimal()} {currency} that no file tells",
            )
        before[end.account, currency] = end


def _moved_twice(end: End) -> Break:
    text = (
        f"statement {end.statement} of {end.account} in {end.file} goes from {end.opening.decimal()} to "
        f"{end.closing.decimal()} {end.closing.currency}, as another of {end.on} does, and the ledger has "
        "lines of both"
    )
    return Break("bank_balance", end.account, text)
