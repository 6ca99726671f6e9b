"""The provider's JSON API: sessions, refunds, payouts."""

from __future__ import annotations

from collections.abc import Callable

from infra.local.response import Response, json_response
from infra.local.sandbox.account import Account
from infra.local.sandbox.calls import Call
from infra.local.sandbox.model import Session
from infra.local.sandbox.wire import Json, movement_json, payout_json, session_json
from infra.local.sandbox.wishes import fields_of, payout_currency, refund_wish, session_wish


class Api:
    """`on_open` hears of every new session, to end it when its time has run out."""

    def __init__(self, account: Account, public_url: str, on_open: Callable[[Session], None]) -> None:
        self._account = account
        self._public_url = public_url
        self._on_open = on_open

    def open_session(self, call: Call) -> Response:
        now = call.now()
        session = self._account.open_session(session_wish(call.body), now=now, drift=now - call.real_now)
        self._on_open(session)
        return json_response(201, self._described(session))

    def show_session(self, call: Call) -> Response:
        session = self._account.session(call.target, now=self._now(call, call.target))
        return json_response(200, self._described(session))

    def expire_session(self, call: Call) -> Response:
        fields_of(call.body, set())
        session = self._account.expire(call.target, now=self._now(call, call.target))
        return json_response(200, self._described(session))

    def refund(self, call: Call) -> Response:
        wish = refund_wish(call.body)
        movement = self._account.refund(wish, now=self._now(call, wish.session_id))
        return json_response(201, movement_json(movement))

    def list_payouts(self, _: Call) -> Response:
        payouts = [payout_json(payout) for payout in self._account.payouts()]
        return json_response(200, {"payouts": payouts})

    def close_day(self, call: Call) -> Response:
        payout = self._account.close_day(payout_currency(call.body), now=call.now())
        return json_response(201, payout_json(payout))

    def _now(self, call: Call, session_id: str) -> int:
        return call.now(self._account.drift(session_id))

    def _described(self, session: Session) -> Json:
        url = f"{self._public_url}/sandbox/pay/{session.session_id}"
        return session_json(session) | {
            "url": url,
            "success_url": session.wish.success_url,
            "cancel_url": session.wish.cancel_url,
        }
