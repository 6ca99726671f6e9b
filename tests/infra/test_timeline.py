"""The state machine's file: complete, reachable, bounded, and in step with the domain."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sovinto.domain.case import Step

from infra.node import node_environment, node_home
from infra.parts.timeline import DEFINITION
from infra.paths import ROOT
from tests.infra.reading import Template, one

VALIDATOR = ROOT / "node_modules" / "asl-validator" / "dist" / "bin" / "asl-validator.js"
CONTROL = {"wait", "continue_as_new", "done"}
CARRIED = {
    "case_id.$": "$.case_id",
    "token.$": "$$.Task.Token",
    "execution.$": "$$.Execution.Name",
    "started_at.$": "$$.Execution.StartTime",
    "entered_at.$": "$$.State.EnteredTime",
}


@pytest.fixture(scope="module")
def machine() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(DEFINITION.read_text("utf-8"))
    return loaded


def _next(state: dict[str, Any]) -> Iterator[str]:
    for holder in (state, *state.get("Choices", ()), *state.get("Catch", ())):
        yield from (holder[key] for key in ("Next", "Default") if key in holder)


def test_every_next_exists_and_every_state_is_reached(machine: dict[str, Any]) -> None:
    states = machine["States"]
    reached, waiting = set(), [machine["StartAt"]]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(_next(states[name]))

    assert reached == set(states)


def test_every_step_of_the_domain_has_a_branch_and_a_state_of_its_own(machine: dict[str, Any]) -> None:
    branches = {choice["StringEquals"]: choice["Next"] for choice in machine["States"]["Route"]["Choices"]}

    assert set(branches) == {step.value for step in Step} | CONTROL
    for step in Step:
        state = machine["States"][branches[step.value]]
        assert state["Parameters"]["MessageBody"]["step"] == step.value
        assert branches[step.value] == step.value.title().replace("_", "")
        assert state["Next"] == "Route"


def test_tasks_are_bounded_in_time_and_tries(machine: dict[str, Any]) -> None:
    for name, state in machine["States"].items():
        if state["Type"] != "Task":
            continue
        assert state["TimeoutSeconds"] > 0, name
        assert "HeartbeatSeconds" not in state, name
        for retry in state["Retry"]:
            assert 0 < retry["MaxAttempts"] <= 60, name
            assert retry["JitterStrategy"] == "FULL", name


def _tasks(machine: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: state for name, state in machine["States"].items() if state["Type"] == "Task"}


def test_a_state_that_nobody_ended_decides_again(machine: dict[str, Any]) -> None:
    for name, state in _tasks(machine).items():
        retried = {error for retry in state["Retry"] for error in retry["ErrorEquals"]}
        timed_out = {"ErrorEquals": ["States.Timeout"], "ResultPath": None, "Next": "Decide"}
        assert state["Catch"] == [timed_out], name
        assert "States.Timeout" not in retried, name


def test_every_task_goes_to_the_queue_with_its_token(machine: dict[str, Any]) -> None:
    for name, state in _tasks(machine).items():
        assert state["Resource"] == "arn:aws:states:::sqs:sendMessage.waitForTaskToken", name
        assert state["Parameters"]["QueueUrl"] == "${StepQueueUrl}", name
        body = state["Parameters"]["MessageBody"]
        assert {key: body[key] for key in CARRIED} == CARRIED, name
        assert body.keys() - CARRIED.keys() <= {"action", "step"}, name


def test_state_holds_ids_only(machine: dict[str, Any]) -> None:
    for name, state in _tasks(machine).items():
        assert state["ResultPath"] == "$.decision", name
        assert set(state["ResultSelector"]) == {"step.$", "version.$", "reason.$"}, name


def test_all_placeholders_are_filled_and_no_others_given(service: Template) -> None:
    resource = one(service, "AWS::StepFunctions::StateMachine")

    wanted = set(re.findall(r"\$\{(\w+)\}", DEFINITION.read_text("utf-8")))
    assert set(resource["DefinitionSubstitutions"]) == wanted
    assert resource["LoggingConfiguration"]["IncludeExecutionData"] is False
    assert resource["TracingConfiguration"] == {"Enabled": True}


def test_the_validator_accepts_it(tmp_path: Path) -> None:
    if not VALIDATOR.is_file():
        pytest.skip("asl-validator is not installed; `make setup` fetches it")
    filled = tmp_path / "timeline.json"
    url = "https://sqs.eu-north-1.amazonaws.com/000000000000/any"
    filled.write_text(re.sub(r"\$\{\w+\}", url, DEFINITION.read_text("utf-8")), "utf-8")

    done = subprocess.run(
        [str(node_home() / "bin" / "node"), str(VALIDATOR), "--json-path", str(filled)],
        env=node_environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
