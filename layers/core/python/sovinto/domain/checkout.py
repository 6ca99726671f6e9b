"""Card payment at a provider's own page: what we ask for, and what the provider tells us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sovinto.domain.money import Money
from sovinto.domain.settlement import Settlement
from sovinto.ids import PaymentId


@dataclass(frozen=True, slots=True)
class Checkout:
    """A page at the provider where one payment can be made. Send the debtor's browser to `url`."""

    checkout_id: str
    url: str


class CheckoutState(StrEnum):
    """Open may still be paid; pending is paid, but not believed by the provider yet; the rest is final."""

    OPEN = "open"
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class CheckoutStatus:
    """The provider's word on a checkout now; `reference` is our payment id as the provider holds it."""

    status: CheckoutState
    amount: Money
    reference: str


class RefundState(StrEnum):
    """Pending is ordered and not final; the provider announces what became of it."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund as the provider took the order; it is booked when the provider announces it."""

    refund_id: str
    status: RefundState
    amount: Money


class GatewayEventType(StrEnum):
    """What a provider may announce, in our words; the values are the sandbox's names on the wire.

    Money moves with: completed, refunded, dispute created (the provider took it back), dispute won and
    refund failed (it is ours again), payout paid. The others are noted and move nothing.
    """

    CHECKOUT_COMPLETED = "checkout.session.completed"
    CHECKOUT_PENDING = "checkout.session.pending"
    CHECKOUT_FAILED = "checkout.session.async_payment_failed"
    CHECKOUT_EXPIRED = "checkout.session.expired"
    CHARGE_REFUNDED = "charge.refunded"
    REFUND_FAILED = "refund.failed"
    REFUND_REFUSED = "refund.refused"
    DISPUTE_OPENED = "charge.dispute.opened"
    DISPUTE_CREATED = "charge.dispute.created"
    DISPUTE_WON = "charge.dispute.funds_reinstated"
    DISPUTE_CLOSED = "charge.dispute.closed"
    PAYOUT_PAID = "payout.paid"
    PAYOUT_FAILED = "payout.failed"


@dataclass(frozen=True, slots=True)
class GatewayEvent:
    """One announced fact. The provider may deliver it twice, late or out of order: `event_id` is the guard.

    `amount` is always positive: paid, refunded, disputed (charged back), given to us again (a dispute that
    was won, a refund that failed) or paid out. A payout names
    its `payout_id` and the `payment_ids` that are in it, or the whole `settlement`; every other event names
    one payment: by `payment_id`, or by the provider's own `charge_id` where it knows no other. `cause_id`
    is the refund or dispute: its money is booked once, by whichever announcement comes first.
    """

    event_id: str
    type: GatewayEventType
    payment_id: PaymentId | None
    checkout_id: str | None
    amount: Money
    occurred_at: datetime
    payout_id: str | None = None
    payment_ids: tuple[PaymentId, ...] = ()
    charge_id: str = ""
    cause_id: str = ""
    settlement: Settlement | None = None
