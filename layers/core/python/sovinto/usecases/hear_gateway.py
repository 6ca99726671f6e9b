"""What the payment provider announces, possibly twice, late or out of order."""

from __future__ import annotations

from datetime import datetime

from sovinto.countries import load_calendar
from sovinto.domain import accounts
from sovinto.domain.checkout import GatewayEvent, GatewayEventType
from sovinto.domain.payment import Attempt, Payment
from sovinto.domain.reversal import Reason
from sovinto.errors import InvalidInput
from sovinto.ids import PaymentId, derived
from sovinto.ports import Cases, Clock, Guard
from sovinto.usecases.payouts import announce
from sovinto.usecases.record_payment import record_payment
from sovinto.usecases.reverse_payment import reverse_payment

_BACK = {
    GatewayEventType.CHARGE_REFUNDED: Reason.REFUNDED,
    GatewayEventType.DISPUTE_CREATED: Reason.CHARGEBACK,
}
_AGAIN = (GatewayEventType.DISPUTE_WON, GatewayEventType.REFUND_FAILED)


def hear_gateway(provider: str, event: GatewayEvent, *, cases: Cases, clock: Clock) -> str:
    """Returns what was done: recorded, reversed, repeated, noted or ignored. Raises InvalidInput for a
    payment we never began, and NotFound for one that went back before it was announced: told again
    later, it is found."""
    if event.type is GatewayEventType.CHECKOUT_COMPLETED:
        return _paid(provider, event, cases, clock)
    if event.type in _BACK:
        return _gone_back(provider, event, cases, clock)
    if event.type in _AGAIN:
        return _come_again(provider, event, cases, clock)
    if event.type is GatewayEventType.PAYOUT_PAID:
        is_new = announce(provider, event, cases=cases, clock=clock)
        return "noted" if is_new else "repeated"
    return "ignored"


def _paid(provider: str, event: GatewayEvent, cases: Cases, clock: Clock) -> str:
    attempt = _attempt(event, cases)
    guard = Guard(f"SEEN#{provider}", attempt.payment_id, event.event_id)
    return _posted(provider, event, attempt, attempt.payment_id, guard, cases, clock)


def _come_again(provider: str, event: GatewayEvent, cases: Cases, clock: Clock) -> str:
    """A dispute that was won, a refund that failed: the provider holds that money for us once more.

    It is a payment of its own; that of the attempt stays reversed.
    """
    attempt = _attempt(event, cases)
    payment_id = PaymentId(derived("pay", provider, event.event_id))
    guard = Guard(f"SEEN#{provider}", payment_id, event.event_id)
    return _posted(provider, event, attempt, payment_id, guard, cases, clock)


def _gone_back(provider: str, event: GatewayEvent, cases: Cases, clock: Clock) -> str:
    attempt = _attempt(event, cases)
    on = load_calendar(cases.load(attempt.case_id).country).local_date(
        _latest_now(event.occurred_at, clock)
    )
    done = reverse_payment(
        attempt.payment_id,
        attempt.case_id,
        amount=event.amount,
        on=on,
        reason=_BACK[event.type],
        guard=Guard(f"SEEN#{provider}", event.event_id, attempt.payment_id),
        cases=cases,
        clock=clock,
    )
    return "repeated" if done.is_repeat else "reversed"


def _attempt(event: GatewayEvent, cases: Cases) -> Attempt:
    attempt = cases.attempt(event.payment_id) if event.payment_id else None
    if attempt is None:
        raise InvalidInput("reference names no payment that was begun here", field="reference")
    return attempt


def _posted(
    provider: str,
    event: GatewayEvent,
    attempt: Attempt,
    payment_id: PaymentId,
    guard: Guard,
    cases: Cases,
    clock: Clock,
) -> str:
    country = cases.load(attempt.case_id).country
    received = Payment(
        payment_id=payment_id,
        source=provider,
        source_id=event.checkout_id or payment_id,
        value_on=load_calendar(country).local_date(_latest_now(event.occurred_at, clock)),
        amount=event.amount,
        again_of=attempt.payment_id if payment_id != attempt.payment_id else None,
    )
    recorded = record_payment(
        received,
        case_id=attempt.case_id,
        into=accounts.psp(provider),
        guard=guard,
        cases=cases,
        clock=clock,
    )
    return "repeated" if recorded.is_repeat else "recorded"


def _latest_now(occurred_at: datetime, clock: Clock) -> datetime:
    """A provider's clock ahead of ours must not date money into the future."""
    return min(occurred_at, clock.now())
