"""Stripe's and Paytrail's doubles at the running stage: the provider's API, its page and its voice.

The stage's setting is theirs meanwhile, and their keys are in the secret that it names.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlsplit

from sovinto.entry.settings import ALL

from infra.local import virtual_time
from infra.local.running import Running
from tests.support import paytrail_double, stripe_double
from tests.support.journey_time import today
from tests.support.local_http import Answer, BadDay, Call, served
from tests.support.paytrail_double import PaytrailDouble, Told
from tests.support.stripe_double import Posted, StripeDouble

ASKS_PROVIDER = sorted(
    one.function for one in ALL if "gateway_provider" in {field.name for field in fields(one)}
)
FORM = '<form method="post" action="{}"><button>Pay</button></form>'

Said = tuple[int, dict[str, Any]]
"""What our webhook answered: status and body."""


def post(url: str, body: bytes | None, headers: Mapping[str, str]) -> Said:
    """As a provider calls: POST, or GET without a body."""
    request = urllib.request.Request(url, body, dict(headers))
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status), json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.loads(refused.read())


@dataclass(slots=True)
class StripeSide:
    running: Running
    double: StripeDouble
    missing: int = 0
    name: str = "stripe"

    @property
    def day(self) -> BadDay:
        return self.double.day

    def handle(self, call: Call) -> Answer:
        session = self.double.sessions.get(urlsplit(call.path).path.removeprefix("/c/pay/"))
        if session is None or not call.path.startswith("/c/pay/"):
            return self.double.handle(call)
        if call.method == "GET":
            return Answer(200, FORM.format(session["url"]).encode())
        self._move()
        self.double.pay(session["id"])
        return Answer(303, b"", {"Location": session["success_url"]})

    def tell(self) -> Said:
        return self.deliver(self.double.told[-1])

    def deliver(self, posted: Posted) -> Said:
        """Each delivery is signed anew, as Stripe does it; what happened has our virtual day."""
        return self.post(self.double.signed(posted.body.decode(), at=int(time.time())))

    def post(self, posted: Posted) -> Said:
        headers = posted.headers | {"Content-Type": "application/json; charset=utf-8"}
        return post(f"{self.running.url}/v1/webhooks/stripe", posted.body, headers)

    def forged(self) -> list[Said]:
        now, body = int(time.time()), self.double.told[-1].body.decode()
        good = self.double.signed(body, at=now)
        bad = [
            self.double.signed(body, secret="whsec_other", at=now),
            self.double.signed(body, at=now - 301),
            Posted(good.body.replace(b'"paid"', b'"Paid"'), good.headers),
            Posted(good.body, {}),
        ]
        return [self.post(one) for one in bad]

    def other_sum(self, minor: int, currency: str) -> Said:
        *_, session = self.double.sessions.values()
        paid = session | {"status": "complete", "payment_status": "paid", "payment_intent": "pi_other"}
        told = self.double.tell(
            "checkout.session.completed", paid | {"amount_total": minor, "currency": currency.lower()}
        )
        return self.deliver(told)

    def refunds(self) -> list[int]:
        return [one["amount"] for one in self.double.refunds.values()]

    def tell_refund(self) -> Said:
        return self.deliver(self.double.told[-2])

    def pay_out(self, *, missing: int = 0) -> tuple[Said, str, int]:
        self._move()
        self.missing = missing
        said = self.deliver(self.double.close_day(missing=missing))
        *_, payout = self.double.payouts.values()
        return said, payout["id"], payout["amount"]

    def mend(self) -> Said:
        """The missing sum turns out to be an adjustment."""
        *_, payout = self.double.payouts.values()
        self.double._line("adjustment", -self.missing, 0, None)["payout"] = payout["id"]
        return self.deliver(self.double.tell("payout.reconciliation_completed", payout))

    def _move(self) -> None:
        self.double.now = int(virtual_time.now(self.running).timestamp())

    def begin(self) -> None:
        """Nothing of an earlier test is paid out or given back with this one."""
        self.double.balance.clear()
        self.double.refunds.clear()


@dataclass(slots=True)
class PaytrailSide:
    running: Running
    double: PaytrailDouble
    number: int = 700
    name: str = "paytrail"

    @property
    def day(self) -> BadDay:
        return self.double.day

    def handle(self, call: Call) -> Answer:
        transaction = urlsplit(call.path).path.removeprefix("/pay/")
        if transaction not in self.double.payments or not call.path.startswith("/pay/"):
            return self.double.handle(call)
        if call.method == "GET":
            return Answer(200, FORM.format(self.double.payments[transaction]["href"]).encode())
        told, wish = self.double.pay(transaction), self._wish(transaction)
        back = wish["redirectUrls"]["success"]
        return Answer(303, b"", {"Location": f"{back}&{told.body.decode()}"})

    def _wish(self, transaction: str) -> dict[str, Any]:
        stamp = self.double.payments[transaction]["stamp"]
        return next(wish for wish in self.double.wishes if wish.get("stamp") == stamp)

    def tell(self) -> Said:
        return self.deliver(self.double.told[-1])

    def deliver(self, told: Told) -> Said:
        """To the address that we gave with the order, as Paytrail knows no other."""
        wish = self.double.wishes[-1]
        url = wish.get("callbackUrl") or wish["callbackUrls"]["success"]
        if told.headers:
            return post(url, told.body, told.headers | {"Content-Type": "application/json"})
        return post(f"{url}?{told.body.decode()}", None, {})

    def forged(self) -> list[Said]:
        good = self.double.told[-1]
        bad = [
            good.body.replace(b"checkout-amount=", b"checkout-amount=1"),
            good.body + b"&checkout-extra=1",
            good.body.partition(b"&signature")[0],
            good.body.replace(b"&checkout-reference=", b"%0Acheckout-reference%3A"),
        ]
        return [self.deliver(replace(good, body=body)) for body in bad]

    def other_sum(self, minor: int, currency: str) -> Said:
        """Paytrail has one currency: the sum alone differs."""
        del currency
        *_, payment = self.double.payments.values()
        name = payment["transactionId"]
        told = self.double.callback(payment["stamp"], payment["reference"], minor, name, "ok")
        return self.deliver(told)

    def refunds(self) -> list[int]:
        return [one["amount"] for one in self.double.refunds]

    def tell_refund(self) -> Said:
        return self.deliver(self.double.end_refund())

    def pay_out(self, *, missing: int = 0) -> tuple[Said, str, int]:
        """By our own question: the schedule asks, the report comes."""
        self.number += 1
        rows = self.double.settle(self.number, on=f"{today(self.running):%d-%m-%Y}")
        payments = [one for one in self.double.payments.values() if one["status"] == "ok"]
        gross = sum(one["amount"] for one in payments) - sum(self.refunds())
        fees = round(len(payments) * 37.4)
        if missing:
            rows[0]["amount"] = f"@{(payments[0]['amount'] - missing) / 100:.2f}@"
        assert self.running.invoke("ask_reports", {}) == {"reports_asked": 1}
        return self.tell(), rows[0]["settlementReference"], gross - fees

    def mend(self) -> Said:
        """The report was wrong; it is asked for again."""
        payments = [one for one in self.double.payments.values() if one["status"] == "ok"]
        self.double.settlements[self.number][0]["amount"] = f"@{payments[0]['amount'] / 100:.2f}@"
        self.running.invoke("ask_reports", {})
        return self.tell()

    def begin(self) -> None:
        self.double.payments.clear()
        self.double.refunds.clear()
        self.double.settlements.clear()


@contextmanager
def side_of(running: Running, name: str) -> Iterator[StripeSide | PaytrailSide]:
    """The stage with that provider for the length of the block."""
    side: StripeSide | PaytrailSide
    if name == "stripe":
        side = StripeSide(running, StripeDouble(int(time.time())))
        keys = {"api_key": stripe_double.API_KEY, "webhook_secret": stripe_double.SECRET}
    else:
        side = PaytrailSide(running, PaytrailDouble())
        keys = {"api_key": paytrail_double.SECRET, "account": paytrail_double.ACCOUNT}
    with served(side.handle, side.day) as root:
        side.double.url = side.double.pages = root
        with _settings(running, {"GATEWAY_PROVIDER": name, "GATEWAY_URL": root}, keys):
            yield side


@contextmanager
def _settings(running: Running, wanted: dict[str, str], keys: dict[str, str]) -> Iterator[None]:
    secrets, arn = running.client("secretsmanager"), running.outputs["GatewaySecretArn"]
    before = secrets.get_secret_value(SecretId=arn)["SecretString"]
    old = {name: environment(running, name) for name in ASKS_PROVIDER}
    secrets.put_secret_value(SecretId=arn, SecretString=json.dumps(keys))
    try:
        for name, given in old.items():
            configure(running, name, given | {key: wanted[key] for key in wanted if key in given})
        yield
    finally:
        secrets.put_secret_value(SecretId=arn, SecretString=before)
        for name, given in old.items():
            configure(running, name, given)


def environment(running: Running, function: str) -> dict[str, str]:
    """What a function of the stage finds in its environment."""
    found = running.client("lambda").get_function_configuration(FunctionName=running.function(function))
    return dict(found["Environment"]["Variables"])


def configure(running: Running, function: str, variables: dict[str, str]) -> None:
    """Takes effect before it returns."""
    client, name = running.client("lambda"), running.function(function)
    client.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    client.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1})
