"""Paying collected money to the client: gross collected, minus retained fees, itemised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sovinto.domain.letter import Contact
from sovinto.domain.money import Money
from sovinto.ids import CaseId, ClientId, PaymentId


@dataclass(frozen=True, slots=True)
class RemittanceLine:
    """One payment of one case: what came in, what our contract lets us retain, what is paid on."""

    case_id: CaseId
    client_reference: str
    payment_id: PaymentId
    received_on: date
    collected: Money
    retained: Money

    @property
    def net(self) -> Money:
        return self.collected - self.retained


@dataclass(frozen=True, slots=True)
class Remittance:
    """`remittance_id` is the end-to-end id of the bank transfer (at most 35 characters).

    `language` is the one the client reads (fi, sv or en).
    """

    remittance_id: str
    client_id: ClientId
    made_on: date
    agency: Contact
    client: Contact
    iban: str
    bic: str
    lines: tuple[RemittanceLine, ...]
    collected: Money
    retained: Money
    net: Money
    language: str = "en"
