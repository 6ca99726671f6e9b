"""Reading single fields of ISO 20022 cash management messages, strictly."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from lxml import etree

from sovinto.domain.money import Money, exponent
from sovinto.errors import InvalidInput

_AMOUNT = re.compile(r"\+?([0-9]{0,18})(?:\.([0-9]{0,18}))?")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*|Z|[+-][0-9]{2}:[0-9]{2})?")
_SIGNS = {"CRDT": 1, "DBIT": -1}
_TRUE = {"true", "1"}


class Doubt(Exception):
    """A field that cannot be believed; becomes a Problem of the file."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@cache
def _path(path: str) -> str:
    return "/".join(f"{{*}}{step}" for step in path.split("/"))


def one(element: etree._Element, path: str) -> etree._Element | None:
    """The first element at a path of local names, in any namespace."""
    return element.find(_path(path))


def text_at(element: etree._Element, path: str) -> str | None:
    """The text there with blanks collapsed, None when absent or blank."""
    return _tidy(one(element, path))


def texts_at(element: etree._Element, path: str) -> tuple[str, ...]:
    """All texts there that are not blank, in order."""
    return tuple(text for found in element.findall(_path(path)) if (text := _tidy(found)))


def first_text(element: etree._Element, *paths: str) -> str | None:
    """The first of several places that says anything."""
    return next((text for path in paths if (text := text_at(element, path))), None)


def _tidy(element: etree._Element | None) -> str | None:
    return " ".join((element.text or "").split()) or None if element is not None else None


def amount_at(element: etree._Element, path: str) -> Money | None:
    """An unsigned amount with its `Ccy`, None when absent. Raises Doubt for one that is not exact money."""
    found = one(element, path)
    if found is None:
        return None
    return exact(_tidy(found) or "", found.get("Ccy", ""))


def exact(text: str, currency: str) -> Money:
    """xsd:decimal to minor units; zeros beyond the currency's decimals are harmless, digits are not."""
    match = _AMOUNT.fullmatch(text)
    if match is None or not (match[1] or match[2]):
        raise Doubt("amount_invalid", f"amount {text!r} is not a decimal number such as 120.50")
    try:
        places = exponent(currency)
        decimals = (match[2] or "").rstrip("0")
        if len(decimals) > places:
            raise Doubt(
                "amount_precision", f"amount {text!r} has more than {places} decimals for {currency}"
            )
        return Money(int(match[1] + decimals.ljust(places, "0") or "0"), currency)
    except InvalidInput as error:
        raise Doubt("currency_invalid", error.message) from error


def sign_at(element: etree._Element, path: str = "CdtDbtInd") -> int | None:
    """1 for CRDT, -1 for DBIT, None when absent. Raises Doubt for any other word."""
    text = text_at(element, path)
    if text is None:
        return None
    if text not in _SIGNS:
        raise Doubt("direction_invalid", f"{path} {text!r} is neither CRDT nor DBIT")
    return _SIGNS[text]


def signed_at(element: etree._Element, path: str) -> Money:
    """Amount with the direction beside it. Raises Doubt when either is missing."""
    amount, sign = amount_at(element, path), sign_at(element)
    if amount is None:
        raise Doubt("amount_invalid", f"{path} is missing; every booking has an amount")
    if sign is None:
        raise Doubt("direction_invalid", "CdtDbtInd is missing; the direction of the money is unknown")
    return amount if sign > 0 else -amount


def date_at(element: etree._Element, path: str) -> date | None:
    """The calendar day as the bank wrote it, from `Dt` or `DtTm`; the bank's zone is the account's zone."""
    text = first_text(element, f"{path}/Dt", f"{path}/DtTm")
    return None if text is None else day(text)


def day(text: str) -> date:
    """Raises Doubt unless the text begins with a real ISO 8601 date."""
    match = _DATE.fullmatch(text)
    try:
        return date.fromisoformat(match[1] if match else "")
    except ValueError as error:
        raise Doubt("date_invalid", f"date {text!r} is not a day such as 2026-01-31") from error


def is_true(element: etree._Element, path: str) -> bool:
    """xsd:boolean; absent is false."""
    return text_at(element, path) in _TRUE
