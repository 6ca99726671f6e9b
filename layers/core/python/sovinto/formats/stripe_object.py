"""Stripe's objects as our values: sessions, refunds, disputes, payouts and their balance transactions.

Source: Stripe API reference (Checkout Session, Refund, Dispute, Payout, Balance Transaction) and its guide
to currencies: amounts are in the smallest unit, but ISK and UGX are written with two decimals.
"""

from __future__ import annotations

from datetime import datetime

from sovinto.domain.checkout import (
    CheckoutState,
    CheckoutStatus,
    GatewayEvent,
    GatewayEventType,
    Refund,
    RefundState,
)
from sovinto.domain.money import Money, exponent
from sovinto.domain.settlement import SettledKind, SettledLine
from sovinto.errors import FormatRefused, InvalidInput
from sovinto.formats.json_fields import JsonObject, child, instant, named, text, text_or_none, whole
from sovinto.ids import PaymentId

_NO_DECIMALS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "JPY",
        "KMF",
        "KRW",
        "MGA",
        "PYG",
        "RWF",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
_THREE_DECIMALS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])

_SESSIONS = {
    "checkout.session.completed": GatewayEventType.CHECKOUT_COMPLETED,
    "checkout.session.async_payment_succeeded": GatewayEventType.CHECKOUT_COMPLETED,
    "checkout.session.async_payment_failed": GatewayEventType.CHECKOUT_FAILED,
    "checkout.session.expired": GatewayEventType.CHECKOUT_EXPIRED,
}
# `charge.refunded` is left alone: it names only the sum of all refunds; `refund.created` tells of each.
_CAUSES = {
    "refund.created": GatewayEventType.CHARGE_REFUNDED,
    "refund.failed": GatewayEventType.REFUND_FAILED,
    "charge.dispute.created": GatewayEventType.DISPUTE_OPENED,
    "charge.dispute.funds_withdrawn": GatewayEventType.DISPUTE_CREATED,
    "charge.dispute.funds_reinstated": GatewayEventType.DISPUTE_WON,
    "charge.dispute.closed": GatewayEventType.DISPUTE_CLOSED,
}
# A payout's lines can be read only once the provider has reconciled it, which may be after it was paid.
_PAYOUTS = {
    "payout.paid": GatewayEventType.PAYOUT_PAID,
    "payout.reconciliation_completed": GatewayEventType.PAYOUT_PAID,
    "payout.failed": GatewayEventType.PAYOUT_FAILED,
}
EVENTS = (*_SESSIONS, *_CAUSES, "refund.updated", *_PAYOUTS)
"""What a webhook endpoint has to be subscribed to."""

_LINES = {
    "charge": SettledKind.PAYMENT,
    "payment": SettledKind.PAYMENT,
    "refund": SettledKind.REFUND,
    "payment_refund": SettledKind.REFUND,
    "refund_failure": SettledKind.REFUND_RETURNED,
    "stripe_fee": SettledKind.FEE,
    "stripe_fx_fee": SettledKind.FEE,
    "tax_fee": SettledKind.FEE,
    "payout_failure": SettledKind.CARRIED,
    "payout_cancel": SettledKind.CARRIED,
    "reserve_transaction": SettledKind.RESERVE,
    "reserved_funds": SettledKind.RESERVE,
    "reserve_hold": SettledKind.RESERVE,
    "reserve_release": SettledKind.RESERVE,
    "payout_minimum_balance_hold": SettledKind.RESERVE,
    "payout_minimum_balance_release": SettledKind.RESERVE,
    "payment_network_reserve_hold": SettledKind.RESERVE,
    "payment_network_reserve_release": SettledKind.RESERVE,
}


def units(amount: Money) -> int:
    """The amount as Stripe counts it. Raises InvalidInput for a part that Stripe cannot write."""
    shift = _decimals(amount.currency) - exponent(amount.currency)
    if shift >= 0:
        return amount.minor * _power(shift)
    value, rest = divmod(amount.minor, _power(-shift))
    if rest:
        raise InvalidInput(f"{amount.decimal()} {amount.currency} has decimals that Stripe does not take")
    return value


def money(value: int, currency: str) -> Money:
    """Stripe's amount as ours. Raises FormatRefused for a part of our smallest unit."""
    name = currency.upper()
    shift = exponent(name) - _decimals(name)
    minor, rest = (value * _power(shift), 0) if shift >= 0 else divmod(value, _power(-shift))
    if rest:
        raise FormatRefused(f"amount {value} {name} is finer than the currency allows", field="amount")
    try:
        return Money(minor, name)
    except InvalidInput as error:
        raise FormatRefused(error.message, field="currency") from error


def _power(digits: int) -> int:
    return int("1" + "0" * digits)


def _decimals(currency: str) -> int:
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def read_status(session: JsonObject) -> CheckoutStatus:
    """A checkout session now. Raises FormatRefused on another shape."""
    return CheckoutStatus(_state(session), _money(session, "amount_total"), payment_of(session))


def _state(session: JsonObject) -> CheckoutState:
    status = text(session, "status")
    if status == "complete":
        is_paid = text(session, "payment_status") in ("paid", "no_payment_required")
        return CheckoutState.PAID if is_paid else CheckoutState.PENDING
    states = {"open": CheckoutState.OPEN, "expired": CheckoutState.EXPIRED}
    if status not in states:
        raise FormatRefused(f"status {status!r} is not open, complete or expired", field="status")
    return states[status]


def read_refund(refund: JsonObject) -> Refund:
    """Raises FormatRefused on another shape."""
    states = {"succeeded": RefundState.DONE, "failed": RefundState.FAILED, "canceled": RefundState.FAILED}
    state = states.get(text(refund, "status"), RefundState.PENDING)
    return Refund(text(refund, "id"), state, _money(refund, "amount"))


def payment_of(thing: JsonObject) -> str:
    """Our payment id as Stripe keeps it for us; empty where the object is not of ours."""
    kept = thing.get("metadata")
    given = text_or_none(kept, "payment_id") if isinstance(kept, dict) else ""
    return given or text_or_none(thing, "client_reference_id")


def read_event(event: JsonObject) -> GatewayEvent | None:
    """One proven event; None for what we do not follow, and for money of another use of the same account.

    Raises FormatRefused naming the field that is absent or of another shape.
    """
    kind, thing = text(event, "type"), child(child(event, "data"), "object")
    if kind in _SESSIONS:
        return _of_session(event, kind, thing)
    if kind == "refund.created" and thing.get("status") in ("failed", "canceled"):
        # It failed before it was announced: that money never left.
        return None
    if kind in _CAUSES:
        return _of_cause(event, _CAUSES[kind], thing)
    if kind == "refund.updated" and thing.get("status") == "canceled":
        return _of_cause(event, GatewayEventType.REFUND_FAILED, thing)
    if kind in _PAYOUTS:
        return GatewayEvent(
            event_id=text(event, "id"),
            type=_PAYOUTS[kind],
            payment_id=None,
            checkout_id=None,
            amount=_money(thing, "amount"),
            occurred_at=instant(event, "created"),
            payout_id=text(thing, "id"),
        )
    return None


def _of_session(event: JsonObject, kind: str, session: JsonObject) -> GatewayEvent | None:
    payment_id = payment_of(session)
    if not payment_id:
        return None
    known = _SESSIONS[kind]
    # A slow method ends its page before its money is sure: that comes as async_payment_succeeded.
    if kind == "checkout.session.completed" and _state(session) is not CheckoutState.PAID:
        known = GatewayEventType.CHECKOUT_PENDING
    return GatewayEvent(
        event_id=text(event, "id"),
        type=known,
        payment_id=PaymentId(payment_id),
        checkout_id=text(session, "id"),
        amount=_money(session, "amount_total"),
        occurred_at=instant(event, "created"),
        charge_id=named(session, "payment_intent"),
    )


def _of_cause(event: JsonObject, kind: GatewayEventType, thing: JsonObject) -> GatewayEvent:
    return GatewayEvent(
        event_id=text(event, "id"),
        type=kind,
        payment_id=PaymentId(payment_of(thing)) if payment_of(thing) else None,
        checkout_id=None,
        amount=_money(thing, "amount"),
        occurred_at=instant(event, "created"),
        charge_id=named(thing, "payment_intent") or named(thing, "charge"),
        cause_id=text(thing, "id"),
    )


def read_line(transaction: JsonObject) -> SettledLine | None:
    """One balance transaction of a payout; None for the payout's own. Raises FormatRefused."""
    word = text(transaction, "type")
    if word == "payout":
        return None
    source = transaction.get("source")
    thing: JsonObject = source if isinstance(source, dict) else {}
    kind = _LINES.get(word, SettledKind.ADJUSTMENT)
    if thing.get("object") == "dispute":
        is_out = whole(transaction, "amount") < 0
        kind = SettledKind.CHARGEBACK if is_out else SettledKind.CHARGEBACK_RETURNED
    currency = text(transaction, "currency")
    return SettledLine(
        line_id=text(transaction, "id"),
        kind=kind,
        gross=money(whole(transaction, "amount"), currency),
        fee=money(whole(transaction, "fee"), currency),
        payment_id=PaymentId(payment_of(thing)) if payment_of(thing) else None,
        charge_id=named(thing, "payment_intent") or named(thing, "charge"),
        cause_id="" if kind is SettledKind.PAYMENT else named(transaction, "source"),
        word=word,
        happened_at=instant(transaction, "created"),
    )


def paid_at(payout: JsonObject) -> datetime:
    """When the money arrives on our account."""
    return instant(payout, "arrival_date")


def _money(thing: JsonObject, name: str) -> Money:
    return money(whole(thing, name), text(thing, "currency"))
