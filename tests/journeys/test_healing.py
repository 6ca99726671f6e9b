"""A case whose driver was killed is carried on by the next tick, under the next number."""

from __future__ import annotations

from datetime import timedelta

import pytest

from infra.local import virtual_time
from infra.local.running import Running
from tests.support.journey import Creditor
from tests.support.journey_bank import deliver, transfer
from tests.support.journey_books import executions, sent
from tests.support.journey_time import wake_of
from tests.support.local_cloud import eventually

pytestmark = pytest.mark.journey


def test_a_killed_execution_is_replaced_and_the_case_goes_on(stage: Running, creditor: Creditor) -> None:
    case_id = creditor.place("HEAL-1")
    [name] = executions(stage, case_id)
    due = wake_of(stage, case_id)
    _kill(stage, name)
    assert executions(stage, case_id) == {name: "ABORTED"}

    virtual_time.move(stage, max(due, virtual_time.now(stage)) + timedelta(seconds=1))
    # The first tick spends the dead driver's token, the second one sees that nobody woke.
    for _ in range(2):
        stage.invoke("tick", {})
    virtual_time.until_quiet(stage)

    number = int(name.rsplit("-", 1)[1])
    following = f"{name.rsplit('-', 1)[0]}-{number + 1}"
    assert eventually(lambda: executions(stage, case_id).get(following)) == "RUNNING"
    assert "remind_by_sms" in creditor.performed(case_id)
    assert sent(stage, case_id) == ["reminder", "reminder_sms"]


def test_a_killed_execution_does_not_lose_an_event(stage: Running, creditor: Creditor) -> None:
    """Money that comes between two wakes starts a driver of its own."""
    case_id = creditor.place("HEAL-2")
    [name] = executions(stage, case_id)
    _kill(stage, name)
    transfer(creditor, case_id)

    deliver(stage, creditor.bank)

    assert creditor.case(case_id)["state"] == "paid"
    assert eventually(lambda: "RUNNING" not in executions(stage, case_id).values())


def _kill(stage: Running, name: str) -> None:
    arn = stage.outputs["TimelineArn"].replace(":stateMachine:", ":execution:") + f":{name}"
    stage.client("stepfunctions").stop_execution(executionArn=arn, error="Killed", cause="by the test")
