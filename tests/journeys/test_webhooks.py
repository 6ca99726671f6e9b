"""The provider's word: late, three times, or forged."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import timedelta
from typing import Any

import pytest

from infra.local import virtual_time
from infra.local.demo.browser import action_of, csrf_of
from infra.local.demo.people import GOOD_CARD
from infra.local.demo.story import SandboxHooks
from infra.local.running import Running
from tests.support.journey import Creditor
from tests.support.journey_books import bodies, payments
from tests.support.journey_time import office_hours, today

pytestmark = pytest.mark.journey


def test_a_late_webhook_that_comes_three_times_is_posted_once(stage: Running, creditor: Creditor) -> None:
    case_id = creditor.place("HOOK-1")
    owed = creditor.case(case_id)["balance_minor"]["total"]
    hooks = SandboxHooks(stage)
    hooks.call("POST", "/sandbox/test/hold", {"on": True})
    try:
        payment_id = _pay(creditor, case_id)
        paid_on = today(stage)
        event = _announced(hooks, payment_id)
        hooks.call("POST", "/sandbox/test/redeliver", {"event_id": event["id"], "times": 2})
        office_hours(stage, paid_on + timedelta(days=3))
        assert payments(stage, case_id) == []
    finally:
        hooks.call("POST", "/sandbox/test/hold", {"on": False})
    hooks.call("POST", "/sandbox/test/settle")
    virtual_time.until_quiet(stage)

    assert _announced(hooks, payment_id)["statuses"] == [200, 200, 200]
    assert payments(stage, case_id) == [owed]
    entries = bodies(stage, f"CASE#{case_id}", "ENTRY#")
    assert [e["value_on"] for e in entries if e["kind"] == "payment_allocated"] == [paid_on.isoformat()]
    assert creditor.case(case_id)["state"] == "paid"


@pytest.mark.parametrize("signature", ["", "t=1,v1=00", "t=1767600000,v1=" + "0" * 64])
def test_a_word_with_a_bad_signature_is_refused(stage: Running, signature: str) -> None:
    body = json.dumps({"id": "evt_x", "type": "checkout.session.completed", "created": 1, "data": {}})
    request = urllib.request.Request(
        f"{stage.url}/v1/webhooks/sandbox", body.encode(), {"Sandbox-Signature": signature}
    )

    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(request, timeout=30)

    assert refusal.value.code == 403
    assert refusal.value.headers["Content-Type"].startswith("application/problem+json")


def _pay(creditor: Creditor, case_id: str) -> str:
    """All that is owed, by card; the payment's id, from the address one comes back to."""
    browser, path, page = creditor.people.open_page(case_id)
    amount = page.split('name="amount" value="', 1)[1].split('"', 1)[0]
    hosted = browser.post(f"{path}/pay", {"csrf": csrf_of(page), "amount": amount})
    browser.post(action_of(hosted), {"card": GOOD_CARD})
    [attempt] = [item for item in _attempts(creditor.running) if item["case_id"] == case_id]
    return str(attempt["payment_id"])


def _attempts(stage: Running) -> list[dict[str, Any]]:
    pages = stage.client("dynamodb").get_paginator("scan").paginate(TableName=stage.table_name)
    items = [item for page in pages for item in page["Items"]]
    return [json.loads(item["body"]["S"]) for item in items if item["pk"]["S"].startswith("ATTEMPT#")]


def _announced(hooks: SandboxHooks, payment_id: str) -> dict[str, Any]:
    """The provider's event about one payment, with what became of its deliveries."""
    events: list[dict[str, Any]] = hooks.call("GET", "/sandbox/test/events")["events"]
    return next(
        event
        for event in events
        if event["type"] == "checkout.session.completed" and payment_id in json.dumps(event["event"])
    )
