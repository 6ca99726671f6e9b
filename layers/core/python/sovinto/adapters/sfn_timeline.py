"""The timeline's driver on AWS Step Functions: one Standard execution per case at a time."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from sovinto.domain.driving import NextStep
from sovinto.ids import CaseId

_GONE = {"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"}
_ABSENT = {"ExecutionDoesNotExist"}
_STARTED = {"ExecutionAlreadyExists"}


def execution_name(case_id: CaseId, execution: int) -> str:
    return f"case-{case_id}-{execution}"


class SfnTimeline:
    """Implements ports.Timeline."""

    def __init__(self, client: Any, machine_arn: str) -> None:
        self._client = client
        self._machine_arn = machine_arn

    def start(self, case_id: CaseId, execution: int) -> None:
        """The name makes a repeat harmless: an execution that exists is the one we wanted."""
        try:
            self._client.start_execution(
                stateMachineArn=self._machine_arn,
                name=execution_name(case_id, execution),
                input=json.dumps({"case_id": case_id}),
            )
        except ClientError as failure:
            if failure.response["Error"]["Code"] not in _STARTED:
                raise

    def resume(self, token: str, found: NextStep) -> bool:
        output = {"step": found.step, "version": found.version, "reason": found.reason}
        try:
            self._client.send_task_success(taskToken=token, output=json.dumps(output))
        except ClientError as failure:
            if failure.response["Error"]["Code"] in _GONE:
                return False
            raise
        return True

    def stop(self, case_id: CaseId, execution: int) -> None:
        try:
            self._client.stop_execution(executionArn=self._execution_arn(case_id, execution))
        except ClientError as failure:
            if failure.response["Error"]["Code"] not in _ABSENT:
                raise

    def _execution_arn(self, case_id: CaseId, execution: int) -> str:
        prefix = self._machine_arn.replace(":stateMachine:", ":execution:")
        return f"{prefix}:{execution_name(case_id, execution)}"

    def is_running(self, case_id: CaseId, execution: int) -> bool:
        name = self._execution_arn(case_id, execution)
        try:
            answer = self._client.describe_execution(executionArn=name)
        except ClientError as failure:
            if failure.response["Error"]["Code"] in _ABSENT:
                return False
            raise
        return bool(answer["status"] == "RUNNING")
