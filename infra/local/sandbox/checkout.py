"""What happens when a person opens the payment page and presses a button."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from infra.local.response import Response, see_other
from infra.local.sandbox import pay_page
from infra.local.sandbox.account import Account
from infra.local.sandbox.calls import Call
from infra.local.sandbox.errors import ApiError

_LONGEST_FORM = 4096


class Checkout:
    """Card numbers live no longer than one call; the last four digits are kept."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def show(self, call: Call) -> Response:
        session = self._account.session(call.target, now=self._now(call))
        return pay_page.form_page(session) if session.status == "open" else pay_page.closed_page(session)

    def submit(self, call: Call) -> Response:
        session = self._account.session(call.target, now=self._now(call))
        form = _form(call.body)
        if session.status == "complete":
            # Pressed twice, or came back: the payment stands and nothing is charged again.
            return see_other(pay_page.return_url(session))
        if session.status != "open":
            return pay_page.closed_page(session)
        if form.get("action") == "cancel":
            return see_other(session.wish.cancel_url)
        return self._pay(call, re.sub(r"[\s-]", "", form.get("card", "")))

    def _pay(self, call: Call, digits: str) -> Response:
        now = self._now(call)
        problem = pay_page.card_problem(digits)
        if problem is not None:
            session = self._account.session(call.target, now=now)
            return pay_page.form_page(session, problem=problem, status=402)
        session = self._account.pay(call.target, digits[-4:], now=now)
        if digits == pay_page.DISPUTED_CARD:
            self._account.dispute(call.target, now=now)
        return see_other(pay_page.return_url(session))

    def _now(self, call: Call) -> int:
        return call.now(self._account.drift(call.target))


def _form(body: bytes) -> dict[str, str]:
    if len(body) > _LONGEST_FORM:
        raise ApiError(413, "too_large", f"a form has at most {_LONGEST_FORM} bytes")
    try:
        return dict(parse_qsl(body.decode("ascii"), max_num_fields=20))
    except ValueError as error:
        raise ApiError(400, "not_a_form", "the body is not a form") from error
