"""The provider's things: a session, the movements it leaves on the balance, a payout of those."""

from __future__ import annotations

from dataclasses import dataclass

from infra.local.sandbox.wishes import SessionWish


@dataclass(frozen=True, slots=True)
class Session:
    """`status` is open, complete or expired. Times are unix seconds, maybe of a test clock.

    `drift` is `created` minus real time then: it carries a test clock on to the payment page, where
    a browser cannot tell the time.
    """

    session_id: str
    wish: SessionWish
    created: int
    drift: int
    status: str = "open"
    last4: str | None = None
    paid_at: int | None = None

    @property
    def expires_at(self) -> int:
        return self.created + self.wish.expires_after_seconds


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the merchant's balance: a payment, or a refund or dispute with a negative amount."""

    movement_id: str
    kind: str
    session_id: str
    reference: str
    amount_minor: int
    currency: str
    created: int
    payout_id: str | None = None


@dataclass(frozen=True, slots=True)
class Payout:
    """Net equals gross less refunds and disputes: the sandbox charges no fee."""

    payout_id: str
    currency: str
    created: int
    movements: tuple[Movement, ...]

    @property
    def amount_minor(self) -> int:
        return sum(movement.amount_minor for movement in self.movements)

    def of(self, kind: str) -> tuple[Movement, ...]:
        return tuple(movement for movement in self.movements if movement.kind == kind)
