"""What a payment gateway promises; the fake and the real adapter on the sandbox keep it alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Protocol

import pytest
from sovinto.adapters.sandbox_gateway import SandboxGateway
from sovinto.domain.checkout import Checkout, CheckoutState, CheckoutStatus, GatewayEvent, GatewayEventType
from sovinto.domain.money import Money
from sovinto.errors import FormatRefused, NotAllowed, UpstreamRefused, UpstreamUnavailable
from sovinto.formats.webhook_signature import sign
from sovinto.ids import PaymentId

from tests.support.fake_gateway import FakeGateway, Webhook
from tests.support.served_sandbox import API_KEY, SECRET, ServedSandbox, served_sandbox

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PAYMENT = PaymentId("pay_1")
AMOUNT = Money(13_147, "EUR")


class World(Protocol):
    """A gateway and the levers of the world around it."""

    @property
    def gateway(self) -> FakeGateway | SandboxGateway: ...

    secret: bytes
    now: int

    def pay(self, checkout_id: str) -> None: ...
    def expire(self, checkout_id: str) -> None: ...
    def refund(self, checkout_id: str, amount: Money) -> None: ...
    def dispute(self, checkout_id: str) -> None: ...
    def close_day(self) -> None: ...
    def be_down_once(self) -> None: ...
    def told(self) -> list[Webhook]: ...


class FakeWorld:
    def __init__(self) -> None:
        self.gateway = FakeGateway()
        self.secret = self.gateway.secret
        self.now = self.gateway.now

    def pay(self, checkout_id: str) -> None:
        self.gateway.pay(checkout_id)

    def expire(self, checkout_id: str) -> None:
        self.gateway.expire(checkout_id)

    def refund(self, checkout_id: str, amount: Money) -> None:
        self.gateway.refund(checkout_id, amount)

    def dispute(self, checkout_id: str) -> None:
        self.gateway.dispute(checkout_id)

    def close_day(self) -> None:
        self.gateway.close_day()

    def be_down_once(self) -> None:
        self.gateway.failures.append(UpstreamUnavailable("down"))

    def told(self) -> list[Webhook]:
        return self.gateway.told


class SandboxWorld:
    def __init__(self, served: ServedSandbox) -> None:
        self._served = served
        self.gateway = SandboxGateway(served.url, API_KEY)
        self.secret = SECRET
        self.now = served.now

    def pay(self, checkout_id: str) -> None:
        assert self._served.submit(checkout_id, b"card=4242+4242+4242+4242&action=pay") == 303

    def expire(self, checkout_id: str) -> None:
        self._served.post(f"/v1/checkout/sessions/{checkout_id}/expire", {})

    def refund(self, checkout_id: str, amount: Money) -> None:
        self._served.post("/v1/refunds", {"session_id": checkout_id, "amount_minor": amount.minor})

    def dispute(self, checkout_id: str) -> None:
        self._served.post("/test/dispute", {"session_id": checkout_id})

    def close_day(self) -> None:
        self._served.post("/v1/payouts", {})

    def be_down_once(self) -> None:
        self._served.post("/test/fail", {"status": 503})

    def told(self) -> list[Webhook]:
        return self._served.settled()


@pytest.fixture(params=["fake", "sandbox"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "fake":
        yield FakeWorld()
        return
    with served_sandbox() as served:
        yield SandboxWorld(served)


def opened(
    world: World, payment_id: PaymentId = PAYMENT, amount: Money = AMOUNT, key: str = "k1"
) -> Checkout:
    return world.gateway.create_checkout(
        payment_id=payment_id,
        amount=amount,
        description="Case S-1001, invoice 77 (Äänekoski)",
        success_url="https://pages.example/d/done",
        cancel_url="https://pages.example/d/back",
        language="fi",
        idempotency_key=key,
    )


def last_event(world: World) -> GatewayEvent:
    webhook = world.told()[-1]
    return world.gateway.parse_event(webhook.body, webhook.signature, secret=world.secret, now=world.now)


def test_a_new_checkout_is_open_and_holds_what_we_asked(world: World) -> None:
    checkout = opened(world)
    assert checkout.url.startswith("http")
    status = world.gateway.find_checkout(checkout.checkout_id)
    assert status == CheckoutStatus(CheckoutState.OPEN, AMOUNT, PAYMENT)


def test_the_same_key_gives_the_same_checkout(world: World) -> None:
    assert opened(world) == opened(world)


def test_two_keys_give_two_checkouts(world: World) -> None:
    assert opened(world, key="k1").checkout_id != opened(world, key="k2").checkout_id


def test_a_key_that_came_with_another_payment_is_refused(world: World) -> None:
    opened(world)
    with pytest.raises(UpstreamRefused):
        opened(world, amount=Money(1, "EUR"))


def test_an_amount_of_nothing_is_refused(world: World) -> None:
    with pytest.raises(UpstreamRefused):
        opened(world, amount=Money(0, "EUR"))


def test_an_unknown_checkout_is_refused(world: World) -> None:
    with pytest.raises(UpstreamRefused):
        world.gateway.find_checkout("cs_ffffffffffffffffffffffff")


def test_a_provider_that_is_down_may_be_asked_again(world: World) -> None:
    world.be_down_once()
    with pytest.raises(UpstreamUnavailable):
        opened(world)
    assert opened(world) == opened(world)


def test_a_payment_is_announced(world: World) -> None:
    checkout = opened(world)
    world.pay(checkout.checkout_id)
    event = last_event(world)
    assert event.type is GatewayEventType.CHECKOUT_COMPLETED
    assert (event.payment_id, event.checkout_id) == (PAYMENT, checkout.checkout_id)
    assert (event.amount, event.payout_id, event.payment_ids) == (AMOUNT, None, ())
    assert event.occurred_at == datetime.fromtimestamp(world.now, UTC)
    assert world.gateway.find_checkout(checkout.checkout_id).status is CheckoutState.PAID


def test_an_expiry_is_announced(world: World) -> None:
    checkout = opened(world)
    world.expire(checkout.checkout_id)
    event = last_event(world)
    assert event.type is GatewayEventType.CHECKOUT_EXPIRED
    assert event.payment_id == PAYMENT
    assert world.gateway.find_checkout(checkout.checkout_id).status is CheckoutState.EXPIRED


def test_a_refund_is_announced_with_its_own_amount(world: World) -> None:
    checkout = opened(world)
    world.pay(checkout.checkout_id)
    world.refund(checkout.checkout_id, Money(147, "EUR"))
    event = last_event(world)
    assert event.type is GatewayEventType.CHARGE_REFUNDED
    assert (event.payment_id, event.amount) == (PAYMENT, Money(147, "EUR"))


def test_a_dispute_takes_back_what_is_left(world: World) -> None:
    checkout = opened(world)
    world.pay(checkout.checkout_id)
    world.refund(checkout.checkout_id, Money(147, "EUR"))
    world.dispute(checkout.checkout_id)
    event = last_event(world)
    assert event.type is GatewayEventType.DISPUTE_CREATED
    assert (event.checkout_id, event.amount) == (checkout.checkout_id, Money(13_000, "EUR"))


def test_a_payout_names_its_payments_and_deducts_refunds(world: World) -> None:
    first, second = opened(world), opened(world, PaymentId("pay_2"), Money(1_000, "EUR"), "k2")
    opened(world, PaymentId("pay_unpaid"), key="k3")
    world.pay(first.checkout_id)
    world.pay(second.checkout_id)
    world.refund(first.checkout_id, Money(147, "EUR"))
    world.close_day()
    event = last_event(world)
    assert event.type is GatewayEventType.PAYOUT_PAID
    assert event.payout_id is not None
    assert (event.payment_id, event.checkout_id) == (None, None)
    assert event.payment_ids == (PAYMENT, PaymentId("pay_2"))
    assert event.amount == Money(14_000, "EUR")


def test_every_event_has_an_id_of_its_own(world: World) -> None:
    for number in range(3):
        world.pay(opened(world, PaymentId(f"pay_{number}"), key=f"k{number}").checkout_id)
    told = [
        world.gateway.parse_event(hook.body, hook.signature, secret=world.secret, now=world.now)
        for hook in world.told()
    ]
    assert len({event.event_id for event in told}) == 3


def test_an_event_of_another_sender_is_refused(world: World) -> None:
    world.pay(opened(world).checkout_id)
    webhook = world.told()[-1]
    with pytest.raises(NotAllowed):
        world.gateway.parse_event(webhook.body, webhook.signature, secret=b"other", now=world.now)
    with pytest.raises(NotAllowed):
        world.gateway.parse_event(
            webhook.body + b" ", webhook.signature, secret=world.secret, now=world.now
        )


def test_a_proven_body_of_another_shape_is_refused_by_field(world: World) -> None:
    body = b'{"id": "evt_1", "type": "customer.created", "data": {"object": {}}}'
    signature = sign(world.secret, world.now, body)
    with pytest.raises(FormatRefused, match=r"customer\.created") as refused:
        world.gateway.parse_event(body, signature, secret=world.secret, now=world.now)
    assert refused.value.field == "type"
