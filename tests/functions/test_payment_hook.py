"""Webhooks: proven by their signature in real time, booked once, refused with a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sovinto.adapters.codec import decode
from sovinto.adapters.dynamo import keys
from sovinto.adapters.dynamo.cases import TableCases
from sovinto.adapters.system import RandomIds, real_now
from sovinto.domain.case import Case
from sovinto.domain.ledger import Entry
from sovinto.formats import webhook_signature

from tests.functions.acts import placed
from tests.functions.stage import Stage, http
from tests.support import paytrail_double
from tests.support.fake_gateway import FakeGateway, Webhook
from tests.support.moves import begin_card
from tests.support.outside import HandClock
from tests.support.paytrail_double import Told
from tests.support.people import START
from tests.support.world import World

SECRET = b"whsec_sandbox"


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway(secret=SECRET, now=int(real_now().timestamp()))


def at_the_page(stage: Stage, case: Case, gateway: FakeGateway, minor: int) -> str:
    """A card payment begun as the page begins it; the provider's page."""
    world = World.__new__(World)
    world.cases, world.clock, world.ids = TableCases(stage.table), HandClock(START), RandomIds()  # type: ignore[assignment]
    world.gateway = gateway
    return begin_card(world, case, minor)


def begun(stage: Stage, case: Case, minor: int, gateway: FakeGateway | None = None) -> str:
    """Our id of a payment that somebody began."""
    pages = gateway or FakeGateway()
    return pages.find_checkout(at_the_page(stage, case, pages, minor)).reference


def paid(stage: Stage, case: Case, gateway: FakeGateway, minor: int = 4_000) -> Webhook:
    return gateway.pay(at_the_page(stage, case, gateway, minor))


def hear(stage: Stage, webhook: Webhook, provider: str = "sandbox") -> Any:
    headers = {"Sandbox-Signature": webhook.signature, "Content-Type": "application/json"}
    path = f"/v1/webhooks/{provider}"
    return stage.call("payment_hook", http("POST", path, raw=webhook.body, headers=headers))


def entries(stage: Stage, case: Case) -> list[Entry]:
    found = stage.table.query(keys.case(case.case_id), keys.ENTRY)
    return [decode(Entry, str(item["body"])) for item in found]


def test_a_payment_is_booked_once_however_often_it_is_told(stage: Stage, gateway: FakeGateway) -> None:
    case = placed(stage)
    webhook = paid(stage, case, gateway)
    outcomes = [json.loads(hear(stage, webhook)["body"])["outcome"] for _ in range(3)]
    assert outcomes == ["recorded", "repeated", "repeated"]
    booked = [entry for entry in entries(stage, case) if entry.kind == "payment_allocated"]
    assert [entry.amount_on("psp:sandbox", "EUR").minor for entry in booked] == [4_000]


def test_an_unsigned_word_is_not_believed(stage: Stage, gateway: FakeGateway) -> None:
    case = placed(stage)
    webhook = paid(stage, case, gateway)
    bad = [
        Webhook(webhook.body, ""),
        Webhook(webhook.body, "t=1,v1=00"),
        Webhook(webhook.body.replace(b"4000", b"9000"), webhook.signature),
        Webhook(webhook.body, webhook_signature.sign(SECRET, 1_000_000, webhook.body)),
    ]
    assert {hear(stage, item)["statusCode"] for item in bad} == {403}
    assert [entry.kind for entry in entries(stage, case)] == ["claim_placed"]


def test_a_signed_body_that_makes_no_sense_is_refused(stage: Stage, gateway: FakeGateway) -> None:
    for body in (b"[]", b"{}", b"not json"):
        signed = Webhook(body, webhook_signature.sign(SECRET, gateway.now, body))
        answer = hear(stage, signed)
        assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (
            422,
            "application/problem+json",
        )


def test_an_unknown_provider_or_payment(stage: Stage, gateway: FakeGateway) -> None:
    case = placed(stage)
    webhook = paid(stage, case, gateway)
    assert hear(stage, webhook, "stranger")["statusCode"] == 404
    stranger = World()
    other = FakeGateway(secret=SECRET, now=gateway.now)
    stranger.gateway = other
    told = other.pay(begin_card(stranger, stranger.place(), 100))
    assert hear(stage, told)["statusCode"] == 422


def test_a_payout_is_noted(stage: Stage, gateway: FakeGateway) -> None:
    case = placed(stage)
    hear(stage, paid(stage, case, gateway))
    payout = gateway.close_day()
    assert json.loads(hear(stage, payout)["body"]) == {"outcome": "noted"}


def call_back(stage: Stage, told: Told) -> Any:
    """As Paytrail calls: by GET, everything in the query."""
    event = http("GET", "/v1/webhooks/paytrail")
    event["rawQueryString"] = told.body.decode()
    return stage.call("payment_hook", event)


def test_paytrail_is_believed_by_its_signature_only(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    case = placed(stage)
    payment_id = begun(stage, case, 4_000)
    monkeypatch.setenv("GATEWAY_PROVIDER", "paytrail")
    keys = {"api_key": paytrail_double.SECRET, "account": paytrail_double.ACCOUNT}
    monkeypatch.setattr("sovinto.adapters.secrets.SecretsStore.read", lambda *_: json.dumps(keys))
    double = paytrail_double.PaytrailDouble()
    wrong = double.callback(payment_id, payment_id, 4_000, "t-1", "fail")
    forged = Told(wrong.body.replace(b"=fail", b"=ok"), {})
    pending = double.callback(payment_id, payment_id, 4_000, "t-1", "pending")
    good = double.callback(payment_id, payment_id, 4_000, "t-1", "ok")
    answers = [call_back(stage, told) for told in (forged, pending, good, good)]
    assert answers[0]["statusCode"] == 403
    said = [json.loads(answer["body"]).get("outcome") for answer in answers[1:]]
    assert said == ["ignored", "recorded", "repeated"]
    booked = [entry for entry in entries(stage, case) if entry.kind == "payment_allocated"]
    assert [entry.amount_on("psp:paytrail", "EUR").minor for entry in booked] == [4_000]
    assert hear(stage, Webhook(b"{}", ""), "sandbox")["statusCode"] == 404


def test_a_report_that_does_not_add_up_is_held_and_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed(stage)
    monkeypatch.setenv("GATEWAY_PROVIDER", "paytrail")
    keys = {"api_key": paytrail_double.SECRET, "account": paytrail_double.ACCOUNT}
    monkeypatch.setattr("sovinto.adapters.secrets.SecretsStore.read", lambda *_: json.dumps(keys))
    double = paytrail_double.PaytrailDouble()
    double.payments["t-9"] = {"stamp": "s", "reference": "pay_x", "amount": 4_000, "status": "ok"}
    report = double.report(double.settle(678))
    event = http("POST", "/v1/webhooks/paytrail", raw=report.body, headers=report.headers)
    assert json.loads(stage.call("payment_hook", event)["body"]) == {"outcome": "held"}
    told = [r["detail"] for r in stage.relay() if r["detail"]["type"] == "payout.held"]
    assert [(one["subject"]["id"], one["data"]["provider"]) for one in told] == [("4566678", "paytrail")]
