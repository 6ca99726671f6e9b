"""Each day Paytrail is asked for the reports of its settlements; nobody else is."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.functions.acts import placed
from tests.functions.stage import Stage, http
from tests.functions.test_payment_hook import begun
from tests.support.paytrail_double import ACCOUNT, SECRET, PaytrailDouble, paytrail_double


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> Iterator[PaytrailDouble]:
    keys = {"api_key": SECRET, "account": ACCOUNT}
    with paytrail_double() as found:
        monkeypatch.setenv("GATEWAY_PROVIDER", "paytrail")
        monkeypatch.setenv("GATEWAY_URL", found.url)
        monkeypatch.setattr("sovinto.adapters.secrets.SecretsStore.read", lambda *_: json.dumps(keys))
        yield found


def test_other_providers_are_not_asked(stage: Stage) -> None:
    assert stage.call("ask_reports", {}) == {"reports_asked": 0}


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_the_report_that_was_asked_for_is_booked_once(stage: Stage, double: PaytrailDouble) -> None:
    payment_id = begun(stage, placed(stage), 4_000)
    told = double.callback(payment_id, payment_id, 4_000, "t-1", "ok")
    double.payments["t-1"] = {"stamp": payment_id, "reference": payment_id, "amount": 4_000, "status": "ok"}
    event = http("GET", "/v1/webhooks/paytrail")
    event["rawQueryString"] = told.body.decode()
    assert json.loads(stage.call("payment_hook", event)["body"]) == {"outcome": "recorded"}
    double.settle(678)
    outcomes = []
    for _ in range(2):
        assert stage.call("ask_reports", {}) == {"reports_asked": 1}
        report = double.told.pop()
        heard = http("POST", "/v1/webhooks/paytrail", raw=report.body, headers=report.headers)
        outcomes.append(json.loads(stage.call("payment_hook", heard)["body"])["outcome"])
    assert outcomes == ["settled", "repeated"]
