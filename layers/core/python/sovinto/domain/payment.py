"""Payments: money received from or for a debtor, matched or waiting to be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sovinto.domain.matching.verdict import Suggestion
from sovinto.domain.money import Money
from sovinto.ids import CaseId, ClientId, PaymentId

BANK_SOURCE = "bank"
CLIENT_SOURCE = "client"


@dataclass(frozen=True, slots=True)
class Payment:
    """`source` is "bank", "client" or the gateway's name; `source_id` its own unique id of this money.

    `value_on` is the day the money counts from: interest stops there. `again_of` is the payment that went
    back before, where this is the same money once more.
    """

    payment_id: PaymentId
    source: str
    source_id: str
    value_on: date
    amount: Money
    reference: str = ""
    payer: str = ""
    text: str = ""
    again_of: PaymentId | None = None
    payer_iban: str = ""


@dataclass(frozen=True, slots=True)
class Payable:
    """Collected for the client and not remitted yet; `retained` is what our contract lets us keep.

    `source` is who took the money: the bank, or a provider that has yet to pay it out to us. Each time
    that some of the money goes back before it is remitted, `revision` is one more. A claw-back has
    negative amounts: money that went back after we had remitted it; `claws_back` names its payment.
    `retained_on` is the day of the remittance that it is in, `retained_percent` the rate of the tax inside
    what that one retained of it (empty where it retained nothing, or was made before the rate was kept).
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
    revision: int = 0
    claws_back: PaymentId | None = None
    again_of: PaymentId | None = None
    retained_on: date | None = None
    retained_percent: str = ""

    @property
    def is_remitted(self) -> bool:
        return bool(self.remittance_id)

    @property
    def net(self) -> Money:
        return self.collected - self.retained

    def clawed_back(self, payment_id: PaymentId, collected: Money, retained: Money) -> Payable:
        """So much of it is owed back to us; nothing of that waits for a provider's payout."""
        return replace(
            self,
            payment_id=payment_id,
            collected=-collected,
            retained=-retained,
            remittance_id="",
            source=BANK_SOURCE,
            revision=0,
            claws_back=self.claws_back or self.payment_id,
            retained_on=None,
            retained_percent="",
        )


MOST_NAMES = 4
"""Money that waits is found by so many names: each is a write of its transaction."""


@dataclass(frozen=True, slots=True)
class UnallocatedPayment:
    """Received, owner unknown: visible in suspense until somebody posts it.

    `references` are the bank's own fields, `suggestions` what was likely when it came. A part of a transfer
    that was split is `meant_for` its case, and waits only until it is posted there. Where the bank took
    such a transfer back, the amounts are negative, and `part_of` is the payment that goes back.
    """

    payment: Payment
    received_at: datetime
    reason: str
    end_to_end_id: str = ""
    references: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    meant_for: CaseId | None = None
    part_of: PaymentId | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What it is found by: its end-to-end id (or what stands for it), and its first references."""
        return tuple(dict.fromkeys(filter(None, (self.end_to_end_id, *self.references[: MOST_NAMES - 1]))))


@dataclass(frozen=True, slots=True)
class Attempt:
    """A card payment the debtor began: `payment_id` is our reference at the gateway."""

    payment_id: PaymentId
    case_id: CaseId
    checkout_id: str
    amount: Money
    begun_at: datetime
