"""Amounts, balances and control sums of MT files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sovinto.domain.money import Money
from sovinto.formats.statement.fields import Doubt, exact
from sovinto.formats.statement.fixed_lines import day_in
from sovinto.formats.statement.mt.tags import Tag

_BALANCE = re.compile(r"([CD])([0-9]{6})([A-Z]{3})?([0-9]{1,18}(?:,[0-9]*)?)")
_SUMS = re.compile(r"([0-9]{1,9})([A-Z]{3})([0-9]{1,18}(?:,[0-9]*)?)")


@dataclass(frozen=True, slots=True)
class Balance:
    """Fields 60 and 62; some banks leave the currency out, then it is that of the statement."""

    is_debit: bool
    on: date
    currency: str | None
    digits: str

    def money(self, currency: str) -> Money:
        """Signed; `currency` where the field names none. Raises Doubt."""
        amount = swift_money(self.digits, self.currency or currency)
        return -amount if self.is_debit else amount


@dataclass(frozen=True, slots=True)
class ControlSum:
    """Fields 90C and 90D: how many entries of that direction, and what they come to."""

    count: int
    amount: Money


def swift_money(digits: str, currency: str) -> Money:
    """Field format 15d: a comma for the decimals. Raises Doubt for anything but exact money."""
    return exact(digits.replace(",", "."), currency)


def read_balance(tag: Tag) -> Balance:
    """Raises Doubt for a balance that is not direction, date, currency and amount."""
    match = _BALANCE.fullmatch(tag.text)
    if match is None:
        raise Doubt(
            "amount_invalid", f"field :{tag.name}: {tag.text!r} is not a balance such as C260131EUR120,50"
        )
    return Balance(match[1] == "D", swift_day(match[2]), match[3], match[4])


def read_control_sum(tag: Tag) -> ControlSum:
    """Raises Doubt for a field that is not count, currency and amount."""
    match = _SUMS.fullmatch(tag.text)
    if match is None:
        raise Doubt("amount_invalid", f"field :{tag.name}: {tag.text!r} is not a sum such as 3EUR120,50")
    return ControlSum(int(match[1]), swift_money(match[3], match[2]))


def swift_day(digits: str) -> date:
    """YYMMDD. Raises Doubt for what is no day."""
    on = day_in(digits, "YYMMDD")
    if on is None:
        raise Doubt("date_invalid", f"date {digits!r} is not a day such as 260131")
    return on
