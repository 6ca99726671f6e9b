"""Rows `<key>#0`, `<key>#1`, ... of one scope, without gaps: a list that is only ever added to."""

from __future__ import annotations

from collections.abc import Sequence

from sovinto.ports import Cases

READS_AT_ONCE = 100


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


def several_guards(rows: Sequence[tuple[str, str]], cases: Cases) -> list[str | None]:
    """Payloads of any number of rows, None for each that is absent, in few requests."""
    return [
        payload
        for begin in range(0, len(rows), READS_AT_ONCE)
        for payload in cases.guards(rows[begin : begin + READS_AT_ONCE])
    ]
