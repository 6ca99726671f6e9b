"""Our invoice to the client (fee invoice): set-up fees of one period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sovinto.domain.letter import Contact
from sovinto.domain.money import Money
from sovinto.ids import ClientId


@dataclass(frozen=True, slots=True)
class FeeInvoiceLine:
    """`net` is quantity times unit price, before VAT; `text` is "setup_fee" or free text."""

    text: str
    quantity: int
    unit_price: Money
    net: Money


@dataclass(frozen=True, slots=True)
class FeeInvoice:
    """`number` is sequential without gaps; `vat_percent` is a decimal string such as "25.5".

    `language` is the one the client reads (fi, sv or en).
    """

    number: int
    client_id: ClientId
    invoiced_on: date
    due_on: date
    period_from: date
    period_to: date
    agency: Contact
    client: Contact
    lines: tuple[FeeInvoiceLine, ...]
    net: Money
    vat_percent: str
    vat_rule: str
    vat: Money
    gross: Money
    payment_iban: str
    payment_bic: str
    payment_reference: str
    language: str = "en"
