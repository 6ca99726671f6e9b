"""Paytrail's signature, callbacks and settlement report as our values.

Source: Paytrail Payment API (docs.paytrail.com): authentication, redirect and callback URL parameters,
payment reports. Amounts are in cents, in the report in euros; EUR is the only currency.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from sovinto.domain.checkout import CheckoutState, CheckoutStatus, GatewayEvent, GatewayEventType
from sovinto.domain.money import Money
from sovinto.domain.settlement import SettledKind, SettledLine, Settlement
from sovinto.errors import FormatRefused, NotAllowed
from sovinto.formats import payment_reference
from sovinto.formats.json_fields import JsonObject, text, text_or_none, whole
from sovinto.ids import PaymentId

CURRENCY = "EUR"
REFUND_OF = "refund:"
"""Begins the reference of a refund of ours. The signature covers it: a callback tells what it is about."""

REPORT_FIELDS = (
    "amount",
    "status",
    "reference",
    "stamp",
    "checkoutReference",
    "originalTradeReference",
    "paymentMethodFee",
    "paymentMethodCommission",
    "settlementDate",
    "settlementReference",
)
"""What we read of a report. Unless told, Paytrail sends names and addresses too."""

_ALGORITHMS = {"sha256": "sha256", "sha512": "sha512"}
_SPLITS = frozenset("\r\n")
_STATES = {
    "new": CheckoutState.OPEN,
    "ok": CheckoutState.PAID,
    "fail": CheckoutState.FAILED,
    "pending": CheckoutState.PENDING,
    "delayed": CheckoutState.PENDING,
}
_PAYMENTS = {
    "ok": GatewayEventType.CHECKOUT_COMPLETED,
    "pending": GatewayEventType.CHECKOUT_PENDING,
    "delayed": GatewayEventType.CHECKOUT_PENDING,
    "fail": GatewayEventType.CHECKOUT_FAILED,
}
_REFUNDS = {"ok": GatewayEventType.CHARGE_REFUNDED, "fail": GatewayEventType.REFUND_REFUSED}


def signature(secret: str, fields: Mapping[str, str], body: bytes = b"") -> str:
    """HMAC over every `checkout-` field in alphabetical order, and the body.

    Raises NotAllowed for an algorithm that Paytrail does not use, or an empty secret: anybody could sign.
    """
    signed = {name: value for name, value in fields.items() if name.startswith("checkout-")}
    algorithm = _ALGORITHMS.get(signed.get("checkout-algorithm", ""))
    if not secret or algorithm is None:
        raise NotAllowed("checkout-algorithm must be sha256 or sha512, and the merchant's secret set")
    lines = [f"{name}:{signed[name]}".encode() for name in sorted(signed)]
    return hmac.new(secret.encode(), b"\n".join([*lines, body]), algorithm).hexdigest()


def verify(secret: str, account: str, fields: Mapping[str, str], body: bytes = b"") -> None:
    """Raises NotAllowed unless Paytrail signed these fields and this body for our account."""
    if any(_SPLITS.intersection(name + value) for name, value in fields.items()):
        # The signature joins fields by line ends: with one inside, the same bytes could say something else.
        raise NotAllowed("a field must not hold a line end")
    given = fields.get("signature", "")
    expected = signature(secret, fields, body)
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise NotAllowed("the signature does not prove what came with it; check the merchant's secret")
    if fields.get("checkout-account", account) != account:
        raise NotAllowed("the message is signed for another merchant")


def read_status(payment: JsonObject) -> CheckoutStatus:
    """Raises FormatRefused on another shape."""
    state = _STATES.get(text(payment, "status"))
    if state is None:
        raise FormatRefused("status must be new, ok, fail, pending or delayed", field="status")
    return CheckoutStatus(state, _cents(payment, "amount"), text(payment, "reference"))


def read_callback(fields: Mapping[str, str], at: datetime) -> GatewayEvent | None:
    """A proven callback, told at `at`: the message itself has no time. None while a refund is not final.

    Raises FormatRefused naming the field that is absent or of another shape.
    """
    reference, status = text(fields, "checkout-reference"), text(fields, "checkout-status")
    is_refund = reference.startswith(REFUND_OF)
    kind = (_REFUNDS if is_refund else _PAYMENTS).get(status)
    if kind is None:
        if is_refund and status in ("pending", "delayed"):
            return None
        raise FormatRefused("checkout-status must be ok, pending, delayed or fail", field="checkout-status")
    amount = text(fields, "checkout-amount")
    if not (amount.isascii() and amount.isdigit()):
        raise FormatRefused("checkout-amount must be a whole number of cents", field="checkout-amount")
    stamp = text(fields, "checkout-stamp")
    # A refund that was refused at once has no transaction.
    transaction = (
        fields.get("checkout-transaction-id", "") if is_refund else text(fields, "checkout-transaction-id")
    )
    return GatewayEvent(
        event_id=f"{transaction or stamp}/{status}",
        type=kind,
        payment_id=PaymentId(reference.removeprefix(REFUND_OF)),
        checkout_id=None if is_refund else transaction,
        amount=Money(int(amount), CURRENCY),
        occurred_at=at,
        charge_id="" if is_refund else transaction,
        cause_id=stamp if is_refund else "",
    )


def read_report(body: bytes, at: datetime) -> GatewayEvent:
    """A settlement's payment report as the payout it explains: one report is one settlement.

    Raises FormatRefused for another shape, or rows of several settlements.
    """
    rows = _rows(body)
    references = {str(row.get("settlementReference") or "") for row in rows}
    days = {text_or_none(row, "settlementDate") for row in rows}
    if len(references) != 1 or len(days) != 1 or "" in references | days:
        raise FormatRefused("the report must be of one settlement", field="settlementReference")
    # The bank line of the settlement carries it, as banks write references.
    payout_id = payment_reference.normalise(references.pop())
    lines = [_line(row, number) for number, row in enumerate(rows, 1)]
    fees = _fees(rows, payout_id)
    settlement = Settlement(
        payout_id=payout_id,
        currency=CURRENCY,
        amount=None,
        paid_on=_day(days.pop()),
        lines=(*lines, *fees),
    )
    return GatewayEvent(
        event_id=payout_id,
        type=GatewayEventType.PAYOUT_PAID,
        payment_id=None,
        checkout_id=None,
        amount=settlement.net,
        occurred_at=at,
        payout_id=payout_id,
        settlement=settlement,
    )


def _rows(body: bytes) -> list[JsonObject]:
    try:
        rows = json.loads(body, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise FormatRefused("the report is not JSON in UTF-8") from error
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise FormatRefused("the report must be a list of payments, not empty")
    return rows


def _line(row: JsonObject, number: int) -> SettledLine:
    """Payments bring our payment id as their reference, refunds of ours the refund's reference."""
    cents = _euros(row, "amount") * 100
    if cents.denominator != 1:
        raise FormatRefused(f"amount of row {number} has more than two decimals", field="amount")
    reference = text_or_none(row, "reference")
    is_refund = bool(row.get("originalTradeReference")) or reference.startswith(REFUND_OF)
    stamp = text_or_none(row, "stamp") or str(row.get("checkoutReference") or f"row {number}")
    payment_id = reference.removeprefix(REFUND_OF)
    return SettledLine(
        line_id=stamp,
        kind=SettledKind.REFUND if is_refund else SettledKind.PAYMENT,
        gross=Money(cents.numerator, CURRENCY),
        fee=Money.zero(CURRENCY),
        payment_id=PaymentId(payment_id) if payment_id else None,
        cause_id=stamp if is_refund else "",
        word=text_or_none(row, "status"),
    )


def _fees(rows: list[JsonObject], payout_id: str) -> tuple[SettledLine, ...]:
    """Paytrail counts a fee in parts of a cent: the sum is rounded, once."""
    exact = sum(
        (_euros(row, "paymentMethodFee") + _euros(row, "paymentMethodCommission") for row in rows),
        Fraction(0),
    )
    fee = Money.rounded(exact * 100, CURRENCY)
    if not fee:
        return ()
    zero = Money.zero(CURRENCY)
    return (SettledLine(f"fees of {payout_id}", SettledKind.FEE, zero, fee, word="paymentMethodFee"),)


def _euros(row: JsonObject, name: str) -> Fraction:
    given = row.get(name)
    if given is None:
        return Fraction(0)
    try:
        value = Decimal(str(given))
    except InvalidOperation as error:
        raise FormatRefused(f"{name} {given!r} is not an amount in euros", field=name) from error
    if isinstance(given, bool) or not value.is_finite() or abs(value.adjusted()) > 12:
        raise FormatRefused(f"{name} {given!r} is not an amount in euros", field=name)
    return Fraction(value)


def _day(given: str) -> date:
    try:
        return datetime.strptime(given, "%d-%m-%Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise FormatRefused(
            "settlementDate must be a day such as 30-06-2026", field="settlementDate"
        ) from error


def _cents(payment: JsonObject, name: str) -> Money:
    currency = text_or_none(payment, "currency") or CURRENCY
    if currency != CURRENCY:
        raise FormatRefused(f"currency must be {CURRENCY}", field="currency")
    return Money(whole(payment, name), CURRENCY)
