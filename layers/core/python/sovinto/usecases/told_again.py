"""A day told in a second format, or a statement told again by other names, may be the same money: held.

The keys of lines tell what comes again only as long as the bank names it in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256

from sovinto.domain.held_file import OTHER_FORMAT, OTHER_NAMES, Reason
from sovinto.domain.money import Money
from sovinto.errors import AlreadyStored
from sovinto.ids import derived
from sovinto.ports import Cases, Change, Guard

BANK_DAY = "BANK_DAY"
BANK_CHAIN = "BANK_CHAIN"
BANK_MOVES = "BANK_MOVES"
VALUE, GUESS = "value", "guess"
"""What is noted of a day of value: of a line that has a booking day too, or of one that has no other."""
NEAR = timedelta(days=10)
"""So far apart may be what two formats give as the last day of one statement: booking, or value."""
_MASK = 2**256
_Chain = tuple[str, date, Money, Money]


@dataclass(slots=True)
class Told:
    """What a file tells of: days by account and currency, and statements by their balances.

    `lines` adds up the digests of the line keys of the statement that is being read, in whatever order.
    `twice` are further statements of the file with the day and balances of one before, but other lines.
    `values` are the days of value that are not the booking day; `GUESS` where the line tells none.
    """

    days: dict[tuple[str, str, date], None] = field(default_factory=dict)
    values: dict[tuple[str, str, date, str], None] = field(default_factory=dict)
    chains: dict[_Chain, str] = field(default_factory=dict)
    twice: dict[tuple[_Chain, str], None] = field(default_factory=dict)
    last: date = date.min
    lines: int = 0

    def add(
        self, account: str, currency: str, booked_on: date | None, value_on: date | None, key: str
    ) -> None:
        on = booked_on or value_on
        if on is None:
            return
        self.days[account, currency, on] = None
        if value_on is not None and value_on != booked_on:
            self.values[account, currency, value_on, VALUE if booked_on else GUESS] = None
        self.last = max(self.last, on)
        self.lines = (self.lines + int.from_bytes(sha256(key.encode()).digest())) % _MASK

    @property
    def moves(self) -> tuple[tuple[_Chain, str], ...]:
        """The statements that move the balance, with their lines."""
        return tuple(one for one in (*self.chains.items(), *self.twice) if one[0][2] != one[0][3])

    def end(self, account: str, opening: Money | None, closing: Money | None) -> None:
        """The statement ends; without lines or balances nothing tells it from others."""
        if self.lines and opening is not None and closing is not None:
            chain, lines = (account, self.last, opening, closing), f"{self.lines:064x}"
            if self.chains.setdefault(chain, lines) != lines:
                self.twice[chain, lines] = None
        self.last, self.lines = date.min, 0


def told_twice_over(told: Told, role: str, format_name: str, cases: Cases) -> str:
    """The first statement of the file that moves the balance and was told before by other names, in words.

    Only one that comes to nothing, or of a day on which the balance came back in between, may truly be told
    twice between the same balances: other money would have moved the balance on.
    """
    for chain, lines in (*told.chains.items(), *told.twice):
        _, _, opening, closing = chain
        if opening == closing:
            continue
        one = Told(chains={chain: lines})
        found = told_before(one, role, format_name, cases)[0]
        is_again = (chain, lines) in told.twice or any(reason.code == OTHER_NAMES for reason in found)
        if is_again and not _came_back(chain, lines, told, cases):
            return _again(*chain)
    return ""


def _came_back(chain: _Chain, lines: str, told: Told, cases: Cases) -> bool:
    """As often as a statement of that day left the balance that this one begins with, one arrived at it."""
    account, on, opening, closing = chain
    here = (account, on, opening.currency)
    moves = {_move(*one) for one in told.moves if (one[0][0], one[0][1], one[0][2].currency) == here}
    moves |= set(_noted_moves(chain, cases))
    moves.discard(_move(chain, lines))
    ways = [tuple(move.split("|")[:2]) for move in moves]
    arrived = sum(to == str(opening.minor) for _, to in ways)
    left = sum(begin == str(opening.minor) for begin, _ in ways)
    if (str(closing.minor), str(opening.minor)) not in ways:
        # From before moves were noted.
        arrived += cases.guard(BANK_CHAIN, _chain_key(account, on, closing, opening)) is not None
    return arrived >= max(left, 1)


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
    for guard, reason in (
        *_days(told, role, format_name, cases),
        *_values(told, role, format_name, cases),
        *_chains(told, cases),
        *_near(told, role, format_name, cases),
        *_moves(told, cases),
    ):
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
        key = _day(account, currency, role, on)
        noted = _formats(key, cases)
        others = [name for name in noted if name != format_name]
        what = f"{on} of {account}"
        yield _noting(key, noted, format_name), _in_other(what, others, format_name) if others else None


def _values(told: Told, role: str, format_name: str, cases: Cases) -> Iterator[_Claim]:
    """A line without a booking day is known by its day of value, whatever day another format books it on.

    Days of value tell nothing between lines that both have a booking day.
    """
    for account, currency, on, kind in told.values:
        day = _day(account, currency, role, on)
        noted = _formats(f"{day}#{kind}", cases)
        other = _formats(f"{day}#{GUESS if kind == VALUE else VALUE}", cases)
        others = [name for name in other if name != format_name]
        what = f"the day of value {on} of {account}"
        reason = _in_other(what, others, format_name) if others else None
        yield _noting(f"{day}#{kind}", noted, format_name), reason


def _near(told: Told, role: str, format_name: str, cases: Cases) -> Iterator[_Claim]:
    """Between the same balances another format tells most likely the same, whatever days it gives."""
    for account, on, opening, closing in told.chains:
        days = [on + timedelta(apart) for apart in range(-NEAR.days, NEAR.days + 1) if apart]
        rows = [(BANK_CHAIN, _chain_key(account, day, opening, closing)) for day in days]
        for day, lines in zip(days, cases.guards(rows), strict=True):
            noted = _formats(_day(account, opening.currency, role, day), cases) if lines else []
            if noted and format_name not in noted:
                what = (
                    f"a statement of {account} up to {day} from {opening.decimal()} to "
                    f"{closing.decimal()} {closing.currency}, as this one up to {on},"
                )
                yield None, _in_other(what, noted, format_name)


def _day(account: str, currency: str, role: str, on: date) -> str:
    return f"{account}#{currency}#{role}#{on.isoformat()}"


def _noting(key: str, noted: list[str], format_name: str) -> Guard | None:
    place = f"{key}#{len(noted)}" if noted else key
    return None if format_name in noted else Guard(BANK_DAY, place, format_name)


def _in_other(what: str, others: list[str], format_name: str) -> Reason:
    text = (
        f"{what} was posted before from a file of another format, and this one is {format_name}: "
        f"let the bank deliver one format only for that account ({', '.join(others)})"
    )
    return Reason(OTHER_FORMAT, text)


def _formats(key: str, cases: Cases) -> list[str]:
    """In which formats a day was told: the first, and behind it those that were released."""
    noted: list[str] = []
    while name := cases.guard(BANK_DAY, f"{key}#{len(noted)}" if noted else key):
        noted.append(name)
    return noted


def _chains(told: Told, cases: Cases) -> Iterator[_Claim]:
    for chain, lines in (*told.chains.items(), *told.twice):
        account, on, opening, closing = chain
        key = _chain_key(account, on, opening, closing)
        reason = Reason(OTHER_NAMES, _again(*chain))
        if (chain, lines) in told.twice:
            yield None, reason
        stored = cases.guard(BANK_CHAIN, key)
        if stored is None:
            yield Guard(BANK_CHAIN, key, lines), None
        elif stored != lines and cases.guard(BANK_CHAIN, f"{key}#{lines}") is None:
            # Another stands there. Where this one was released beside it, it is known by its lines.
            yield Guard(BANK_CHAIN, f"{key}#{lines}", lines), reason


def _moves(told: Told, cases: Cases) -> Iterator[_Claim]:
    """From which balance to which the statements of a day lead, one row for each."""
    new: dict[str, int] = {}
    for chain, lines in told.moves:
        noted, key = _noted_moves(chain, cases), _moves_key(chain)
        if _move(chain, lines) not in noted:
            place = len(noted) + new.get(key, 0)
            new[key] = new.get(key, 0) + 1
            yield Guard(BANK_MOVES, f"{key}#{place}", _move(chain, lines)), None


def _noted_moves(chain: _Chain, cases: Cases) -> list[str]:
    key, noted = _moves_key(chain), list[str]()
    while move := cases.guard(BANK_MOVES, f"{key}#{len(noted)}"):
        noted.append(move)
    return noted


def _moves_key(chain: _Chain) -> str:
    account, on, opening, _ = chain
    return f"{account}#{opening.currency}#{on.isoformat()}"


def _move(chain: _Chain, lines: str) -> str:
    return f"{chain[2].minor}|{chain[3].minor}|{lines}"


def _chain_key(account: str, on: date, opening: Money, closing: Money) -> str:
    money = (str(balance.minor) for balance in (opening, closing))
    return derived("chn", account, opening.currency, on.isoformat(), *money)


def _again(account: str, on: date, opening: Money, closing: Money) -> str:
    return (
        f"a statement of {account} up to {on} from {opening.decimal()} to {closing.decimal()} "
        f"{closing.currency} was posted before, and this one names its lines otherwise: ask the bank "
        "whether it is the same statement delivered again"
    )
