"""What the provider knows about one merchant: sessions, the balance they leave, payouts."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace

from infra.local.sandbox.errors import ApiError, absent
from infra.local.sandbox.model import Movement, Payout, Session
from infra.local.sandbox.wire import movement_json, payout_json, session_json
from infra.local.sandbox.wishes import RefundWish, SessionWish

Announce = Callable[[str, int, Mapping[str, object]], None]


class Account:
    """Not thread-safe by itself: `Sandbox` lets one call in at a time."""

    def __init__(self, announce: Announce) -> None:
        self._announce = announce
        self._sessions: dict[str, Session] = {}
        self._movements: list[Movement] = []
        self._payouts: list[Payout] = []

    def open_session(self, wish: SessionWish, *, now: int, drift: int) -> Session:
        session = Session(_fresh_id("cs"), wish, now, drift)
        self._sessions[session.session_id] = session
        return session

    def drift(self, session_id: str) -> int:
        """How far the session's clock is from real time. Raises ApiError 404."""
        return self._known(session_id).drift

    def session(self, session_id: str, *, now: int) -> Session:
        """The session, expired first if its time has run out. Raises ApiError 404."""
        session = self._known(session_id)
        if session.status == "open" and now >= session.expires_at:
            return self._expired(session, session.expires_at)
        return session

    def pay(self, session_id: str, last4: str, *, now: int) -> Session:
        """Capture the amount, once. Raises ApiError 409 when the session is not open."""
        session = replace(self._open(session_id, now), status="complete", last4=last4, paid_at=now)
        self._sessions[session_id] = session
        self._move(session, "payment", session.wish.amount_minor, now)
        self._announce("checkout.session.completed", now, session_json(session))
        return session

    def expire(self, session_id: str, *, now: int) -> Session:
        """End an open session. Raises ApiError 409 when it is not open."""
        return self._expired(self._open(session_id, now), now)

    def refund(self, wish: RefundWish, *, now: int) -> Movement:
        """Give back what is left, or part of it. Raises ApiError 409 or 422."""
        session, left = self._left(wish.session_id, now)
        amount = left if wish.amount_minor is None else wish.amount_minor
        if not 0 < amount <= left:
            raise ApiError(422, "amount_too_large", f"amount_minor must be 1 to {left}", "amount_minor")
        return self._give_back(session, "refund", "charge.refunded", amount, now)

    def dispute(self, session_id: str, *, now: int) -> Movement:
        """The card holder's bank takes back all that is left (a chargeback). Raises ApiError 409."""
        session, left = self._left(session_id, now)
        return self._give_back(session, "dispute", "charge.dispute.created", left, now)

    def close_day(self, currency: str | None, *, now: int) -> Payout:
        """Pay out all that is not paid out yet in one currency. Raises ApiError 409 or 422."""
        waiting = [movement for movement in self._movements if movement.payout_id is None]
        currencies = sorted({movement.currency for movement in waiting})
        if currency is None and len(currencies) > 1:
            raise ApiError(422, "currency_needed", f"name one currency of {currencies}", "currency")
        chosen = currency or next(iter(currencies), "")
        mine = [movement for movement in waiting if movement.currency == chosen]
        if sum(movement.amount_minor for movement in mine) <= 0:
            raise ApiError(409, "nothing_to_pay_out", "the balance is not positive; it is carried over")
        payout_id = _fresh_id("po")
        paid_out = {movement.movement_id for movement in mine}
        self._movements = [
            replace(movement, payout_id=payout_id) if movement.movement_id in paid_out else movement
            for movement in self._movements
        ]
        payout = Payout(payout_id, chosen, now, tuple(mine))
        self._payouts.append(payout)
        self._announce("payout.paid", now, payout_json(payout))
        return payout

    def payouts(self) -> tuple[Payout, ...]:
        return tuple(self._payouts)

    def _known(self, session_id: str) -> Session:
        session = self._sessions.get(session_id)
        if session is None:
            raise absent("checkout session")
        return session

    def _open(self, session_id: str, now: int) -> Session:
        session = self.session(session_id, now=now)
        if session.status != "open":
            raise ApiError(409, "session_not_open", f"the checkout session is {session.status}")
        return session

    def _expired(self, session: Session, at: int) -> Session:
        session = replace(session, status="expired")
        self._sessions[session.session_id] = session
        self._announce("checkout.session.expired", at, session_json(session))
        return session

    def _left(self, session_id: str, now: int) -> tuple[Session, int]:
        session = self.session(session_id, now=now)
        mine = [movement for movement in self._movements if movement.session_id == session_id]
        left = sum(movement.amount_minor for movement in mine)
        if left <= 0:
            raise ApiError(409, "nothing_left", "nothing of this payment is left to give back")
        return session, left

    def _give_back(self, session: Session, kind: str, event: str, amount: int, now: int) -> Movement:
        movement = self._move(session, kind, -amount, now)
        self._announce(event, now, movement_json(movement))
        return movement

    def _move(self, session: Session, kind: str, amount: int, now: int) -> Movement:
        wish = session.wish
        movement = Movement(
            _fresh_id({"payment": "py", "refund": "re"}.get(kind, "dp")),
            kind,
            session.session_id,
            wish.reference,
            amount,
            wish.currency,
            now,
        )
        self._movements.append(movement)
        return movement


def _fresh_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"
