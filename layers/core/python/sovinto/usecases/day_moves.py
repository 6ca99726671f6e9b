"""From which balance to which the statements of a day lead, and which of them tell another one again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from sovinto.ports import Guard
from sovinto.usecases.told_rows import BANK_CHAIN, BANK_MOVES, Chain, Rows, chain_key, move_of, moves_key

T = TypeVar("T")
MASK = 2**256
"""Digests of lines add up to less."""
Move = tuple[Chain, str]
"""A statement and the digest of its lines."""
Heads = Mapping[Move, Sequence[int]]
"""What the lines of a statement add up to, after each of them; nothing of a file with very many."""


def to_note(moves: Sequence[Move], heads: Heads, rows: Rows) -> Iterator[Guard]:
    """One row for each: the balances, its lines, and the lines of earlier ones that it has as well."""
    known: dict[str, list[str]] = {}
    for chain, lines in moves:
        key = moves_key(chain)
        there = known.setdefault(key, rows.series(BANK_MOVES, key))
        move = move_of(chain, lines)
        if move not in map(_plain, there):
            payload = "|".join((move, *_tells_again((chain, lines), there, heads)))
            yield Guard(BANK_MOVES, f"{key}#{len(there)}", payload)
            there.append(payload)


def came_back(one: Move, moves: Iterable[Move], heads: Heads, rows: Rows) -> bool:
    """As often as a statement of that day left the balance that this one begins with, one arrived at it;
    and once more where the day began elsewhere.

    One that tells another again from its beginning, and goes on from there, left it once with that one.
    """
    chain, lines = one
    account, on, opening, closing = chain
    key = moves_key(chain)
    there = rows.series(BANK_MOVES, key)
    for other in moves:
        if moves_key(other[0]) == key and move_of(*other) not in map(_plain, there):
            there.append("|".join((move_of(*other), *_tells_again(other, there, heads))))
    there = [row for row in there if _plain(row) != move_of(chain, lines)]
    again = {(row.split("|")[0], told) for row in there for told in row.split("|")[3:]}
    ways = [
        (begin, to)
        for begin, to, told, *_ in (row.split("|") for row in there)
        if (begin, told) not in again
    ]
    arrived = sum(to == str(opening.minor) for _, to in ways)
    left = sum(begin == str(opening.minor) for begin, _ in ways)
    if (str(closing.minor), str(opening.minor)) not in ways:
        # From before moves were noted.
        arrived += rows.guard(BANK_CHAIN, chain_key(account, on, closing, opening)) is not None
    own = str(opening.minor), str(closing.minor)
    began_elsewhere = begins([way for way in (*ways, own) if way[0] != way[1]]) - {own[0]}
    return arrived > left if began_elsewhere else arrived >= max(left, 1)


def begins(ways: Sequence[tuple[T, T]]) -> set[T]:
    """The balances that a day's statements left more often than they arrived at: where the day began."""
    sums = Counter(begin for begin, _ in ways)
    sums.subtract(to for _, to in ways)
    return {balance for balance, more in sums.items() if more > 0}


def _plain(row: str) -> str:
    """As `move_of` writes it."""
    return "|".join(row.split("|")[:3])


def _tells_again(one: Move, there: Sequence[str], heads: Heads) -> list[str]:
    """Lines of other statements from the same balance that are the first, or the last, of this one."""
    chain, lines = one
    sums = set(heads.get(one, ()))
    found: list[str] = []
    for begin, to, told, *_ in (row.split("|") for row in there):
        is_other = begin == str(chain[2].minor) and to != str(chain[3].minor)
        if is_other and sums & {int(told, 16), (int(lines, 16) - int(told, 16)) % MASK}:
            found.append(told)
    return found
