"""A day told in a second format, or a statement told again by other names, may be the same money: held.

The keys of lines tell what comes again only as long as the bank names it in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from sovinto.domain.held_file import OTHER_FORMAT, OTHER_NAMES, Reason
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
    `twice` are further statements of the file with the day and balances of one before, but other lines.
    """

    days: dict[tuple[str, str, date], None] = field(default_factory=dict)
    chains: dict[tuple[str, date, Money, Money], str] = field(default_factory=dict)
    twice: dict[tuple[tuple[str, date, Money, Money], str], None] = field(default_factory=dict)
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
                self.twice[chain, lines] = None
        self.last, self.lines = date.min, 0


def told_twice_over(told: Told, role: str, format_name: str, cases: Cases) -> str:
    """The first statement of the file that moves the balance and was told before by other names, in words.

    Only one that comes to nothing may truly be told twice between the same balances: other money would have
    moved the balance on.
    """
    for chain, lines in (*told.chains.items(), *told.twice):
        _, _, opening, closing = chain
        if opening == closing:
            continue
        one = Told(chains={chain: lines})
        if (chain, lines) in told.twice or told_before(one, role, format_name, cases)[0]:
            return _again(*chain)
    return ""


def told_again(
    told: Told, role: str, format_name: str, cases: Cases, overruled: frozenset[str] = frozenset()
) -> tuple[Reason, ...]:
    """Why the file must be held; nothing where it need not be, and then its days and statements are noted.

    `overruled` are codes of reasons that two people called a false alarm for this file.
    """
    reasons, new = told_before(told, role, format_name, cases, overruled)
    if reasons:
        return reasons
    try:
        for guard in new:
            cases.commit(Change(guards=(guard,)))
    except AlreadyStored:
        # A twin run was quicker: what it stored is now read.
        return told_again(told, role, format_name, cases, overruled)
    return ()


def told_before(
    told: Told, role: str, format_name: str, cases: Cases, overruled: frozenset[str] = frozenset()
) -> tuple[tuple[Reason, ...], tuple[Guard, ...]]:
    """The same without storing anything: the reasons, and what is to be noted where there are none."""
    reasons: dict[Reason, None] = {}
    new: list[Guard] = []
    for guard, reason in (*_days(told, role, format_name, cases), *_chains(told, cases)):
        if reason is not None and reason.code not in overruled:
            reasons[reason] = None
        elif guard is not None:
            new.append(guard)
    return tuple(reasons), tuple(new)


_Claim = tuple[Guard | None, Reason | None]
"""What to note where it is not noted yet, and why the file is held where other things are."""


def _days(told: Told, role: str, format_name: str, cases: Cases) -> Iterator[_Claim]:
    """A day has one format, and each that was released beside it."""
    for account, currency, on in told.days:
        key = f"{account}#{currency}#{role}#{on.isoformat()}"
        noted = _formats(key, cases)
        place = f"{key}#{len(noted)}" if noted else key
        guard = None if format_name in noted else Guard(BANK_DAY, place, format_name)
        others = [name for name in noted if name != format_name]
        text = (
            f"{on} of {account} was posted before from a file of another format, and this one is "
            f"{format_name}: let the bank deliver one format only for that account ({', '.join(others)})"
        )
        yield guard, Reason(OTHER_FORMAT, text) if others else None


def _formats(key: str, cases: Cases) -> list[str]:
    """In which formats a day was told: the first, and behind it those that were released."""
    noted: list[str] = []
    while name := cases.guard(BANK_DAY, f"{key}#{len(noted)}" if noted else key):
        noted.append(name)
    return noted


def _chains(told: Told, cases: Cases) -> Iterator[_Claim]:
    for chain, lines in (*told.chains.items(), *told.twice):
        account, on, opening, closing = chain
        money = (str(balance.minor) for balance in (opening, closing))
        key = derived("chn", account, opening.currency, on.isoformat(), *money)
        reason = Reason(OTHER_NAMES, _again(*chain))
        if (chain, lines) in told.twice:
            yield None, reason
        stored = cases.guard(BANK_CHAIN, key)
        if stored is None:
            yield Guard(BANK_CHAIN, key, lines), None
        elif stored != lines and cases.guard(BANK_CHAIN, f"{key}#{lines}") is None:
            # Another stands there. Where this one was released beside it, it is known by its lines.
            yield Guard(BANK_CHAIN, f"{key}#{lines}", lines), reason


def _again(account: str, on: date, opening: Money, closing: Money) -> str:
    return (
        f"a statement of {account} up to {on} from {opening.decimal()} to {closing.decimal()} "
        f"{closing.currency} was posted before, and this one names its lines otherwise: ask the bank "
        "whether it is the same statement delivered again"
    )
