"""Paytrail's Payment API as docs.paytrail.com describes it, as far as we use it.

Payments, refunds with their callbacks, settlements and their reports; every call is proven and every answer
signed. The documents call the stamp unique and do not say what a repeated one gets: here a repeated call
gets the same payment, and a stamp with another body is refused. `pay` and the others play the world; what
Paytrail would call or post is put into `told`.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.support.local_http import Answer, BadDay, Call, served

ACCOUNT = "375917"
SECRET = "SAIPPUAKAUPPIAS"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A callback (its query is the body, no headers) or a report (POST with headers)."""

    body: bytes
    headers: dict[str, str]


@dataclass(slots=True)
class PaytrailDouble:
    url: str = ""
    day: BadDay = field(default_factory=BadDay)
    told: list[Told] = field(default_factory=list)
    payments: dict[str, Json] = field(default_factory=dict)
    refunds: list[Json] = field(default_factory=list)
    settlements: dict[int, list[Json]] = field(default_factory=dict)
    pages: str = "https://pay.paytrail.com"
    wishes: list[Json] = field(default_factory=list)
    signs: bool = True
    _bodies: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def handle(self, call: Call) -> Answer:
        if not hmac.compare_digest(sign(call.headers, call.body), call.headers.get("signature", "")):
            return _refused(401, "Invalid signature")
        parts = urlsplit(call.path).path.strip("/").split("/")
        answer = self._route(call, parts)
        return self._signed(answer) if answer.status < 300 else answer

    def _route(self, call: Call, parts: list[str]) -> Answer:
        if call.method == "POST" and parts == ["payments"]:
            return self._open(call.body)
        if parts[0] == "payments":
            payment = self.payments.get(parts[1])
            if payment is None or call.headers.get("checkout-transaction-id") != parts[1]:
                return _refused(404, "Payment not found")
            if parts[2:] == ["refund"]:
                return self._refund(payment, json.loads(call.body))
            return _json(200, payment)
        if call.method == "GET" and parts == ["settlements"]:
            assert parse_qs(urlsplit(call.path).query)["startDate"]
            found = [
                {
                    "id": number,
                    "settledAt": "2026-06-30",
                    "settlementReference": rows[0]["settlementReference"],
                }
                for number, rows in self.settlements.items()
            ]
            return _json(200, found)
        if parts[0] == "settlements":
            self.wishes.append(json.loads(call.body))
            self.report(self.settlements[int(parts[1])])
            return _json(200, {"requestId": "r"})
        return _refused(404, "Not found")

    def _open(self, body: bytes) -> Answer:
        wish = json.loads(body)
        missing = {
            "stamp",
            "reference",
            "amount",
            "currency",
            "language",
            "customer",
            "redirectUrls",
        } - set(wish)
        if missing or wish["amount"] < 1 or wish["language"] not in ("FI", "SV", "EN"):
            return _refused(400, "Validation failed")
        known = self._bodies.get(wish["stamp"])
        if known is not None and known[0] != body:
            return _refused(400, "Stamp is used already")
        transaction = known[1] if known else f"{next(self._numbers):08d}-9a02-4ca2-8eaa-cc6260a78eb6"
        self._bodies[wish["stamp"]] = (body, transaction)
        self.wishes.append(wish)
        self.payments.setdefault(
            transaction,
            {
                "transactionId": transaction,
                "status": "new",
                "amount": wish["amount"],
                "currency": wish["currency"],
                "stamp": wish["stamp"],
                "reference": wish["reference"],
                "href": f"{self.pages}/pay/{transaction}",
            },
        )
        return _json(201, {name: self.payments[transaction][name] for name in ("transactionId", "href")})

    def _refund(self, payment: Json, wish: Json) -> Answer:
        given = sum(one["amount"] for one in self.refunds if one["of"] == payment["transactionId"])
        if payment["status"] != "ok" or wish["amount"] > payment["amount"] - given:
            return _refused(400, "Refund amount exceeds the payment")
        refund = {"of": payment["transactionId"], "amount": wish["amount"], "stamp": wish["refundStamp"]}
        self.refunds.append(refund | {"reference": wish["refundReference"]})
        return _json(201, {"provider": "osuuspankki", "status": "pending", "transactionId": "refund-1"})

    def pay(self, transaction: str, status: str = "ok") -> Told:
        payment = self.payments[transaction]
        payment["status"] = status
        return self.callback(payment["stamp"], payment["reference"], payment["amount"], transaction, status)

    def end_refund(self, status: str = "ok") -> Told:
        refund = self.refunds[-1]
        transaction = "refund-1" if status == "ok" else ""
        return self.callback(refund["stamp"], refund["reference"], refund["amount"], transaction, status)

    def callback(self, stamp: str, reference: str, amount: int, transaction: str, status: str) -> Told:
        fields = {
            "checkout-account": ACCOUNT,
            "checkout-algorithm": "sha256",
            "checkout-amount": str(amount),
            "checkout-stamp": stamp,
            "checkout-reference": reference,
            "checkout-status": status,
            "checkout-provider": "osuuspankki",
        }
        if transaction:
            fields["checkout-transaction-id"] = transaction
        self.told.append(query(fields))
        return self.told[-1]

    def settle(
        self, number: int, fee: str = "0.35", commission: str = "0.024", on: str = "30-06-2026"
    ) -> list[Json]:
        """Close a settlement over all that was paid and given back."""
        common = {
            "settlementId": number,
            "settlementDate": on,
            "settlementReference": f"4566{number}",
        }
        rows = [
            {
                "amount": f"@{one['amount'] / 100:.2f}@",
                "stamp": one["stamp"],
                "reference": one["reference"],
                "paymentMethodFee": f"@{fee}@",
                "paymentMethodCommission": f"@{commission}@",
                "originalTradeReference": None,
                "status": "Settled",
            }
            for one in self.payments.values()
            if one["status"] == "ok"
        ]
        rows += [
            {
                "amount": f"@{-one['amount'] / 100:.2f}@",
                "stamp": one["stamp"],
                "reference": one["reference"],
                "originalTradeReference": "1255939828",
                "status": "Refunded",
            }
            for one in self.refunds
        ]
        self.settlements[number] = [row | common for row in rows]
        return self.settlements[number]

    def report(self, rows: list[Json]) -> Told:
        """As posted to the callback URL: amounts are bare decimal numbers."""
        body = json.dumps(rows).replace('"@', "").replace('@"', "").encode()
        headers = {"checkout-account": ACCOUNT, "checkout-algorithm": "sha512", "checkout-nonce": "n"}
        self.told.append(Told(body, headers | {"signature": sign(headers, body)}))
        return self.told[-1]

    def _signed(self, answer: Answer) -> Answer:
        headers = {"checkout-account": ACCOUNT, "checkout-algorithm": "sha256", "request-id": "q"}
        proof = sign(headers, answer.body) if self.signs else "0" * 64
        return Answer(answer.status, answer.body, headers | {"signature": proof})


def sign(fields: Mapping[str, str], body: bytes = b"", secret: str = SECRET) -> str:
    """The documents' recipe, written apart from the adapter's: sorted lines, then the body."""
    names = sorted(name for name in fields if name.startswith("checkout-"))
    payload = "".join(f"{name}:{fields[name]}\n" for name in names).encode() + body
    return hmac.new(secret.encode(), payload, fields["checkout-algorithm"]).hexdigest()


def query(fields: Mapping[str, str], secret: str = SECRET) -> Told:
    return Told(urlencode(dict(fields) | {"signature": sign(fields, b"", secret)}).encode(), {})


@contextmanager
def paytrail_double() -> Iterator[PaytrailDouble]:
    double = PaytrailDouble()
    with served(double.handle, double.day) as root:
        double.url = root
        yield double


def _json(status: int, thing: object) -> Answer:
    return Answer(status, json.dumps(thing).encode())


def _refused(status: int, message: str) -> Answer:
    return Answer(status, json.dumps({"status": "error", "message": message}).encode())
