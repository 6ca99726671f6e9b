"""A day told in a second format, or a statement told again by other names, may be the same money: held.

The keys of lines tell what comes again only as long as the bank names it in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from sovinto.domain.held_file import OTHER_FORMAT, OTHER_NAMES, Reason
from sovinto.domain.money import Money
from sovinto.errors import AlreadyStored
from sovinto.ports import Cases, Change, Guard
from sovinto.usecases.day_moves import MASK, came_back, to_note
from sovinto.usecases.told_rows import (
    BANK_CHAIN,
    BANK_DAY,
    GUESS,
    VALUE,
    Chain,
    Rows,
    chain_key,
    day_key,
    near_days,
)

MOST_REASONS = 5
"""Of each code; a file with years of days has as many reasons, and its row has room for few."""
MOST_HEADS = 50_000
"""Sums that are kept of one file; of a larger one nobody can say what it tells again."""


@dataclass(slots=True)
class Told:
    """What a file tells of: days by account and currency, and statements by their balances.

    `lines` adds up the digests of the line keys of the statement that is being read, in whatever order.
    `twice` are further statements of the file with the day and balances of one before, but other lines.
    `part_of` tells which part of the file a statement is.
    `heads` are what `lines` were after each line, of files that are not too large.
    `values` are the days of value that are not the booking day; `GUESS` where the line tells none.
    """

    days: dict[tuple[str, str, date], None] = field(default_factory=dict)
    values: dict[tuple[str, str, date, str], None] = field(default_factory=dict)
    chains: dict[Chain, str] = field(default_factory=dict)
    twice: dict[tuple[Chain, str], None] = field(default_factory=dict)
    part_of: dict[tuple[Chain, str], int] = field(default_factory=dict)
    heads: dict[tuple[Chain, str], list[int]] = field(default_factory=dict)
    running: list[int] = field(default_factory=list)
    summed: int = 0
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
        self.lines = (self.lines + int.from_bytes(sha256(key.encode()).digest())) % MASK
        self.summed += 1
        if self.summed <= MOST_HEADS:
            self.running.append(self.lines)

    @property
    def moves(self) -> tuple[tuple[Chain, str], ...]:
        """The statements that move the balance, with their lines."""
        return tuple(one for one in (*self.chains.items(), *self.twice) if one[0][2] != one[0][3])

    def end(self, account: str, opening: Money | None, closing: Money | None, part: int = 0) -> None:
        """The statement ends; without lines or balances nothing tells it from others."""
        if self.lines and opening is not None and closing is not None:
            chain, lines = (account, self.last, opening, closing), f"{self.lines:064x}"
            if self.chains.setdefault(chain, lines) != lines:
                self.twice[chain, lines] = None
            self.part_of.setdefault((chain, lines), part)
            if self.summed <= MOST_HEADS:
                self.heads[chain, lines] = self.running
        self.last, self.lines, self.running = date.min, 0, []


def told_twice_over(told: Told, role: str, cases: Cases, at_rest: Set[int] = frozenset()) -> str:
    """The first statement of the file that moves the balance and was told before by other names, in words.

    Only one that comes to nothing, or of a day on which the balance came back in between, may truly be told
    twice between the same balances: other money would have moved the balance on. Not those `at_rest`,
    parts of the file that tell again what moved the balance, and more lines that come to nothing.
    """
    rows = Rows.ahead((), (), told.chains, role, cases)
    for chain, lines in told.moves:
        if told.part_of.get((chain, lines)) in at_rest:
            continue
        is_again = any(reason is not None for _, reason in _chains(Told(chains={chain: lines}), rows))
        if (is_again or (chain, lines) in told.twice) and not came_back(
            (chain, lines), told.moves, told.heads, rows
        ):
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
    rows = Rows.ahead(told.days, told.values, told.chains, role, cases)
    for guard, reason in (
        *_days(told, role, format_name, rows),
        *_values(told, role, format_name, rows),
        *_chains(told, rows),
        *_guessed(told, role, format_name, rows),
        *_near(told, role, format_name, rows),
        *((guard, None) for guard in to_note(told.moves, told.heads, rows)),
    ):
        if reason is not None and reason.code not in overruled:
            reasons[reason] = None
        elif guard is not None:
            new.append(guard)
    return _first(reasons), tuple(new)


def _first(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """A few of each code, for two people overrule codes, and how many more there are."""
    by_code: dict[str, list[Reason]] = {}
    for reason in reasons:
        by_code.setdefault(reason.code, []).append(reason)
    shown: list[Reason] = []
    for code, found in by_code.items():
        shown += found[:MOST_REASONS]
        if len(found) > MOST_REASONS:
            shown.append(Reason(code, f"and {len(found) - MOST_REASONS} more like these"))
    return tuple(shown)


def is_told_in_both(told: Told, role: str, format_name: str, cases: Cases) -> bool:
    """A booking day of the file was told in another format: what is alike there is the same money."""
    rows = Rows.ahead(told.days, (), (), role, cases)
    return any(reason is not None for _, reason in _days(told, role, format_name, rows))


_Claim = tuple[Guard | None, Reason | None]
"""What to note where it is not noted yet, and why the file is held where other things are."""


def _days(told: Told, role: str, format_name: str, rows: Rows) -> Iterator[_Claim]:
    """A day has one format, and each that was released beside it."""
    for account, currency, on in told.days:
        key = day_key(account, currency, role, on)
        noted = rows.formats(key)
        others = [name for name in noted if name != format_name]
        what = f"{on} of {account}"
        yield _noting(key, noted, format_name), _in_other(what, others, format_name) if others else None


def _values(told: Told, role: str, format_name: str, rows: Rows) -> Iterator[_Claim]:
    """A line without a booking day is known by its day of value, whatever day another format books it on.

    Days of value tell nothing between lines that both have a booking day.
    """
    for account, currency, on, kind in told.values:
        day = day_key(account, currency, role, on)
        noted = rows.formats(f"{day}#{kind}")
        other = rows.formats(f"{day}#{GUESS if kind == VALUE else VALUE}")
        others = [name for name in other if name != format_name]
        what = f"the day of value {on} of {account}"
        reason = _in_other(what, others, format_name) if others else None
        yield _noting(f"{day}#{kind}", noted, format_name), reason


def _guessed(told: Told, role: str, format_name: str, rows: Rows) -> Iterator[_Claim]:
    """A day that is only guessed from days of value may be any booking day near it.

    Whatever another format told of those days: it may give no days of value, or others, or be in the books
    from before they were noted. Not of days that both formats tell, which is another matter.
    """
    guesses = {(account, currency, on) for account, currency, on, kind in told.values if kind == GUESS}
    for account, currency, on in told.days:
        for day in near_days(on):
            key = day_key(account, currency, role, day)
            noted = rows.formats(key if (account, currency, on) in guesses else f"{key}#{GUESS}")
            if noted and format_name not in rows.formats(key):
                what = f"{day} of {account}, which may be the booking day of what this one tells of {on},"
                yield None, _in_other(what, noted, format_name)
                break


def _near(told: Told, role: str, format_name: str, rows: Rows) -> Iterator[_Claim]:
    """Between the same balances another format tells most likely the same, whatever days it gives.

    A day that comes to nothing is like any other such day: of an account that is swept, every day.
    """
    for account, on, opening, closing in (chain for chain in told.chains if chain[2] != chain[3]):
        for day in near_days(on):
            if rows.guard(BANK_CHAIN, chain_key(account, day, opening, closing)) is None:
                continue
            noted = rows.formats(day_key(account, opening.currency, role, day))
            if noted and format_name not in noted:
                what = (
                    f"a statement of {account} up to {day} from {opening.decimal()} to "
                    f"{closing.decimal()} {closing.currency}, as this one up to {on},"
                )
                yield None, _in_other(what, noted, format_name)


def _noting(key: str, noted: list[str], format_name: str) -> Guard | None:
    place = f"{key}#{len(noted)}" if noted else key
    return None if format_name in noted else Guard(BANK_DAY, place, format_name)


def _in_other(what: str, others: list[str], format_name: str) -> Reason:
    text = (
        f"{what} was posted before from a file of another format, and this one is {format_name}: "
        f"let the bank deliver one format only for that account ({', '.join(others)})"
    )
    return Reason(OTHER_FORMAT, text)


def _chains(told: Told, rows: Rows) -> Iterator[_Claim]:
    for chain, lines in (*told.chains.items(), *told.twice):
        account, on, opening, closing = chain
        key = chain_key(account, on, opening, closing)
        reason = Reason(OTHER_NAMES, _again(*chain))
        if (chain, lines) in told.twice:
            yield None, reason
        stored = rows.guard(BANK_CHAIN, key)
        if stored is None:
            yield Guard(BANK_CHAIN, key, lines), None
        elif stored != lines and rows.guard(BANK_CHAIN, f"{key}#{lines}") is None:
            # Another stands there. Where this one was released beside it, it is known by its lines.
            yield Guard(BANK_CHAIN, f"{key}#{lines}", lines), reason


def _again(account: str, on: date, opening: Money, closing: Money) -> str:
    return (
        f"a statement of {account} up to {on} from {opening.decimal()} to {closing.decimal()} "
        f"{closing.currency} was posted before, and this one names its lines otherwise: ask the bank "
        "whether it is the same statement delivered again"
    )
