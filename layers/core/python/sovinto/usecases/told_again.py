"""A day told in a second format, or a statement told again by other names, may be the same money: held.

The keys of lines tell what comes again only as long as the bank names it in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from sovinto.domain.money import Money
from sovinto.errors import AlreadyStored
from sovinto.ids import derived
from sovinto.ports import Cases, Change, Guard

BANK_DAY = "BANK_DAY"
BANK_CHAIN = "BANK_CHAIN"
_MASK = 2**256


@dataclass(slots=True)
class Told:
    """What a file tells of: days by account and currency, and statements by their balances.

    `lines` adds up the digests of the line keys of the statement that is being read, in whatever order.
    """

    days: dict[tuple[str, str, date], None] = field(default_factory=dict)
    chains: dict[tuple[str, date, Money, Money], str] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)
    last: date = date.min
    lines: int = 0

    def add(self, account: str, currency: str, on: date, key: str) -> None:
        self.days[account, currency, on] = None
        self.last = max(self.last, on)
        self.lines = (self.lines + int.from_bytes(sha256(key.encode()).digest())) % _MASK

    def end(self, account: str, opening: Money | None, closing: Money | None) -> None:
        """The statement ends; without lines or balances nothing tells it from others."""
        if self.lines and opening is not None and closing is not None:
            chain, lines = (account, self.last, opening, closing), f"{self.lines:064x}"
            if self.chains.setdefault(chain, lines) != lines:
                self.twice.append(_again(*chain))
        self.last, self.lines = date.min, 0


def told_again(told: Told, role: str, format_name: str, cases: Cases) -> str:
    """Why the file must be held; empty where it need not be, and then its days and statements are noted."""
    if told.twice:
        return told.twice[0]
    new: list[Guard] = []
    for guard, reason in _claims(told, role, format_name):
        stored = cases.guard(guard.scope, guard.key)
        if stored is None:
            new.append(guard)
        elif stored != guard.payload:
            return f"{reason} ({stored})" if guard.scope == BANK_DAY else reason
    try:
        for guard in new:
            cases.commit(Change(guards=(guard,)))
    except AlreadyStored:
        # A twin run was quicker: what it stored is now read.
        return told_again(told, role, format_name, cases)
    return ""


def _claims(told: Told, role: str, format_name: str) -> Iterator[tuple[Guard, str]]:
    """What to note, and why the file is held where something else is noted there."""
    for account, currency, on in told.days:
        key = f"{account}#{currency}#{role}#{on.isoformat()}"
        yield (
            Guard(BANK_DAY, key, format_name),
            f"{on} of {account} was posted before from a file of another format, and this one is "
            f"{format_name}: let the bank deliver one format only for that account",
        )
    for (account, on, opening, closing), lines in told.chains.items():
        money = (str(balance.minor) for balance in (opening, closing))
        key = derived("chn", account, opening.currency, on.isoformat(), *money)
        yield Guard(BANK_CHAIN, key, lines), _again(account, on, opening, closing)


def _again(account: str, on: date, opening: Money, closing: Money) -> str:
    return (
        f"a statement of {account} up to {on} from {opening.decimal()} to {closing.decimal()} "
        f"{closing.currency} was posted before, and this one names its lines otherwise: ask the bank "
        "whether it is the same statement delivered again"
    )
