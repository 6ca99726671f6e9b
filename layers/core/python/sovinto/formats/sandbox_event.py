"""The payment sandbox's JSON: webhook events and checkout sessions as plain values."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sovinto.domain.checkout import CheckoutState, CheckoutStatus, GatewayEvent, GatewayEventType
from sovinto.domain.money import Money
from sovinto.errors import FormatRefused, InvalidInput
from sovinto.ids import PaymentId

_STATES = {"open": CheckoutState.OPEN, "complete": CheckoutState.PAID, "expired": CheckoutState.EXPIRED}

JsonObject = dict[str, object]


def read_event(body: bytes) -> GatewayEvent:
    """One webhook body, already proven to come from the provider.

    Raises FormatRefused naming the field that is absent or of another shape, or an unknown type.
    """
    event = read_object(body)
    data = _child(_child(event, "data"), "object")
    kind = _event_type(_text(event, "type"))
    is_payout = kind is GatewayEventType.PAYOUT_PAID
    return GatewayEvent(
        event_id=_text(event, "id"),
        type=kind,
        payment_id=None if is_payout else PaymentId(_text(data, "reference")),
        checkout_id=None if is_payout else _text(data, "session_id"),
        amount=_money(data),
        occurred_at=_instant(event, "created"),
        payout_id=_text(data, "id") if is_payout else None,
        payment_ids=_payments(data) if is_payout else (),
    )


def read_status(session: JsonObject) -> CheckoutStatus:
    """A checkout session as the provider describes it. Raises FormatRefused on another shape."""
    status = _text(session, "status")
    if status not in _STATES:
        raise FormatRefused(f"status {status!r} is not open, complete or expired", field="status")
    return CheckoutStatus(_STATES[status], _money(session), _text(session, "reference"))


def read_object(body: bytes) -> JsonObject:
    """A JSON object, no floats in it. Raises FormatRefused on anything else."""
    try:
        value = json.loads(body, parse_float=_refuse_number, parse_constant=_refuse_number)
    except (ValueError, RecursionError) as error:
        raise FormatRefused("the body is not JSON in UTF-8; send one JSON object") from error
    if not isinstance(value, dict):
        raise FormatRefused("the body is not a JSON object; send one JSON object")
    return value


def _refuse_number(text: str) -> object:
    raise FormatRefused(f"number {text} is not whole; send amounts in minor units and times in seconds")


def _event_type(text: str) -> GatewayEventType:
    try:
        return GatewayEventType(text)
    except ValueError as error:
        known = ", ".join(kind.value for kind in GatewayEventType)
        raise FormatRefused(
            f"type {text!r} is not handled; subscribe only to {known}", field="type"
        ) from error


def _child(parent: JsonObject, name: str) -> JsonObject:
    value = parent.get(name)
    if not isinstance(value, dict):
        raise FormatRefused(f"{name} must be a JSON object; add it", field=name)
    return value


def _text(parent: JsonObject, name: str) -> str:
    value = parent.get(name)
    if not isinstance(value, str) or not value:
        raise FormatRefused(f"{name} must be a text that is not empty; add it", field=name)
    return value


def _whole(parent: JsonObject, name: str) -> int:
    value = parent.get(name)
    if type(value) is not int or value < 0:
        raise FormatRefused(f"{name} must be a whole number of zero or more; add it", field=name)
    return value


def _instant(parent: JsonObject, name: str) -> datetime:
    seconds = _whole(parent, name)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise FormatRefused(f"{name} {seconds} is not a time in unix seconds", field=name) from error


def _money(parent: JsonObject) -> Money:
    try:
        return Money(_whole(parent, "amount_minor"), _text(parent, "currency"))
    except FormatRefused:
        raise
    except InvalidInput as error:
        raise FormatRefused(error.message, field="currency") from error


def _payments(payout: JsonObject) -> tuple[PaymentId, ...]:
    items = payout.get("payments")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise FormatRefused("payments must be a list of JSON objects; add it", field="payments")
    return tuple(PaymentId(_text(item, "reference")) for item in items)
