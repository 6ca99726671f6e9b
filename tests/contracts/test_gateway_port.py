"""What every payment provider's adapter promises: the same assertions on the fake, the sandbox, Stripe and
Paytrail, the last two against doubles of their published APIs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import pytest
from sovinto.adapters.paytrail_gateway import PaytrailGateway
from sovinto.adapters.sandbox_gateway import SandboxGateway
from sovinto.adapters.stripe_gateway import StripeGateway
from sovinto.adapters.system import real_now
from sovinto.domain.checkout import Checkout, CheckoutState, CheckoutStatus, GatewayEvent, GatewayEventType
from sovinto.domain.money import Money
from sovinto.errors import NotAllowed, UpstreamRefused, UpstreamUnavailable
from sovinto.ids import PaymentId
from sovinto.ports import PaymentGateway

from tests.support import paytrail_double, served_sandbox, stripe_double
from tests.support.fake_gateway import FakeGateway
from tests.support.local_http import Answer

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PAYMENT = PaymentId("pay_1")
AMOUNT = Money(13_147, "EUR")
PROVIDERS = ("fake", "sandbox", "stripe", "paytrail")


@dataclass(frozen=True, slots=True)
class Word:
    """An announcement as it reaches our door."""

    body: bytes
    headers: Mapping[str, str]


class World(Protocol):
    """A provider and the levers of the world around it."""

    @property
    def gateway(self) -> PaymentGateway: ...

    def pay(self, checkout_id: str) -> Word: ...
    def refunded(self) -> Word: ...
    def be_down_once(self) -> None: ...


class FakeWorld:
    def __init__(self, stack: ExitStack) -> None:
        self.gateway = FakeGateway()

    def pay(self, checkout_id: str) -> Word:
        self.gateway.pay(checkout_id)
        return self.refunded()

    def refunded(self) -> Word:
        told = self.gateway.told[-1]
        return Word(told.body, {"Sandbox-Signature": told.signature})

    def be_down_once(self) -> None:
        self.gateway.failures.append(UpstreamUnavailable("down"))


class SandboxWorld:
    def __init__(self, stack: ExitStack) -> None:
        self._served = stack.enter_context(served_sandbox.served_sandbox())
        self.gateway = SandboxGateway(
            self._served.url,
            served_sandbox.API_KEY,
            webhook_secret=served_sandbox.SECRET,
            real_now=lambda: datetime.fromtimestamp(self._served.now, UTC),
        )

    def pay(self, checkout_id: str) -> Word:
        assert self._served.submit(checkout_id, b"card=4242+4242+4242+4242&action=pay") == 303
        return self.refunded()

    def refunded(self) -> Word:
        told = self._served.settled()[-1]
        return Word(told.body, {"sandbox-signature": told.signature})

    def be_down_once(self) -> None:
        self._served.post("/test/fail", {"status": 503})


class StripeWorld:
    def __init__(self, stack: ExitStack) -> None:
        now = int(real_now().timestamp())
        self._double = stack.enter_context(stripe_double.stripe_double(now))
        self.gateway = StripeGateway(
            stripe_double.API_KEY, stripe_double.SECRET, real_now, self._double.url
        )

    def pay(self, checkout_id: str) -> Word:
        told = self._double.pay(checkout_id)
        return Word(told.body, told.headers)

    def refunded(self) -> Word:
        told = self._double.told[-2]
        return Word(told.body, told.headers)

    def be_down_once(self) -> None:
        self._double.day.answers = [Answer(503, b"")]


class PaytrailWorld:
    def __init__(self, stack: ExitStack) -> None:
        self._double = stack.enter_context(paytrail_double.paytrail_double())
        self.gateway = PaytrailGateway(
            account=paytrail_double.ACCOUNT,
            secret=paytrail_double.SECRET,
            callback_url="https://api.example/v1/webhooks/paytrail",
            contact_email="perinta@sovinto.example",
            now=real_now,
            base_url=self._double.url,
        )

    def pay(self, checkout_id: str) -> Word:
        told = self._double.pay(checkout_id)
        return Word(told.body, told.headers)

    def refunded(self) -> Word:
        told = self._double.end_refund()
        return Word(told.body, told.headers)

    def be_down_once(self) -> None:
        self._double.day.answers = [Answer(503, b"")]


WORLDS: dict[str, Callable[[ExitStack], World]] = {
    "fake": FakeWorld,
    "sandbox": SandboxWorld,
    "stripe": StripeWorld,
    "paytrail": PaytrailWorld,
}


@pytest.fixture(params=PROVIDERS)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with ExitStack() as stack:
        yield WORLDS[request.param](stack)


def opened(world: World, amount: Money = AMOUNT, key: str = "pay_1") -> Checkout:
    return world.gateway.create_checkout(
        payment_id=PAYMENT,
        amount=amount,
        description="Case S-1001 (Äänekoski)",
        success_url="https://pages.example/d/done",
        cancel_url="https://pages.example/d/back",
        language="fi",
        idempotency_key=key,
    )


def read(world: World, word: Word) -> GatewayEvent:
    event = world.gateway.read_event(word.body, word.headers)
    assert event is not None
    return event


def test_a_page_is_opened_once_per_key_and_holds_our_payment(world: World) -> None:
    checkout = opened(world)
    assert checkout == opened(world) and checkout.url.startswith("http")
    found = world.gateway.find_checkout(checkout.checkout_id)
    assert found == CheckoutStatus(CheckoutState.OPEN, AMOUNT, PAYMENT)


def test_a_key_with_another_amount_nothing_and_an_unknown_page_are_refused(world: World) -> None:
    opened(world)
    for amount, key in ((Money(1, "EUR"), "pay_1"), (Money(0, "EUR"), "pay_2")):
        with pytest.raises(UpstreamRefused):
            opened(world, amount, key)
    with pytest.raises(UpstreamRefused):
        world.gateway.find_checkout("unknown")


def test_a_provider_that_is_down_may_be_asked_again(world: World) -> None:
    world.be_down_once()
    with pytest.raises(UpstreamUnavailable):
        opened(world)
    assert opened(world) == opened(world)


def test_a_payment_is_announced_and_proven(world: World) -> None:
    checkout = opened(world)
    word = world.pay(checkout.checkout_id)
    event = read(world, word)
    assert event.type is GatewayEventType.CHECKOUT_COMPLETED
    assert (event.payment_id, event.checkout_id, event.amount) == (PAYMENT, checkout.checkout_id, AMOUNT)
    assert world.gateway.find_checkout(checkout.checkout_id).status is CheckoutState.PAID
    changed = word.body.replace(b"13147", b"99147")
    assert changed != word.body
    for body, headers in ((changed, word.headers), (word.body[:-3], word.headers), (b"{}", {})):
        with pytest.raises(NotAllowed):
            world.gateway.read_event(body, headers)


def test_a_refund_is_made_and_announced_with_its_own_amount(world: World) -> None:
    checkout = opened(world)
    with pytest.raises(UpstreamRefused):
        world.gateway.order_refund(checkout.checkout_id, Money(147, "EUR"), idempotency_key="r0")
    world.pay(checkout.checkout_id)
    made = world.gateway.order_refund(checkout.checkout_id, Money(147, "EUR"), idempotency_key="r1")
    assert made.amount == Money(147, "EUR") and made.refund_id
    event = read(world, world.refunded())
    assert (event.type, event.amount) == (GatewayEventType.CHARGE_REFUNDED, Money(147, "EUR"))
    assert event.payment_id == PAYMENT
    with pytest.raises(UpstreamRefused):
        world.gateway.order_refund(checkout.checkout_id, AMOUNT, idempotency_key="r2")
