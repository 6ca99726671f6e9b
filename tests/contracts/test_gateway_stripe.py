"""Stripe by its own SDK against a local double of its published API: pages, refunds, words, bad days."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sovinto.adapters.stripe_gateway import StripeGateway
from sovinto.adapters.system import real_now
from sovinto.domain.checkout import Checkout, CheckoutState, CheckoutStatus, GatewayEvent, GatewayEventType
from sovinto.domain.money import Money
from sovinto.domain.settlement import SettledKind, explained, why_held
from sovinto.errors import FormatRefused, InvalidInput, NotAllowed, UpstreamRefused, UpstreamUnavailable
from sovinto.formats import stripe_object
from sovinto.ids import PaymentId

from tests.support.local_http import Answer
from tests.support.stripe_double import API_KEY, SECRET, Posted, StripeDouble, stripe_double

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PAYMENT = PaymentId("pay_1")
AMOUNT = Money(13_147, "EUR")


@pytest.fixture
def double() -> Iterator[StripeDouble]:
    with stripe_double(int(real_now().timestamp())) as found:
        yield found


def gateway(double: StripeDouble, **given: object) -> StripeGateway:
    values = {"api_key": API_KEY, "webhook_secret": SECRET, "now": real_now, "base_url": double.url}
    return StripeGateway(**(values | given))  # type: ignore[arg-type]


def opened(
    double: StripeDouble, amount: Money = AMOUNT, key: str = "k1", name: str = PAYMENT, **given: object
) -> Checkout:
    return gateway(double, **given).create_checkout(
        payment_id=PaymentId(name),
        amount=amount,
        description="Case S-1001 (Äänekoski)",
        success_url="https://pages.example/d/done",
        cancel_url="https://pages.example/d/back",
        language="fi",
        idempotency_key=key,
    )


def heard(double: StripeDouble, posted: Posted | None = None) -> GatewayEvent | None:
    one = posted or double.told[-1]
    return gateway(double).read_event(one.body, one.headers)


def event(double: StripeDouble, posted: Posted | None = None) -> GatewayEvent:
    found = heard(double, posted)
    assert found is not None
    return found


def test_a_session_holds_our_payment_and_the_same_key_gives_it_again(double: StripeDouble) -> None:
    first, second = opened(double), opened(double)
    assert first == second
    session = double.sessions[first.checkout_id]
    assert (session["mode"], session["locale"], session["client_reference_id"]) == (
        "payment",
        "fi",
        PAYMENT,
    )
    found = gateway(double).find_checkout(first.checkout_id)
    assert found == CheckoutStatus(CheckoutState.OPEN, AMOUNT, PAYMENT)


def test_a_key_that_came_with_another_amount_is_refused(double: StripeDouble) -> None:
    opened(double)
    with pytest.raises(UpstreamRefused, match="idempotent"):
        opened(double, amount=Money(1, "EUR"))


def test_an_expiry_is_passed_on_where_stripe_takes_it(double: StripeDouble) -> None:
    pages = gateway(double)
    for hours, is_taken in ((2, True), (48, False), (0, False)):
        at = real_now() + timedelta(hours=hours)
        assert (pages._expiry(at) == {"expires_at": int(at.timestamp())}) is is_taken
    assert pages._expiry(None) == {}


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(Money(5_000, "JPY"), 5_000), (Money(5_000, "ISK"), 500_000), (Money(5_000, "SEK"), 5_000)],
)
def test_amounts_are_right_in_currencies_without_decimals(
    double: StripeDouble, amount: Money, expected: int
) -> None:
    checkout = opened(double, amount=amount)
    assert double.sessions[checkout.checkout_id]["amount_total"] == expected
    assert event(double, double.pay(checkout.checkout_id)).amount == amount


def test_what_a_currency_cannot_hold_is_refused() -> None:
    with pytest.raises(FormatRefused, match="finer"):
        stripe_object.money(150, "isk")
    with pytest.raises(InvalidInput, match="decimals"):
        stripe_object.units(Money(50, "KRW"))


def test_a_payment_is_told(double: StripeDouble) -> None:
    checkout = opened(double)
    told = event(double, double.pay(checkout.checkout_id))
    assert told.type is GatewayEventType.CHECKOUT_COMPLETED
    assert (told.payment_id, told.checkout_id, told.amount) == (PAYMENT, checkout.checkout_id, AMOUNT)
    assert told.charge_id.startswith("pi_")
    assert told.occurred_at == datetime.fromtimestamp(double.now, UTC)
    assert gateway(double).find_checkout(checkout.checkout_id).status is CheckoutState.PAID


@pytest.mark.parametrize("is_paid", [True, False])
def test_a_slow_payment_is_not_final_until_it_is_told(double: StripeDouble, is_paid: bool) -> None:
    checkout = opened(double)
    assert event(double, double.pay(checkout.checkout_id, is_slow=True)).type is (
        GatewayEventType.CHECKOUT_PENDING
    )
    assert gateway(double).find_checkout(checkout.checkout_id).status is CheckoutState.PENDING
    expected = GatewayEventType.CHECKOUT_COMPLETED if is_paid else GatewayEventType.CHECKOUT_FAILED
    assert event(double, double.finish(checkout.checkout_id, is_paid=is_paid)).type is expected


def test_an_expiry_is_told(double: StripeDouble) -> None:
    checkout = opened(double)
    assert event(double, double.expire(checkout.checkout_id)).type is GatewayEventType.CHECKOUT_EXPIRED
    assert gateway(double).find_checkout(checkout.checkout_id).status is CheckoutState.EXPIRED


def test_a_refund_is_made_once_per_key_and_told_by_its_own_id(double: StripeDouble) -> None:
    checkout = opened(double)
    double.pay(checkout.checkout_id)
    pages = gateway(double)
    made = {
        pages.order_refund(checkout.checkout_id, Money(147, "EUR"), idempotency_key="r1") for _ in range(2)
    }
    assert len(made) == 1 == len(double.refunds)
    told = event(double, double.told[-2])
    assert (told.type, told.payment_id) == (GatewayEventType.CHARGE_REFUNDED, PAYMENT)
    assert (told.amount, told.cause_id) == (Money(147, "EUR"), made.pop().refund_id)
    assert heard(double) is None, "charge.refunded names only the sum"


def test_a_refund_made_in_the_dashboard_names_the_charge(double: StripeDouble) -> None:
    checkout = opened(double)
    paid = event(double, double.pay(checkout.checkout_id))
    told = event(double, double.refund_in_dashboard(checkout.checkout_id, 500))
    assert (told.payment_id, told.charge_id) == (None, paid.charge_id)


def test_a_refund_of_nothing_or_too_much_is_refused(double: StripeDouble) -> None:
    checkout = opened(double)
    with pytest.raises(UpstreamRefused, match="nothing was paid"):
        gateway(double).order_refund(checkout.checkout_id, AMOUNT, idempotency_key="r1")
    double.pay(checkout.checkout_id)
    with pytest.raises(UpstreamRefused, match="greater than"):
        gateway(double).order_refund(checkout.checkout_id, Money(20_000, "EUR"), idempotency_key="r2")


def test_a_refund_that_failed_is_told(double: StripeDouble) -> None:
    checkout = opened(double)
    double.pay(checkout.checkout_id)
    made = gateway(double).order_refund(checkout.checkout_id, Money(147, "EUR"), idempotency_key="r1")
    told = event(double, double.fail_refund(made.refund_id))
    assert (told.type, told.cause_id) == (GatewayEventType.REFUND_FAILED, made.refund_id)


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_a_refund_that_failed_before_it_was_announced_is_no_refund(
    double: StripeDouble, status: str
) -> None:
    checkout = opened(double)
    double.pay(checkout.checkout_id)
    made = gateway(double).order_refund(checkout.checkout_id, Money(147, "EUR"), idempotency_key="r1")
    refund = double.refunds[made.refund_id] | {"status": status}
    assert heard(double, double.tell("refund.created", refund)) is None


def test_a_dispute_takes_the_money_when_it_is_withdrawn(double: StripeDouble) -> None:
    checkout = opened(double)
    double.pay(checkout.checkout_id)
    double.told.clear()
    double.dispute(checkout.checkout_id, is_inquiry=True)
    dispute = double.dispute(checkout.checkout_id)
    double.end_dispute(dispute, is_won=True)
    types = [event(double, one).type for one in double.told]
    assert types == [
        GatewayEventType.DISPUTE_OPENED,
        GatewayEventType.DISPUTE_OPENED,
        GatewayEventType.DISPUTE_CREATED,
        GatewayEventType.DISPUTE_WON,
        GatewayEventType.DISPUTE_CLOSED,
    ]


def test_a_payout_comes_with_all_its_lines_page_by_page(double: StripeDouble) -> None:
    double.page_size = 2
    for number in range(5):
        double.pay(opened(double, Money(1_000, "EUR"), f"k{number}", f"pay_{number}").checkout_id)
    first = next(iter(double.sessions))
    double.refund_in_dashboard(first, 100)
    double.dispute(first)
    told = event(double, double.close_day())
    found = told.settlement
    assert found is not None and why_held(found) == ""
    assert [line.kind for line in found.lines].count(SettledKind.PAYMENT) == 5
    sums = explained(found)
    assert (sums.gross, sums.fees, sums.refunds, sums.chargebacks) == (5_000, 5 * 45 + 1_500, 100, 900)
    assert sums.net == told.amount.minor
    assert sum(call.path.startswith("/v1/balance_transactions") for call in double.day.calls) == 4


def test_a_payout_that_is_not_reconciled_waits_and_a_manual_one_is_held(double: StripeDouble) -> None:
    double.pay(opened(double).checkout_id)
    waiting = event(double, double.close_day(status="in_progress")).settlement
    assert waiting is not None and not waiting.is_final
    double.pay(opened(double, key="k2", name="pay_2").checkout_id)
    manual = event(double, double.close_day(status="not_applicable")).settlement
    assert manual is not None and manual.is_final and "131.02 is not explained" in why_held(manual)


def test_what_we_do_not_follow_is_passed_over(double: StripeDouble) -> None:
    assert heard(double, double.tell("customer.created", {"id": "cus_1"})) is None
    stranger = {"id": "cs_x", "amount_total": 1, "currency": "eur", "metadata": {}}
    assert heard(double, double.tell("checkout.session.expired", stranger)) is None


def test_a_word_that_is_not_stripes_is_refused(double: StripeDouble) -> None:
    posted = double.pay(opened(double).checkout_id)
    body = posted.body.decode()
    bad = [
        double.signed(body, secret="whsec_other"),
        double.signed(body, at=double.now - 301),
        Posted(posted.body + b" ", posted.headers),
        Posted(posted.body.replace(b"13147", b"99999"), posted.headers),
        Posted(posted.body, {}),
        Posted(posted.body, {"stripe-signature": "t=x,v1=0"}),
    ]
    for one in bad:
        with pytest.raises(NotAllowed):
            heard(double, one)
    with pytest.raises(NotAllowed):
        gateway(double, webhook_secret="").read_event(posted.body, posted.headers)


@pytest.mark.parametrize("body", ["[]", "7", "not json", '{"object": "event"}', "{}", '{"type": []}'])
def test_a_proven_body_of_another_shape_is_refused(double: StripeDouble, body: str) -> None:
    with pytest.raises(FormatRefused):
        heard(double, double.signed(body))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(429, b'{"error": {"message": "slow down"}}', {"Retry-After": "7"}), "after 7 seconds"),
        (Answer(429, b"{}"), "busy"),
        (Answer(409, b'{"error": {"code": "idempotency_key_in_use", "message": "x"}}'), "busy"),
        (Answer(503, b"<html>"), "status 503"),
        (Answer(200, b"<html>"), "try again"),
        (Answer(200, b"[]"), "try again"),
        (Answer(200, b'{"id": 7, "object": "checkout.session"}'), "try again"),
        (None, "in time"),
    ],
)
def test_a_bad_day_may_be_asked_again_and_opens_one_page(
    double: StripeDouble, answer: Answer | None, said: str
) -> None:
    double.day.is_after = True
    double.day.answers = [answer]
    with pytest.raises(UpstreamUnavailable, match=said):
        opened(double, timeout_seconds=0.2 if answer is None else 10)
    opened(double)
    assert len(double.sessions) == 1


def test_a_server_that_is_not_there_may_be_asked_again(double: StripeDouble) -> None:
    with pytest.raises(UpstreamUnavailable):
        opened(double, base_url="http://127.0.0.1:1")


def test_no_key_is_seen_in_logs_or_errors(double: StripeDouble, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    opened(double)
    with pytest.raises(UpstreamRefused, match="our key") as refused:
        opened(double, key="k9", api_key="sk_live_very_secret")
    seen = caplog.text + str(refused.value) + repr(gateway(double))
    assert API_KEY not in seen and "very_secret" not in seen and SECRET not in seen


@pytest.mark.parametrize("url", ["", "http://api.stripe.example", "ftp://localhost", "https://["])
def test_the_key_is_not_sent_in_the_clear(url: str) -> None:
    with pytest.raises(InvalidInput, match="https://"):
        StripeGateway(API_KEY, SECRET, real_now, base_url=url)
