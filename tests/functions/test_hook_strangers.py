"""The webhook's address is open to everybody: what strangers send is refused, counted, and not quoted."""

from __future__ import annotations

import io
import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sovinto.adapters.system import real_now
from sovinto.formats import webhook_signature

from tests.functions.acts import Debtor, placed
from tests.functions.stage import Stage, http, module
from tests.functions.test_payment_hook import SECRET, at_the_page, call_back, entries, hear
from tests.support import paytrail_double, stripe_double
from tests.support.fake_gateway import FakeGateway, Webhook
from tests.support.paytrail_double import PaytrailDouble, Told
from tests.support.stripe_double import StripeDouble

STRIPE = {"api_key": stripe_double.API_KEY, "webhook_secret": stripe_double.SECRET}
PAYTRAIL = {"api_key": paytrail_double.SECRET, "account": paytrail_double.ACCOUNT}
MARK = "kanarie"

Provider = Callable[[str, dict[str, str]], None]


@pytest.fixture
def provider(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """Another provider's setting, with its keys in the secret."""

    def chosen(name: str, keys: dict[str, str]) -> None:
        monkeypatch.setenv("GATEWAY_PROVIDER", name)
        monkeypatch.setattr("sovinto.adapters.secrets.SecretsStore.read", lambda *_: json.dumps(keys))

    return chosen


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """What the two functions log and count, without spaces."""
    buffer = io.StringIO()
    handlers = [handler for name in ("payment_hook", "portal") for handler in module(name).logger.handlers]
    before = [handler.stream for handler in handlers]
    for handler in handlers:
        handler.setStream(buffer)
    yield lambda: (buffer.getvalue() + capsys.readouterr().out).replace(" ", "")
    for handler, stream in zip(handlers, before, strict=True):
        handler.setStream(stream)


def posted(stage: Stage, name: str, body: bytes, headers: dict[str, str]) -> Any:
    return stage.call("payment_hook", http("POST", f"/v1/webhooks/{name}", raw=body, headers=headers))


@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00", b"", b"[" * 100_000, b"{}", f'{{"x": "{MARK}"}}'.encode()]
)
@pytest.mark.parametrize(("name", "keys"), [("stripe", STRIPE), ("paytrail", PAYTRAIL)])
def test_whatever_a_stranger_sends_is_refused_and_not_quoted(
    stage: Stage,
    provider: Provider,
    log: Callable[[], str],
    body: bytes,
    name: str,
    keys: dict[str, str],
) -> None:
    provider(name, keys)
    for headers in (
        {},
        {"Stripe-Signature": "t=1,v1=0"},
        {"signature": MARK, "checkout-algorithm": "sha256"},
    ):
        assert posted(stage, name, body, headers)["statusCode"] in (403, 422)
    said = log()
    assert MARK not in said and '"webhook_refused":[1.0]' in said and '"refused"' in said


def test_a_body_that_is_not_the_base64_it_is_said_to_be(stage: Stage) -> None:
    event = http("POST", "/v1/webhooks/sandbox", raw=b"x")
    for text in ("%%%", "YQ"):
        event["body"] = text
        assert stage.call("payment_hook", event)["statusCode"] == 422
    event |= {"body": "\ud800", "isBase64Encoded": False}
    assert stage.call("payment_hook", event)["statusCode"] == 403


def test_a_body_that_is_too_long_is_not_read(stage: Stage) -> None:
    event = http("POST", "/v1/webhooks/sandbox", raw=b"")
    event["body"] = b64encode(b" " * (5 * 1024 * 1024 + 1)).decode()
    answer = stage.call("payment_hook", event)
    assert answer["statusCode"] == 422 and "at most" in answer["body"]


def test_another_sum_is_held_and_an_alarm_counts_it(stage: Stage, log: Callable[[], str]) -> None:
    gateway = FakeGateway(secret=SECRET, now=int(real_now().timestamp()))
    case = placed(stage)
    told = gateway.pay(at_the_page(stage, case, gateway, 4_000))
    for wrong in (told.body.replace(b"4000", b"4001"), told.body.replace(b'"EUR"', b'"SEK"')):
        signed = Webhook(wrong, webhook_signature.sign(SECRET, gateway.now, wrong))
        assert json.loads(hear(stage, signed)["body"]) == {"outcome": "held"}
    assert [entry.kind for entry in entries(stage, case)] == ["claim_placed"]
    said = log()
    assert "40.01EURattheprovider" in said and '"webhook_held":[1.0]' in said


@pytest.mark.parametrize(
    ("name", "keys"),
    [("stripe", {"api_key": "set-me", "webhook_secret": "x"}), ("paytrail", {"api_key": "k"})],
)
def test_a_provider_that_is_not_set_up_is_asked_to_come_again(
    stage: Stage, provider: Provider, name: str, keys: dict[str, str]
) -> None:
    provider(name, keys)
    answer = posted(stage, name, b"{}", {})
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (503, "provider_not_set_up")
    assert stage.call("pay_clients", {})["remittances"] == 0, "what we owe others does not wait for it"


def test_an_event_of_the_other_mode_is_not_believed(stage: Stage, provider: Provider) -> None:
    provider("stripe", STRIPE)
    double = StripeDouble(int(real_now().timestamp()))
    told = double.tell("customer.created", {"id": "cus_1"})
    assert posted(stage, "stripe", told.body, told.headers)["statusCode"] == 200
    live = double.signed(told.body.decode().replace('"livemode": false', '"livemode": true'))
    assert posted(stage, "stripe", live.body, live.headers)["statusCode"] == 403


def test_signed_fields_are_not_read_in_another_split(stage: Stage, provider: Provider) -> None:
    """The same bytes under the same signature, cut elsewhere: a debtor sees the signature of a callback."""
    provider("paytrail", PAYTRAIL)
    good = PaytrailDouble().callback("stamp", "pay_1", 4_000, "t-1", "fail")
    merged = good.body.replace(b"&checkout-reference=", b"%0Acheckout-reference%3A")
    assert merged != good.body
    assert call_back(stage, Told(merged, {}))["statusCode"] == 403


def test_an_unknown_attempt_is_refused_so_that_it_is_told_again(stage: Stage, provider: Provider) -> None:
    provider("paytrail", PAYTRAIL)
    told = PaytrailDouble().callback("stamp", "pay_nobody", 4_000, "t-1", "ok")
    assert call_back(stage, told)["statusCode"] == 422


def test_no_page_at_the_provider_is_told_clearly_and_nothing_is_begun_twice(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, log: Callable[[], str]
) -> None:
    case = placed(stage)
    debtor = Debtor(stage, case)
    debtor.enter()
    monkeypatch.setattr("sovinto.adapters.secrets.SecretsStore.read", lambda *_: b'{"api_key": "set-me"}')
    answer = debtor.submit("/pay", amount="40,00")
    assert answer["statusCode"] == 503
    assert "The payment service does not answer" in answer["body"] or "Maksupalvelu" in answer["body"]
    assert [entry.kind for entry in entries(stage, case)] == ["claim_placed"]
    assert '"checkouts_failed":[1.0]' in log()
