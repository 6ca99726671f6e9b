"""Paytrail against a local double of its published API: signatures, callbacks, reports, bad days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qsl

import pytest
from sovinto.domain.checkout import (
    CheckoutState,
    CheckoutStatus,
    GatewayEvent,
    GatewayEventType,
    RefundState,
)
from sovinto.domain.money import Money
from sovinto.domain.settlement import SettledKind, explained, why_held
from sovinto.errors import (
    FormatRefused,
    InvalidInput,
    NotAllowed,
    UpstreamRefused,
)
from sovinto.formats import paytrail_message

from tests.support.paytrail_calls import AMOUNT, AT, PAYMENT, gateway, heard, opened
from tests.support.paytrail_double import (
    ACCOUNT,
    SECRET,
    PaytrailDouble,
    Told,
    paytrail_double,
    query,
    sign,
)

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def double() -> Iterator[PaytrailDouble]:
    with paytrail_double() as found:
        yield found


def event(double: PaytrailDouble, told: Told | None = None) -> GatewayEvent:
    found = heard(double, told)
    assert found is not None
    return found


def test_the_documents_own_example_has_the_documents_own_signature() -> None:
    """docs.paytrail.com, "HMAC calculation (node.js)": the published payload and its published digest."""
    headers = {
        "checkout-account": "375917",
        "checkout-algorithm": "sha256",
        "checkout-method": "POST",
        "checkout-nonce": "564635208570151",
        "checkout-timestamp": "2018-07-06T10:01:31.904Z",
    }
    body = (
        b'{"stamp":"unique-identifier-for-merchant","reference":"3759170","amount":1525,"currency":"EUR",'
        b'"language":"FI","items":[{"unitPrice":1525,"units":1,"vatPercentage":24,"productCode":"#1234",'
        b'"deliveryDate":"2018-09-01"}],"customer":{"email":"test.customer@example.com"},"redirectUrls":'
        b'{"success":"https://ecom.example.com/cart/success","cancel":"https://ecom.example.com/cart/cancel"}}'
    )
    assert paytrail_message.signature(SECRET, headers, body) == (
        "3708f6497ae7cc55a2e6009fc90aa10c3ad0ef125260ee91b19168750f6d74f6"
    )


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_a_payment_is_opened_and_found(double: PaytrailDouble, algorithm: str) -> None:
    checkout = opened(double, algorithm=algorithm)
    assert opened(double, algorithm=algorithm) == checkout
    assert checkout.url.startswith("https://pay.paytrail.com/")
    found = gateway(double).find_checkout(checkout.checkout_id)
    assert found == CheckoutStatus(CheckoutState.OPEN, AMOUNT, PAYMENT)


def test_only_three_languages_and_one_currency(double: PaytrailDouble) -> None:
    opened(double, language="et")
    assert b'"language":"EN"' in double.day.calls[-1].body
    with pytest.raises(InvalidInput, match="EUR only"):
        opened(double, amount=Money(100, "SEK"))


def test_a_stamp_with_another_amount_nothing_and_a_stranger_are_refused(double: PaytrailDouble) -> None:
    opened(double)
    with pytest.raises(UpstreamRefused, match="Stamp"):
        opened(double, amount=Money(1, "EUR"))
    with pytest.raises(UpstreamRefused, match="Validation"):
        opened(double, amount=Money(0, "EUR"), name="pay_2")
    with pytest.raises(UpstreamRefused, match="404"):
        gateway(double).find_checkout("../settlements?x")
    with pytest.raises(UpstreamRefused, match="401"):
        opened(double, secret="other")


@pytest.mark.parametrize(
    ("status", "kind", "state"),
    [
        ("ok", GatewayEventType.CHECKOUT_COMPLETED, CheckoutState.PAID),
        ("pending", GatewayEventType.CHECKOUT_PENDING, CheckoutState.PENDING),
        ("delayed", GatewayEventType.CHECKOUT_PENDING, CheckoutState.PENDING),
        ("fail", GatewayEventType.CHECKOUT_FAILED, CheckoutState.FAILED),
    ],
)
def test_a_callback_tells_what_became_of_a_payment(
    double: PaytrailDouble, status: str, kind: GatewayEventType, state: CheckoutState
) -> None:
    checkout = opened(double)
    told = event(double, double.pay(checkout.checkout_id, status))
    assert (told.type, told.payment_id, told.checkout_id) == (kind, PAYMENT, checkout.checkout_id)
    assert (told.amount, told.occurred_at) == (AMOUNT, AT)
    assert gateway(double).find_checkout(checkout.checkout_id).status is state


def test_a_callback_that_is_not_signed_by_paytrail_is_refused(double: PaytrailDouble) -> None:
    good = double.pay(opened(double).checkout_id, "fail")
    fields = dict(parse_qsl(good.body.decode()))
    unsigned = {name: value for name, value in fields.items() if name != "signature"}
    bad = [
        Told(good.body.replace(b"status=fail", b"status=ok"), {}),
        Told(good.body.replace(b"amount=13147", b"amount=1"), {}),
        Told(good.body + b"&checkout-extra=1", {}),
        Told(good.body + b"&checkout-status=ok", {}),
        Told(good.body.partition(b"&signature")[0], {}),
        query(unsigned, "other"),
        query(unsigned | {"checkout-account": "695861"}),
        Told(b"", {}),
    ]
    for one in bad:
        with pytest.raises(NotAllowed):
            heard(double, one)
    with pytest.raises(NotAllowed):
        heard(double, Told(good.body.replace(b"sha256", b"md5"), {}))
    with pytest.raises(NotAllowed, match="secret"):
        gateway(double, secret="").read_event(good.body, {})


def test_a_field_that_is_added_later_is_proven_with_the_others(double: PaytrailDouble) -> None:
    fields = dict(parse_qsl(double.pay(opened(double).checkout_id).body.decode()))
    del fields["signature"]
    assert event(double, query(fields | {"checkout-settlement-reference": "123"})).amount == AMOUNT


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("checkout-status", "maybe"),
        ("checkout-amount", "1.5"),
        ("checkout-amount", "-1"),
        ("checkout-stamp", ""),
    ],
)
def test_a_proven_callback_of_another_shape_is_refused(
    double: PaytrailDouble, name: str, value: str
) -> None:
    fields = dict(parse_qsl(double.pay(opened(double).checkout_id).body.decode()))
    del fields["signature"]
    with pytest.raises(FormatRefused) as refused:
        heard(double, query(fields | {name: value}))
    assert refused.value.field == name


def test_a_refund_is_pending_until_its_callback(double: PaytrailDouble) -> None:
    checkout = opened(double)
    double.pay(checkout.checkout_id)
    made = gateway(double).order_refund(checkout.checkout_id, Money(147, "EUR"), idempotency_key="r1")
    assert (made.refund_id, made.status) == ("r1", RefundState.PENDING)
    assert heard(double, double.end_refund("pending")) is None
    told = event(double, double.end_refund())
    assert (told.type, told.payment_id) == (GatewayEventType.CHARGE_REFUNDED, PAYMENT)
    assert (told.amount, told.cause_id) == (Money(147, "EUR"), "r1")
    assert event(double, double.end_refund("fail")).type is GatewayEventType.REFUND_REFUSED
    with pytest.raises(UpstreamRefused, match="exceeds"):
        gateway(double).order_refund(checkout.checkout_id, AMOUNT, idempotency_key="r2")


def test_a_settlement_is_ordered_and_explained(double: PaytrailDouble) -> None:
    pages = [opened(double, Money(1_999, "EUR"), f"pay_{number}").checkout_id for number in range(3)]
    for page in pages:
        double.pay(page)
    gateway(double).order_refund(pages[0], Money(147, "EUR"), idempotency_key="r1")
    double.settle(678)
    assert gateway(double).order_reports(date(2026, 6, 1)) == ("4566678",)
    told = event(double)
    found = told.settlement
    assert found is not None and why_held(found) == "" and found.paid_on == date(2026, 6, 30)
    assert [line.kind for line in found.lines] == [SettledKind.PAYMENT] * 3 + [
        SettledKind.REFUND,
        SettledKind.FEE,
    ]
    sums = explained(found)
    # Three times 0.35 + 0.024 is 1.122: rounded once.
    assert (sums.gross, sums.refunds, sums.fees, sums.net) == (5_997, 147, 112, 5_738)
    assert told.amount == Money(5_738, "EUR") and told.payout_id == "4566678"


def test_a_report_that_was_changed_or_is_of_two_settlements_is_refused(double: PaytrailDouble) -> None:
    double.pay(opened(double).checkout_id)
    rows = double.settle(1)
    told = double.report(rows)
    with pytest.raises(NotAllowed):
        heard(double, Told(told.body.replace(b"131.47", b"931.47"), told.headers))
    with pytest.raises(FormatRefused, match="one settlement"):
        heard(double, double.report([*rows, rows[0] | {"settlementReference": "9"}]))
    for body in (b"[]", b"{}", b"no", b'[{"settlementReference":"1","settlementDate":"x"}]'):
        headers = {"checkout-account": ACCOUNT, "checkout-algorithm": "sha256"}
        with pytest.raises(FormatRefused):
            heard(double, Told(body, headers | {"signature": sign(headers, body)}))
    for amount in (1.005, "1e99", True, "x"):
        with pytest.raises(FormatRefused):
            heard(double, double.report([rows[0] | {"amount": amount}]))
