"""Stripe's API as its reference describes it, as far as we use it; written from the published documents.

Sessions, intents, refunds, disputes, payouts and balance transactions; idempotency keys; signed webhooks by
the SDK's own scheme. `pay` and the other levers play the world and put what Stripe would post into `told`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import stripe

from tests.support.local_http import Answer, BadDay, Call, served

API_KEY = "sk_test_double_0123456789"
SECRET = "whsec_double"
FEE = 45
DISPUTE_FEE = 1_500

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Posted:
    """A webhook: the body and its headers."""

    body: bytes
    headers: dict[str, str]


@dataclass(slots=True)
class StripeDouble:
    now: int
    url: str = ""
    day: BadDay = field(default_factory=BadDay)
    told: list[Posted] = field(default_factory=list)
    sessions: dict[str, Json] = field(default_factory=dict)
    refunds: dict[str, Json] = field(default_factory=dict)
    payouts: dict[str, Json] = field(default_factory=dict)
    balance: list[Json] = field(default_factory=list)
    page_size: int = 100
    pages: str = "https://checkout.stripe.com"
    _by_key: dict[str, tuple[bytes, Answer]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def handle(self, call: Call) -> Answer:
        if call.headers.get("authorization") != f"Bearer {API_KEY}":
            return _error(401, "invalid_request_error", "Invalid API Key provided: sk_test_****6789")
        key = call.headers.get("idempotency-key", "") if call.method == "POST" else ""
        if key in self._by_key:
            body, answer = self._by_key[key]
            if body != call.body:
                return _error(400, "idempotency_error", "Keys of idempotent requests are used once")
            return answer
        answer = self._route(call)
        if key and answer.status < 400:
            self._by_key[key] = (call.body, answer)
        return answer

    def _route(self, call: Call) -> Answer:
        path, fields = urlsplit(call.path).path, dict(parse_qsl(call.body.decode()))
        parts = path.strip("/").split("/")
        if call.method == "POST" and path == "/v1/checkout/sessions":
            return self._open(fields)
        if call.method == "POST" and path == "/v1/refunds":
            return self._refund_wish(fields)
        if parts[:3] == ["v1", "checkout", "sessions"]:
            return _found(self.sessions.get(parts[3]))
        if parts[:2] == ["v1", "payouts"]:
            return _found(self.payouts.get(parts[2]))
        if path == "/v1/balance_transactions":
            return self._page(parse_qs(urlsplit(call.path).query))
        return _error(404, "invalid_request_error", "Unrecognized request URL")

    def _open(self, fields: dict[str, str]) -> Answer:
        price = "line_items[0][price_data]"
        amount = int(fields[f"{price}[unit_amount]"])
        if amount < 1:
            return _error(400, "invalid_request_error", "This value must be greater than or equal to 1.")
        session_id = self._id("cs_test")
        self.sessions[session_id] = {
            "id": session_id,
            "object": "checkout.session",
            "mode": fields["mode"],
            "status": "open",
            "payment_status": "unpaid",
            "payment_intent": None,
            "amount_total": amount,
            "currency": fields[f"{price}[currency]"],
            "client_reference_id": fields["client_reference_id"],
            "metadata": {"payment_id": fields["metadata[payment_id]"]},
            "locale": fields["locale"],
            "expires_at": int(fields.get("expires_at", self.now + 86_400)),
            "success_url": fields["success_url"],
            "url": f"{self.pages}/c/pay/{session_id}",
        }
        return _json(self.sessions[session_id])

    def _refund_wish(self, fields: dict[str, str]) -> Answer:
        session = self._by_intent(fields["payment_intent"])
        amount = int(fields["amount"])
        if amount > self._left(session):
            return _error(400, "invalid_request_error", "Refund amount is greater than unrefunded amount")
        return _json(self._refunded(session, amount, {"payment_id": fields["metadata[payment_id]"]}))

    def _page(self, query: dict[str, list[str]]) -> Answer:
        payout_id = query["payout"][0]
        found = [line for line in self.balance if line["payout"] == payout_id]
        after = query.get("starting_after", [""])[0]
        start = next((n + 1 for n, line in enumerate(found) if line["id"] == after), 0)
        page = found[start : start + min(self.page_size, int(query["limit"][0]))]
        more = start + len(page) < len(found)
        url = "/v1/balance_transactions"
        return _json({"object": "list", "data": page, "has_more": more, "url": url})

    def pay(self, session_id: str, *, is_slow: bool = False) -> Posted:
        session = self.sessions[session_id]
        session |= {"status": "complete", "payment_intent": self._id("pi")}
        if is_slow:
            return self.tell("checkout.session.completed", session)
        session["payment_status"] = "paid"
        self._charged(session)
        return self.tell("checkout.session.completed", session)

    def finish(self, session_id: str, *, is_paid: bool) -> Posted:
        session = self.sessions[session_id]
        if not is_paid:
            return self.tell("checkout.session.async_payment_failed", session)
        session["payment_status"] = "paid"
        self._charged(session)
        return self.tell("checkout.session.async_payment_succeeded", session)

    def expire(self, session_id: str) -> Posted:
        self.sessions[session_id]["status"] = "expired"
        return self.tell("checkout.session.expired", self.sessions[session_id])

    def refund_in_dashboard(self, session_id: str, amount: int) -> Posted:
        """Somebody gives money back at the provider; no metadata of ours comes with it."""
        self._refunded(self.sessions[session_id], amount, {})
        return self.told[-2]

    def fail_refund(self, refund_id: str) -> Posted:
        refund = self.refunds[refund_id]
        refund["status"] = "failed"
        self._line("refund_failure", refund["amount"], 0, refund)
        return self.tell("refund.failed", refund)

    def dispute(self, session_id: str, *, is_inquiry: bool = False) -> Json:
        session = self.sessions[session_id]
        dispute = {
            "id": self._id("du"),
            "object": "dispute",
            "amount": self._left(session),
            "currency": session["currency"],
            "charge": f"ch_{session['payment_intent']}",
            "payment_intent": session["payment_intent"],
            "metadata": {},
            "status": "warning_needs_response" if is_inquiry else "needs_response",
        }
        self.tell("charge.dispute.created", dispute)
        if not is_inquiry:
            self._line("adjustment", -dispute["amount"], DISPUTE_FEE, dispute)
            self.tell("charge.dispute.funds_withdrawn", dispute)
        return dispute

    def end_dispute(self, dispute: Json, *, is_won: bool) -> None:
        dispute["status"] = "won" if is_won else "lost"
        if is_won:
            self._line("adjustment", dispute["amount"], 0, dispute)
            self.tell("charge.dispute.funds_reinstated", dispute)
        self.tell("charge.dispute.closed", dispute)

    def close_day(self, *, missing: int = 0, status: str = "completed") -> Posted:
        """Pay out all that is not paid out yet; `missing` is a sum that no line explains."""
        payout_id = self._id("po")
        lines = [line for line in self.balance if not line["payout"]]
        net = sum(line["net"] for line in lines)
        for line in lines:
            line["payout"] = payout_id
        payout = {
            "id": payout_id,
            "object": "payout",
            "amount": net - missing,
            "currency": "eur",
            "arrival_date": self.now,
            "status": "paid",
            "reconciliation_status": status,
        }
        self.payouts[payout_id] = payout
        self._line("payout", -net, 0, payout)["payout"] = payout_id
        return self.tell("payout.paid", payout)

    def fail_payout(self, payout_id: str) -> Posted:
        payout = self.payouts[payout_id]
        payout["status"] = "failed"
        self._line("payout_failure", payout["amount"], 0, payout)
        return self.tell("payout.failed", payout)

    def reserve(self, amount: int) -> None:
        self._line("reserve_transaction", amount, 0, None)

    def tell(self, kind: str, thing: Json, **signing: Any) -> Posted:
        event = {
            "id": self._id("evt"),
            "object": "event",
            "type": kind,
            "created": self.now,
            "livemode": False,
            "data": {"object": json.loads(json.dumps(thing))},
        }
        posted = self.signed(json.dumps(event), **signing)
        self.told.append(posted)
        return posted

    def signed(self, body: str, secret: str = SECRET, at: int | None = None) -> Posted:
        header = stripe.WebhookSignature.generate_signature_header(body, secret, at or self.now)
        return Posted(body.encode(), {"Stripe-Signature": header})

    def _charged(self, session: Json) -> None:
        charge = {
            "id": f"ch_{session['payment_intent']}",
            "object": "charge",
            "payment_intent": session["payment_intent"],
            "metadata": session["metadata"],
        }
        self._line("charge", session["amount_total"], FEE, charge, session["currency"])

    def _refunded(self, session: Json, amount: int, metadata: Json) -> Json:
        refund = {
            "id": self._id("re"),
            "object": "refund",
            "amount": amount,
            "currency": session["currency"],
            "charge": f"ch_{session['payment_intent']}",
            "payment_intent": session["payment_intent"],
            "metadata": metadata,
            "status": "succeeded",
        }
        self.refunds[refund["id"]] = refund
        self._line("refund", -amount, 0, refund, session["currency"])
        self.tell("refund.created", refund)
        self.tell("charge.refunded", {"id": refund["charge"], "amount_refunded": amount, "currency": "eur"})
        return refund

    def _line(self, kind: str, amount: int, fee: int, source: Json | None, currency: str = "eur") -> Json:
        line = {
            "id": self._id("txn"),
            "object": "balance_transaction",
            "type": kind,
            "amount": amount,
            "fee": fee,
            "net": amount - fee,
            "currency": currency,
            "created": self.now,
            "source": source,
            "payout": "",
        }
        self.balance.append(line)
        return line

    def _by_intent(self, intent: str) -> Json:
        return next(s for s in self.sessions.values() if s["payment_intent"] == intent)

    def _left(self, session: Json) -> int:
        given = sum(
            r["amount"]
            for r in self.refunds.values()
            if r["payment_intent"] == session["payment_intent"] and r["status"] != "failed"
        )
        return int(session["amount_total"] - given)

    def _id(self, prefix: str) -> str:
        return f"{prefix}_{next(self._numbers):08d}"


@contextmanager
def stripe_double(now: int) -> Iterator[StripeDouble]:
    """`now` (unix seconds) must be the real time: the SDK proves signatures by the machine's clock."""
    double = StripeDouble(now)
    with served(double.handle, double.day) as root:
        double.url = root
        yield double


def _json(thing: Json) -> Answer:
    return Answer(200, json.dumps(thing).encode(), {"Content-Type": "application/json"})


def _found(thing: Json | None) -> Answer:
    return _json(thing) if thing else _error(404, "invalid_request_error", "No such object")


def _error(status: int, kind: str, message: str) -> Answer:
    return Answer(status, json.dumps({"error": {"type": kind, "message": message}}).encode())
