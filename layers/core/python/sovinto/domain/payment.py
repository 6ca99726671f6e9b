"""Payments: money received from or for a debtor, matched or waiting to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sovinto.domain.money import Money
from sovinto.ids import CaseId, ClientId, PaymentId

BANK_SOURCE = "bank"
CLIENT_SOURCE = "client"


@dataclass(frozen=True, slots=True)
class Payment:
    """`source` is "bank", "client" or the gateway's name; `source_id` its own unique id of this money.

    `value_on` is the day the money counts from: interest stops there.
    """

    payment_id: PaymentId
    source: str
    source_id: str
    value_on: date
    amount: Money
    reference: str = ""
    payer: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Payable:
    """Collected for the client and not remitted yet; `retained` is what our contract lets us keep.

    `source` is who took the money: the bank, or a provider that has yet to pay it out to us.
    """

    client_id: ClientId
    case_id: CaseId
    client_reference: str
    payment_id: PaymentId
    received_on: date
    collected: Money
    retained: Money
    remittance_id: str = ""
    source: str = BANK_SOURCE


@dataclass(frozen=True, slots=True)
class UnallocatedPayment:
    """Received, owner unknown: visible in suspense until somebody posts it."""

    payment: Payment
    received_at: datetime
    reason: str
    end_to_end_id: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A card payment the debtor began: `payment_id` is our reference at the gateway."""

    payment_id: PaymentId
    case_id: CaseId
    checkout_id: str
    amount: Money
    begun_at: datetime
