"""Rows `<key>#0`, `<key>#1`, ... of one scope, without gaps: a list that is only ever added to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from sovinto.ports import Cases

READS_AT_ONCE = 100
Item = TypeVar("Item")


def length_of(scope: str, key: str, cases: Cases) -> int:
    """How many there are, in few reads: mostly one, and about twice the logarithm for long lists."""
    if cases.guard(scope, f"{key}#0") is None:
        return 0
    low, high = 0, 1
    while cases.guard(scope, f"{key}#{high}") is not None:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if cases.guard(scope, f"{key}#{middle}") is None:
            high = middle
        else:
            low = middle
    return high


def in_hundreds(items: Iterable[Item]) -> Iterator[list[Item]]:
    """As many at a time as one request reads."""
    some: list[Item] = []
    for item in items:
        some.append(item)
        if len(some) == READS_AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def several_guards(rows: Sequence[tuple[str, str]], cases: Cases) -> list[str | None]:
    """Payloads of any number of rows, None for each that is absent, in few requests."""
    return [payload for some in in_hundreds(rows) for payload in cases.guards(some)]
