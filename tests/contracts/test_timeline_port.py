"""The driver of a case: one execution per name, a token that is good once."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from moto import mock_aws
from sovinto.adapters.sfn_timeline import SfnTimeline, execution_name
from sovinto.domain.driving import NextStep
from sovinto.ids import CaseId
from sovinto.ports import Timeline

from tests.support.aws import REGION, client
from tests.support.failing import Refusing
from tests.support.outside import MemoryTimeline

CASE = CaseId("case_1")
WAITS = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": True}}}


def machine() -> str:
    answer = client("stepfunctions").create_state_machine(
        name="timeline", definition=json.dumps(WAITS), roleArn="arn:aws:iam::123456789012:role/timeline"
    )
    return str(answer["stateMachineArn"])


@pytest.fixture(params=["memory", "stepfunctions"])
def timeline(request: pytest.FixtureRequest) -> Iterator[Timeline]:
    if request.param == "memory":
        yield MemoryTimeline()
        return
    with mock_aws():
        yield SfnTimeline(client("stepfunctions"), machine())


GO = NextStep("send_reminder", 3, "due")


def test_a_started_execution_runs(timeline: Timeline) -> None:
    assert not timeline.is_running(CASE, 1)
    timeline.start(CASE, 1)
    assert timeline.is_running(CASE, 1)
    assert not timeline.is_running(CASE, 2)
    assert not timeline.is_running(CaseId("case_2"), 1)


def test_starting_twice_is_one_execution(timeline: Timeline) -> None:
    timeline.start(CASE, 1)
    timeline.start(CASE, 1)
    assert timeline.is_running(CASE, 1)


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_a_token_that_nobody_waits_on_is_false(code: str) -> None:
    timeline = SfnTimeline(Refusing(code), f"arn:aws:states:{REGION}:123456789012:stateMachine:t")
    assert timeline.resume("token", GO) is False
    assert MemoryTimeline().resume("token", GO) is False


@pytest.mark.parametrize("action", ["start", "is_running"])
def test_other_failures_are_not_hidden(action: str) -> None:
    timeline = SfnTimeline(Refusing("AccessDenied"), "arn:aws:states:x:1:stateMachine:t")
    with pytest.raises(Exception, match="AccessDenied"):
        getattr(timeline, action)(CASE, 1)
    with pytest.raises(Exception, match="AccessDenied"):
        timeline.resume("token", GO)


def test_the_name_says_case_and_number() -> None:
    assert execution_name(CASE, 3) == "case-case_1-3"
