"""Card payment at a provider's own page: what we ask for, and what the provider tells us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sovinto.domain.money import Money
from sovinto.ids import PaymentId


@dataclass(frozen=True, slots=True)
class Checkout:
    """A page at the provider where one payment can be made. Send the debtor's browser to `url`."""

    checkout_id: str
    url: str


class CheckoutState(StrEnum):
    """Open may still be paid; paid and expired are final."""

    OPEN = "open"
    PAID = "paid"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class CheckoutStatus:
    """The provider's word on a checkout now; `reference` is our payment id as the provider holds it."""

    status: CheckoutState
    amount: Money
    reference: str


class GatewayEventType(StrEnum):
    """What a provider may announce; the values are the names on the wire."""

    CHECKOUT_COMPLETED = "checkout.session.completed"
    CHECKOUT_EXPIRED = "checkout.session.expired"
    CHARGE_REFUNDED = "charge.refunded"
    DISPUTE_CREATED = "charge.dispute.created"
    DISPUTE_WON = "charge.dispute.funds_reinstated"
    REFUND_FAILED = "refund.failed"
    PAYOUT_PAID = "payout.paid"


@dataclass(frozen=True, slots=True)
class GatewayEvent:
    """One announced fact. The provider may deliver it twice, late or out of order: `event_id` is the guard.

    `amount` is always positive: paid, refunded, disputed (charged back), given to us again (a dispute that
    was won, a refund that failed) or paid out. A payout names
    its `payout_id` and the `payment_ids` that are in it; every other event names one payment and its
    checkout.
    """

    event_id: str
    type: GatewayEventType
    payment_id: PaymentId | None
    checkout_id: str | None
    amount: Money
    occurred_at: datetime
    payout_id: str | None = None
    payment_ids: tuple[PaymentId, ...] = ()
