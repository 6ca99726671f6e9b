"""What the payment provider announces, possibly twice, late or out of order."""

from __future__ import annotations

from datetime import datetime

from sovinto.countries import load_calendar
from sovinto.domain import accounts
from sovinto.domain.checkout import GatewayEvent, GatewayEventType
from sovinto.domain.payment import Payment
from sovinto.errors import InvalidInput
from sovinto.ports import Cases, Clock, Guard
from sovinto.usecases.payouts import announce
from sovinto.usecases.record_payment import record_payment


def hear_gateway(provider: str, event: GatewayEvent, *, cases: Cases, clock: Clock) -> str:
    """Returns what was done: recorded, repeated, noted or ignored. Raises InvalidInput for a payment
    we never began."""
    if event.type is GatewayEventType.CHECKOUT_COMPLETED:
        return _paid(provider, event, cases, clock)
    if event.type is GatewayEventType.PAYOUT_PAID:
        is_new = announce(provider, event, cases=cases, clock=clock)
        return "noted" if is_new else "repeated"
    return "ignored"


def _paid(provider: str, event: GatewayEvent, cases: Cases, clock: Clock) -> str:
    attempt = cases.attempt(event.payment_id) if event.payment_id else None
    if attempt is None or event.payment_id is None:
        raise InvalidInput("reference names no payment that was begun here", field="reference")
    country = cases.load(attempt.case_id).country
    received = Payment(
        payment_id=event.payment_id,
        source=provider,
        source_id=event.checkout_id or event.payment_id,
        value_on=load_calendar(country).local_date(_latest_now(event.occurred_at, clock)),
        amount=event.amount,
    )
    guard = Guard(f"SEEN#{provider}", event.payment_id, event.event_id)
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
