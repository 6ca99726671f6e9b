"""Lines that come to what the books have of a day, in more entries or in fewer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from sovinto.domain.money import Money
from sovinto.usecases.bank_line import BankLine

_Key = tuple[str, bool, date]
"""Currency, whether it is money in, and day of value."""
_Left = dict[_Key, Counter[int]]
"""How often the books have so many minor units of it."""


def alike_by_day(
    lines: Sequence[BankLine],
    found: Sequence[tuple[Money, date]],
    ledger: Mapping[tuple[str, int, date], int],
    near: Callable[[date], Sequence[date]],
) -> Iterator[BankLine]:
    """Of lines that are like nothing by themselves, those that come to what is left in `ledger` of a day.

    All of one day and direction together, or one of them alone. `found` are sums of the file, by day of
    value, of which parts in the ledger were found before. `ledger` tells how often the books have that
    currency, minor units and day of value; `near` with which days a day of value is compared.
    """
    days: dict[_Key, list[BankLine]] = {}
    for line in lines:
        days.setdefault((line.amount.currency, line.amount.minor > 0, line.value_on), []).append(line)
    left: _Left = {}
    for (currency, minor, on), often in ledger.items():
        if often > 0:
            left.setdefault((currency, minor > 0, on), Counter())[minor] += often
    for amount, on in found:
        _take_parts(amount, [(amount.currency, amount.minor > 0, day) for day in near(on)], left)
    for (currency, is_in, on), of_day in days.items():
        keys = [(currency, is_in, day) for day in near(on)]
        if _took(of_day, keys, left):
            yield from of_day
        else:
            yield from (line for line in of_day if _took([line], keys, left))


def _take_parts(amount: Money, keys: Sequence[_Key], left: _Left) -> None:
    """Nobody knows which entries they are, but what the day comes to without them."""
    for there in (left[key] for key in keys if key in left):
        if abs(_sum(there)) >= abs(amount.minor):
            there[-amount.minor] += 1
            return


def _sum(there: Counter[int]) -> int:
    return sum(minor * often for minor, often in there.items())


def _took(lines: Sequence[BankLine], keys: Sequence[_Key], left: _Left) -> bool:
    """The whole of a day that is left, or one entry of it; what was found is left no more."""
    total = sum(line.amount.minor for line in lines)
    for there in (left[key] for key in keys if key in left):
        if _sum(there) == total:
            there.clear()
            return True
        if there[total] > 0:
            there[total] -= 1
            return True
    return False
