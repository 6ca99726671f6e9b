"""The records of a TITO file by column. Amounts are cents with a sign beside them; days are YYMMDD."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.formats.statement.fields import Doubt
from sovinto.formats.statement.fixed_lines import day_in, number_in
from sovinto.formats.statement.tito.finnish_text import reference_in, words

DEPOSIT, WITHDRAWAL = "1", "2"
_CORRECTIONS = {"3", "4"}
_SIGNS = {"+": 1, "-": -1}
_NO_DAY = {"", "000000"}
_DAY_PERIOD = "1"


@dataclass(frozen=True, slots=True)
class Header:
    """T00. `account` is the bank's own number of 14 digits, `iban` its international form if given."""

    account: str
    iban: str | None
    number: str
    created_on: date | None
    opening: Money


@dataclass(frozen=True, slots=True)
class Row:
    """T10 (booked in the account currency): an entry on level 0, a part of it on any deeper level."""

    number: str
    archive: str | None
    booked_on: date | None
    value_on: date | None
    kind: str
    code: str
    description: str | None
    amount: Money
    name: str | None
    account: str | None
    reference: str | None
    level: int

    @property
    def is_correction(self) -> bool:
        """Kind 3 corrects a deposit, kind 4 a withdrawal."""
        return self.kind in _CORRECTIONS


@dataclass(frozen=True, slots=True)
class DaySums:
    """T50 of one day: deposits and withdrawals, counted and added up; sums are signed minor units."""

    deposits: int
    deposit_minor: int
    withdrawals: int
    withdrawal_minor: int


def read_header(text: str) -> Header:
    """Raises Doubt for an opening balance that is not money."""
    currency = text[96:99].strip() or "EUR"
    return Header(
        account=text[9:23].strip(),
        iban=words(text[292:322].strip().partition(" ")[0]),
        number=text[23:26].strip(),
        created_on=day_in(text[38:44], "YYMMDD"),
        opening=_signed(text[71:72], text[72:90], currency, "opening balance"),
    )


def read_row(text: str, currency: str) -> Row:
    """Raises Doubt for an amount, direction or day that cannot be read."""
    amount = _signed(text[87:88], text[88:106], currency, "amount")
    kind = text[48:49]
    if kind not in {DEPOSIT, WITHDRAWAL, *_CORRECTIONS}:
        raise Doubt("direction_invalid", f"kind {kind!r} in column 49 is not one of 1, 2, 3 and 4")
    if (kind == DEPOSIT and amount.minor < 0) or (kind == WITHDRAWAL and amount.minor > 0):
        raise Doubt("direction_invalid", f"kind {kind} in column 49 has an amount of {amount.decimal()}")
    level = text[187:188].strip() or "0"
    if number_in(level) is None:
        raise Doubt("amount_invalid", f"level {level!r} in column 188 is not a digit")
    return Row(
        number=text[6:12].strip(),
        archive=words(text[12:30]),
        booked_on=_day(text[30:36]),
        value_on=_day(text[36:42]),
        kind=kind,
        code=text[49:52].strip(),
        description=words(text[52:87]),
        amount=amount,
        name=words(text[108:143]),
        account=words(text[144:158]),
        reference=reference_in(text[159:179]),
        level=int(level),
    )


def read_closing(text: str, currency: str) -> Money:
    """T40. Raises Doubt."""
    return _signed(text[12:13], text[13:31], currency, "closing balance")


def read_day_sums(text: str) -> DaySums | None:
    """T50; None for sums of a month or a year, which one statement cannot confirm. Raises Doubt."""
    if text[6:7] != _DAY_PERIOD:
        return None
    deposits, withdrawals = number_in(text[13:21]), number_in(text[40:48])
    if deposits is None or withdrawals is None:
        raise Doubt("control_count", f"T50 counts {text[13:21]!r} and {text[40:48]!r} are not numbers")
    return DaySums(
        deposits,
        _signed(text[21:22], text[22:40], "EUR", "sum of deposits").minor,
        withdrawals,
        _signed(text[48:49], text[49:67], "EUR", "sum of withdrawals").minor,
    )


def _signed(sign: str, digits: str, currency: str, what: str) -> Money:
    minor = number_in(digits)
    if minor is None or len(digits) != 18:
        raise Doubt("amount_invalid", f"{what} {digits!r} is not 18 digits")
    if sign not in _SIGNS:
        raise Doubt("direction_invalid", f"{what} has the sign {sign!r}, which is neither + nor -")
    try:
        return Money(_SIGNS[sign] * minor, currency)
    except InvalidInput as error:
        raise Doubt("currency_invalid", error.message) from error


def _day(text: str) -> date | None:
    if text.strip() in _NO_DAY:
        return None
    on = day_in(text, "YYMMDD")
    if on is None:
        raise Doubt("date_invalid", f"date {text!r} is not a day such as 260131")
    return on
