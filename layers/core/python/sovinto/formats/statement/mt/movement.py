"""Field 61, the statement line: what the bank booked, in six to ten unmarked subfields."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sovinto.domain.money import Money
from sovinto.formats.statement.fields import Doubt
from sovinto.formats.statement.mt.amounts import swift_day, swift_money
from sovinto.formats.statement.mt.tags import Tag

_DATES = re.compile(r"([0-9]{6})([0-9]{4})?")
_MARK = re.compile(r"(R|E)?([CD])([A-Z])?")
_AMOUNT = re.compile(r"[0-9]{1,18}(?:,[0-9]{0,18})?")
_TYPE = re.compile(r"[NFS][A-Z0-9 ]{3}")
IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
# Words that say where the reference is, or that there is none.
_NO_REFERENCE = {"", "NONREF", "NOREF", "EREF", "KREF", "MARF", "PREF", "NOTPROVIDED"}
_LONGEST_REFERENCE = 16
_SHORTEST_BANK_NUMBER = 16


@dataclass(frozen=True, slots=True)
class Movement:
    """`amount` is signed: a reversed credit (RC) is money out. `booked_on` is None where none was given.

    `is_expected` marks what an interim report announces only (EC, ED). `supplement` is the line below.
    """

    value_on: date
    booked_on: date | None
    amount: Money
    is_reversal: bool
    is_expected: bool
    type_code: str
    our_reference: str | None
    bank_reference: str | None
    supplement: str


def read_movement(tag: Tag, currency: str) -> Movement:
    """Raises Doubt for a line whose date, direction or amount cannot be read."""
    line = tag.lines[0].strip()
    dates, rest = _taken(_DATES, line, "date_invalid", "a value date such as 260131")
    mark, rest = _taken(_MARK, rest, "direction_invalid", "one of C, D, RC, RD")
    amount, rest = _taken(_AMOUNT, rest, "amount_invalid", "an amount such as 120,50")
    value_on = swift_day(dates[1])
    money = swift_money(amount[0], currency)
    is_reversal = mark[1] == "R"
    rest = rest.lstrip()
    type_code = _TYPE.match(rest)
    if type_code:
        rest = rest[4:]
    ours, bank, supplement = _references(rest)
    supplement = " ".join(" ".join((supplement, *tag.lines[1:])).split())
    if bank is None and supplement.isdigit() and len(supplement) >= _SHORTEST_BANK_NUMBER:
        bank = supplement
    return Movement(
        value_on=value_on,
        booked_on=_entry_date(dates[2], value_on) if dates[2] else None,
        amount=money if (mark[2] == "C") != is_reversal else -money,
        is_reversal=is_reversal,
        is_expected=mark[1] == "E",
        type_code=type_code[0] if type_code else "",
        our_reference=ours,
        bank_reference=bank,
        supplement=supplement,
    )


def _taken(shape: re.Pattern[str], text: str, code: str, rule: str) -> tuple[re.Match[str], str]:
    match = shape.match(text)
    if match is None:
        raise Doubt(code, f"field :61: goes on with {text[:20]!r}, where {rule} belongs")
    return match, text[match.end() :]


def _entry_date(digits: str, value_on: date) -> date:
    """Month and day only: the year is the one that brings it nearest to the value date."""
    days = []
    for year in (value_on.year - 1, value_on.year, value_on.year + 1):
        try:
            days.append(date(year, int(digits[:2]), int(digits[2:])))
        except ValueError:
            continue
    if not days:
        raise Doubt("date_invalid", f"entry date {digits!r} in field :61: is not a day such as 0131")
    return min(days, key=lambda on: abs(on - value_on))


def _references(text: str) -> tuple[str | None, str | None, str]:
    """Our reference (SWIFT: for the account owner), the bank's, and what stands behind them on the line."""
    ours, slashes, bank = text.partition("//")
    if slashes:
        own, behind = _cut(bank)
        return _reference(ours), _reference(own), behind
    own, behind = _cut(ours)
    return _reference(own), None, behind


def _cut(text: str) -> tuple[str, str]:
    """Sixteen characters, then text: some banks fill the reference up with blanks and go straight on."""
    if len(text) <= _LONGEST_REFERENCE or IBAN.fullmatch(text.strip()):
        return text, ""
    return text[:_LONGEST_REFERENCE], text[_LONGEST_REFERENCE:].strip()


def _reference(text: str) -> str | None:
    return None if text.strip().upper() in _NO_REFERENCE else text.strip()
