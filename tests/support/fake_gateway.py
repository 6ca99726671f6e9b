"""A payment gateway in memory for tests of use cases; tests/contracts prove it against the sandbox."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from sovinto.domain.checkout import (
    Checkout,
    CheckoutState,
    CheckoutStatus,
    GatewayEvent,
    GatewayEventType,
    Refund,
    RefundState,
)
from sovinto.domain.money import Money, total
from sovinto.errors import SovintoError, UpstreamRefused
from sovinto.formats import webhook_signature
from sovinto.formats.sandbox_event import read_event
from sovinto.ids import PaymentId


@dataclass(frozen=True, slots=True)
class Webhook:
    """As the provider would post it: the body and the value of its signature header."""

    body: bytes
    signature: str


@dataclass(frozen=True, slots=True)
class _Held:
    status: CheckoutStatus
    wish: tuple[object, ...]
    given_back: int = 0
    is_paid_out: bool = False

    @property
    def left(self) -> Money:
        return Money(self.status.amount.minor - self.given_back, self.status.amount.currency)


@dataclass(slots=True)
class FakeGateway:
    """Implements the `Gateway` port. `pay`, `expire`, `refund`, `dispute` and `close_day` play the world.

    Each of those appends to `told` what the provider would announce, signed with `secret` at `now`.
    Errors put in `failures` are raised by the next calls, before anything happens.
    """

    secret: bytes = b"whsec_fake"
    now: int = 1_750_000_000
    told: list[Webhook] = field(default_factory=list)
    failures: list[SovintoError] = field(default_factory=list)
    _held: dict[str, _Held] = field(default_factory=dict)
    _by_key: dict[str, str] = field(default_factory=dict)
    _refunds: dict[str, Refund] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def create_checkout(
        self,
        *,
        payment_id: PaymentId,
        amount: Money,
        description: str,
        success_url: str,
        cancel_url: str,
        language: str,
        idempotency_key: str,
        expires_at: datetime | None = None,
    ) -> Checkout:
        self._fail()
        wish = (payment_id, amount, description, success_url, cancel_url, language, expires_at)
        known = self._by_key.get(idempotency_key)
        if known is not None and self._held[known].wish != wish:
            raise UpstreamRefused("the payment provider refused: this key came with another call")
        if amount.minor <= 0:
            raise UpstreamRefused("the payment provider refused: amount_minor must be 1 or more")
        if known is None:
            known = f"cs_{next(self._numbers):024x}"
            self._by_key[idempotency_key] = known
            self._held[known] = _Held(CheckoutStatus(CheckoutState.OPEN, amount, payment_id), wish)
        return Checkout(known, f"https://pay.example/{known}")

    def find_checkout(self, checkout_id: str) -> CheckoutStatus:
        self._fail()
        return self._known(checkout_id).status

    def order_refund(self, checkout_id: str, amount: Money, *, idempotency_key: str) -> Refund:
        self._fail()
        known = self._refunds.get(idempotency_key)
        if known is None:
            held = self._known(checkout_id)
            if held.status.status is not CheckoutState.PAID or not 0 < amount.minor <= held.left.minor:
                raise UpstreamRefused("the payment provider refused: less is left of that payment")
            self.refund(checkout_id, amount)
            known = Refund(f"re_{next(self._numbers):024x}", RefundState.DONE, amount)
            self._refunds[idempotency_key] = known
        return known

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> GatewayEvent | None:
        signature = headers.get("Sandbox-Signature", "")
        return self.parse_event(body, signature, secret=self.secret, now=self.now)

    def parse_event(self, body: bytes, signature: str, *, secret: bytes, now: int) -> GatewayEvent:
        webhook_signature.verify(secret, signature, body, now=now)
        return read_event(body)

    def pay(self, checkout_id: str) -> Webhook:
        return self._end(checkout_id, CheckoutState.PAID, GatewayEventType.CHECKOUT_COMPLETED)

    def expire(self, checkout_id: str) -> Webhook:
        return self._end(checkout_id, CheckoutState.EXPIRED, GatewayEventType.CHECKOUT_EXPIRED)

    def refund(self, checkout_id: str, amount: Money) -> Webhook:
        return self._give_back(checkout_id, amount, GatewayEventType.CHARGE_REFUNDED)

    def dispute(self, checkout_id: str) -> Webhook:
        left = self._known(checkout_id).left
        return self._give_back(checkout_id, left, GatewayEventType.DISPUTE_CREATED)

    def close_day(self) -> Webhook:
        """Pay out every payment that is not paid out yet, less what was given back."""
        waiting = {
            checkout_id: held
            for checkout_id, held in self._held.items()
            if held.status.status is CheckoutState.PAID and not held.is_paid_out
        }
        currency = next(iter(waiting.values())).status.amount.currency
        amount = total((held.left for held in waiting.values()), currency)
        for checkout_id, held in waiting.items():
            self._held[checkout_id] = replace(held, is_paid_out=True)
        payments = [{"reference": held.status.reference} for held in waiting.values()]
        payout: dict[str, object] = {"id": f"po_{next(self._numbers):024x}", "payments": payments}
        return self._tell(GatewayEventType.PAYOUT_PAID, payout, amount)

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)

    def _known(self, checkout_id: str) -> _Held:
        if checkout_id not in self._held:
            raise UpstreamRefused("the payment provider refused: there is no such checkout session")
        return self._held[checkout_id]

    def _end(self, checkout_id: str, state: CheckoutState, kind: GatewayEventType) -> Webhook:
        held = self._known(checkout_id)
        if held.status.status is not CheckoutState.OPEN:
            raise AssertionError(f"{checkout_id} is {held.status.status}: the test plays it twice")
        held = replace(held, status=replace(held.status, status=state))
        self._held[checkout_id] = held
        return self._tell_of(checkout_id, held, held.status.amount, kind)

    def _give_back(self, checkout_id: str, amount: Money, kind: GatewayEventType) -> Webhook:
        held = self._known(checkout_id)
        if held.status.status is not CheckoutState.PAID or not 0 < amount.minor <= held.left.minor:
            raise AssertionError(f"{checkout_id} holds {held.left}: {amount} cannot be given back")
        self._held[checkout_id] = replace(held, given_back=held.given_back + amount.minor)
        return self._tell_of(checkout_id, held, amount, kind)

    def _tell_of(self, checkout_id: str, held: _Held, amount: Money, kind: GatewayEventType) -> Webhook:
        return self._tell(kind, {"session_id": checkout_id, "reference": held.status.reference}, amount)

    def _tell(self, kind: GatewayEventType, thing: dict[str, object], amount: Money) -> Webhook:
        thing |= {"amount_minor": amount.minor, "currency": amount.currency}
        event = {
            "id": f"evt_{next(self._numbers):024x}",
            "type": kind.value,
            "created": self.now,
            "data": {"object": thing},
        }
        body = json.dumps(event).encode()
        webhook = Webhook(body, webhook_signature.sign(self.secret, self.now, body))
        self.told.append(webhook)
        return webhook
