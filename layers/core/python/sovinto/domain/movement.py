"""What one entry does to the money that we hold for a client: a line of the client's statement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sovinto.domain import accounts
from sovinto.domain.ledger import Entry
from sovinto.domain.money import Money
from sovinto.ids import ClientId


@dataclass(frozen=True, slots=True)
class Movement:
    """`amount` is above zero where we hold more. `key` sorts by the second of posting and, within it, what
    came in before what went out; `entry` gives the whole entry when it is asked for."""

    key: str
    posted_at: datetime
    amount: Money
    entry: Callable[[], Entry]


def moved_by(entry: Entry) -> tuple[ClientId, Money] | None:
    """Whose money an entry moves, never that of two, and by how much; None where it is nobody's."""
    for line in entry.lines:
        owner = accounts.held_for(line.account)
        if owner is not None:
            return owner, -entry.amount_on(line.account, line.amount.currency)
    return None
