"""Called by the timeline through its queue: decide what is next, perform one step, or hand over."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from sovinto.bootstrap import Parts, read_agency
from sovinto.domain.case import Step
from sovinto.domain.driving import NextStep, Turn
from sovinto.entry.observe import flush, logger_of, metrics_of
from sovinto.entry.settings import CaseStepSettings
from sovinto.entry.workflow import execution_number
from sovinto.ids import CaseId
from sovinto.usecases.drive_case import answer_state, continue_as_new
from sovinto.usecases.perform_step import perform_step
from sovinto.usecases.step_context import Sender

logger = logger_of("case_step")
metrics = metrics_of("case_step")
processor = BatchProcessor(event_type=EventType.SQS)
MAX_AGE = timedelta(days=300)


@lru_cache(maxsize=1)
def parts() -> tuple[CaseStepSettings, Parts]:
    settings = CaseStepSettings.from_env()
    return settings, Parts(settings)


def handle(event: dict[str, Any], context: Any) -> Any:
    """Outcomes are values; an exception is a bug or an unavailable service: the message comes again."""
    try:
        return process_partial_response(event, _take, processor, context)
    finally:
        flush(metrics)


def _take(record: SQSRecord) -> None:
    task = record.json_body
    action, case_id = task["action"], CaseId(task["case_id"])
    outcome = ACTIONS[action](case_id, task)
    logger.info("case step", extra={"action": action, "case_id": case_id, **outcome})


def decide(case_id: CaseId, task: dict[str, Any]) -> dict[str, Any]:
    """Answers the state with what comes next, or lets it rest."""
    settings, wired = parts()
    started_at = datetime.fromisoformat(task["started_at"])
    turn = Turn(
        task["token"],
        execution_number(task["execution"]),
        datetime.fromisoformat(task["entered_at"]),
        # By the real clock: the service counts an execution's year in real days.
        is_old=wired.system_clock.now() - started_at > MAX_AGE,
    )
    found = answer_state(
        case_id,
        turn,
        cases=wired.cases,
        wakes=wired.wakes,
        timeline=wired.timeline(settings.timeline_arn),
        clock=wired.clock,
    )
    _tell_ops(found.reason)
    return {"next": found.step, "version": found.version, "why": found.reason}


def _tell_ops(reason: str) -> None:
    """An alarm hangs on this metric: a country pack must be extended."""
    if reason.startswith("law_missing"):
        metrics.add_metric("law_missing", "Count", 1)


def perform(case_id: CaseId, task: dict[str, Any]) -> dict[str, Any]:
    settings, wired = parts()
    sender = Sender(
        read_agency(settings.agency), wired.secrets.read(settings.code_secret_arn), settings.page_url
    )
    done = perform_step(
        case_id,
        Step(task["step"]),
        sender=sender,
        cases=wired.cases,
        clients=wired.clients,
        clock=wired.clock,
    )
    metrics.add_metric(f"step_{done.outcome}", "Count", 1)
    _tell_ops(done.reason)
    performed = {"step": done.step.value, "outcome": done.outcome, "reason": done.reason}
    return {**performed, **decide(case_id, task)}


def hand_over(case_id: CaseId, task: dict[str, Any]) -> dict[str, Any]:
    settings, wired = parts()
    timeline, number = wired.timeline(settings.timeline_arn), execution_number(task["execution"]) + 1
    continue_as_new(
        case_id, number, wakes=wired.wakes, timeline=timeline, real_now=wired.system_clock.now()
    )
    timeline.resume(task["token"], NextStep("done", 0, "continued"))
    return {"outcome": "continued"}


ACTIONS = {"decide": decide, "perform": perform, "continue": hand_over}
