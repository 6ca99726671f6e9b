"""An objection stops everything that has not left, until the client has answered it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from infra.local import virtual_time
from infra.local.demo.browser import csrf_of
from infra.local.running import Running
from tests.support.journey import Creditor
from tests.support.journey_books import bodies, executions, sent
from tests.support.journey_time import office_hours, to_next_wake, today, wake_of
from tests.support.local_cloud import eventually

pytestmark = pytest.mark.journey


def dispute(creditor: Creditor, case_id: str) -> str:
    """By the form of the debtor's page; the answer page."""
    browser, path, page = creditor.people.open_page(case_id)
    fields = {"csrf": csrf_of(page), "kind": "wrong_amount", "text": "Olen jo palauttanut osan."}
    return browser.post(f"{path}/dispute", fields)


def answer(creditor: Creditor, case_id: str, outcome: str) -> None:
    creditor.api.api("POST", f"/v1/cases/{case_id}/dispute", {"outcome": outcome})
    virtual_time.until_quiet(creditor.running)


def test_a_message_that_was_planned_is_withheld_when_the_debtor_objects(
    stage: Running, creditor: Creditor
) -> None:
    case_id = creditor.place("DIS-1")
    with _sending_paused(stage):
        virtual_time.move(stage, wake_of(stage, case_id) + timedelta(seconds=1))
        stage.invoke("tick", {})
        eventually(lambda: _state_of(stage, case_id, "reminder_sms") == "planned")
        dispute(creditor, case_id)
    virtual_time.until_quiet(stage)

    assert _state_of(stage, case_id, "reminder_sms") == "withheld"
    assert sent(stage, case_id) == ["dispute_received", "reminder"]


def test_nothing_leaves_while_the_objection_is_open(stage: Running, creditor: Creditor) -> None:
    case_id = creditor.place("DIS-2")
    dispute(creditor, case_id)
    virtual_time.until_quiet(stage)
    before = sent(stage, case_id)
    fees = _charges(stage, case_id)

    office_hours(stage, today(stage) + timedelta(days=35))

    assert sent(stage, case_id) == before == ["dispute_received", "reminder"]
    assert _charges(stage, case_id) == fees
    assert creditor.case(case_id)["state"] == "disputed"


def test_a_rejected_objection_lets_the_case_go_on(stage: Running, creditor: Creditor) -> None:
    case_id = creditor.place("DIS-3")
    dispute(creditor, case_id)
    virtual_time.until_quiet(stage)

    answer(creditor, case_id, "rejected")
    for _ in range(3):
        to_next_wake(stage, case_id)

    assert creditor.case(case_id)["state"] == "open"
    assert "send_demand" in creditor.performed(case_id)


def test_an_upheld_objection_closes_the_case(stage: Running, creditor: Creditor) -> None:
    case_id = creditor.place("DIS-4")
    dispute(creditor, case_id)
    virtual_time.until_quiet(stage)

    answer(creditor, case_id, "upheld")

    assert creditor.case(case_id)["state"] == "dispute_upheld"
    assert eventually(lambda: "RUNNING" not in executions(stage, case_id).values())


@contextmanager
def _sending_paused(stage: Running) -> Iterator[None]:
    """The queue keeps what is planned meanwhile."""
    client, name = stage.client("lambda"), stage.function("send_message")
    [mapping] = client.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    try:
        yield
    finally:
        client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


def _state_of(stage: Running, case_id: str, template: str) -> str:
    found = bodies(stage, f"CASE#{case_id}", "COMM#")
    return next((str(item["state"]) for item in found if item["template"] == template), "")


def _charges(stage: Running, case_id: str) -> int:
    return len(bodies(stage, f"CASE#{case_id}", "ENTRY#"))
