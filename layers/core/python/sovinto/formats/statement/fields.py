"""Reading single fields of bank files, strictly."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from sovinto.domain.money import Money, exponent
from sovinto.errors import InvalidInput
from sovinto.formats.plain_text import shortened

_AMOUNT = re.compile(r"\+?([0-9]{0,18})(?:\.([0-9]{0,18}))?")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*|Z|[+-][0-9]{2}:[0-9]{2})?")
_NO_BANK_REFERENCE = {"", "NOTPROVIDED", "NONREF", "NOREF"}
_SIGNS = {"CRDT": 1, "DBIT": -1}
_TRUE = {"true", "1"}
# A statement has few days and many equal amounts.
_KEPT = 1024
_LONGEST = 300


class Doubt(Exception):
    """A field that cannot be believed; becomes a Problem of the file."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        # What a stranger wrote in the field is a part of it.
        self.message = shortened(message, _LONGEST)


# An amount is often said twice, of the entry and of its one transaction.
@lru_cache(_KEPT)
def exact(text: str, currency: str) -> Money:
    """xsd:decimal to minor units; zeros beyond the currency's decimals are harmless, digits are not."""
    match = _AMOUNT.fullmatch(text)
    if match is None or not (match[1] or match[2]):
        raise Doubt("amount_invalid", f"amount {text!r} is not a decimal number such as 120.50")
    whole, decimals = match.groups()
    try:
        places = exponent(currency)
        decimals = (decimals or "").rstrip("0")
        if len(decimals) > places:
            raise Doubt(
                "amount_precision", f"amount {text!r} has more than {places} decimals for {currency}"
            )
        return Money(int(whole + decimals.ljust(places, "0") or "0"), currency)
    except InvalidInput as error:
        raise Doubt("currency_invalid", error.message) from error


def exact_or_none(stated: tuple[str, str] | None) -> Money | None:
    """An amount as picked with its `Ccy`, None when absent. Raises Doubt for one that is not exact."""
    return None if stated is None else exact(*stated)


def sign_of(text: str | None) -> int | None:
    """1 for CRDT, -1 for DBIT, None when absent. Raises Doubt for any other word."""
    if text is None:
        return None
    if text not in _SIGNS:
        raise Doubt("direction_invalid", f"CdtDbtInd {text!r} is neither CRDT nor DBIT")
    return _SIGNS[text]


def signed(stated: tuple[str, str] | None, direction: str | None) -> Money:
    """Amount with the direction beside it. Raises Doubt when either is missing."""
    if stated is None:
        raise Doubt("amount_invalid", "Amt is missing; every booking has an amount")
    amount, sign = exact(*stated), sign_of(direction)
    if sign is None:
        raise Doubt("direction_invalid", "CdtDbtInd is missing; the direction of the money is unknown")
    return amount if sign > 0 else -amount


@lru_cache(_KEPT)
def day(text: str) -> date:
    """The calendar day as the bank wrote it; the bank's zone is the account's zone.

    Raises Doubt unless the text begins with a real ISO 8601 date.
    """
    match = _DATE.fullmatch(text)
    try:
        return date.fromisoformat(match[1] if match else "")
    except ValueError as error:
        raise Doubt("date_invalid", f"date {text!r} is not a day such as 2026-01-31") from error


def day_or_none(text: str | None) -> date | None:
    """None when absent; see `day`."""
    return None if text is None else day(text)


def is_true(text: str | None) -> bool:
    """xsd:boolean; absent is false."""
    return text in _TRUE


def bank_reference(text: str | None) -> str | None:
    """The bank's own name for an entry; None also for the words that banks write where there is none."""
    return None if text is None or text.strip().upper() in _NO_BANK_REFERENCE else text
