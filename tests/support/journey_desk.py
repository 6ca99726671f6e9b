"""The agency's own people in the journeys: the desk, and cases that are worked under the newer policy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sovinto.adapters.dynamo.cases import TableCases
from sovinto.adapters.dynamo.table import DynamoTable
from sovinto.ids import CaseId
from sovinto.ports import Change

from infra.local import virtual_time
from infra.local.running import Running
from tests.support.journey import Creditor
from tests.support.journey_books import bodies

BY = "col_fi_1"
FIRMS = {"ACT-2": "9000007-0", "ACT-3": "9000008-9", "ACT-5": "9000009-7"}
"""Contacts are counted per person: each story has a firm of its own."""


def ask(running: Running, action: str, **given: Any) -> dict[str, Any]:
    """The desk's answer, once everything that it set off has come to rest."""
    answer: dict[str, Any] = running.invoke("desk", {"action": action, "by": BY, **given})
    virtual_time.until_quiet(running)
    return answer


def place_firm(creditor: Creditor, reference: str, principal: str, policy_id: str) -> str:
    """A business's case, bound to a newer policy than its day has, and driven on under it."""
    firm = {"type": "business", "registration_id": FIRMS[reference], "phone": f"+35840{reference[-1] * 7}"}
    case_id = CaseId(creditor.place(reference, principal, **firm))
    running = creditor.running
    cases = TableCases(DynamoTable(running.client("dynamodb"), running.table_name))
    case = cases.load(case_id)
    newer = replace(case, policy_id=policy_id, version=case.version + 1)
    cases.commit(Change(case=newer, wake_at=virtual_time.now(running)))
    virtual_time.wake_all(running)
    return case_id


def events(running: Running, case_id: str) -> list[str]:
    """Types of everything that was told of the case, oldest first."""
    found = bodies(running, f"CASE#{case_id}", "OUTBOX#")
    return [str(item["type"]) for item in sorted(found, key=lambda item: str(item["occurred_at"]))]


def place_under(creditor: Creditor, policy_id: str, body: dict[str, Any]) -> CaseId:
    """A case that is worked under a newer policy than its day has from its first step on."""
    running = creditor.running
    with paused(running, "case_step"):
        case_id = CaseId(creditor.hand_over(body))
        cases = TableCases(DynamoTable(running.client("dynamodb"), running.table_name))
        case = cases.load(case_id)
        newer = replace(case, policy_id=policy_id, version=case.version + 1)
        cases.commit(Change(case=newer, wake_at=virtual_time.now(running)))
    virtual_time.wake_all(running)
    return case_id


@contextmanager
def paused(running: Running, function: str) -> Iterator[None]:
    """The function takes nothing from its queue, which keeps what comes meanwhile."""
    client, name = running.client("lambda"), running.function(function)
    [mapping] = client.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    try:
        yield
    finally:
        client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


@contextmanager
def sending_paused(running: Running) -> Iterator[None]:
    """The queue keeps what is planned meanwhile."""
    with paused(running, "send_message"):
        yield
