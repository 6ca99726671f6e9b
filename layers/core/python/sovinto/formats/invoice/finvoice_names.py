"""How Finvoice writes amounts, dates and percentages."""

from __future__ import annotations

from datetime import date

from lxml import etree

from sovinto.domain.money import Money
from sovinto.formats.invoice.xml_parts import adder

add = adder({})


def add_amount(parent: etree._Element, name: str, amount: Money) -> None:
    """With a decimal comma and its currency."""
    text = amount.decimal().replace(".", ",")
    add(parent, name, text, AmountCurrencyIdentifier=amount.currency)


def add_date(parent: etree._Element, name: str, on: date) -> None:
    """As CCYYMMDD."""
    add(parent, name, f"{on:%Y%m%d}", Format="CCYYMMDD")


def percent(text: str) -> str:
    """A decimal string with a comma."""
    return text.replace(".", ",")
