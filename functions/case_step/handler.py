"""Called by the timeline: decide what is next, perform one step, or hand over."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sovinto.bootstrap import Parts, read_agency
from sovinto.domain.case import Step
from sovinto.entry.observe import flush, logger_of, metrics_of
from sovinto.entry.settings import CaseStepSettings
from sovinto.entry.workflow import execution_number
from sovinto.ids import CaseId
from sovinto.usecases.drive_case import continue_as_new, decide_next
from sovinto.usecases.perform_step import perform_step
from sovinto.usecases.step_context import Sender

logger = logger_of("case_step")
metrics = metrics_of("case_step")
MAX_AGE = timedelta(days=300)


@lru_cache(maxsize=1)
def parts() -> tuple[CaseStepSettings, Parts]:
    settings = CaseStepSettings.from_env()
    return settings, Parts(settings)


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Outcomes are values; an exception here is a bug or an unavailable service."""
    action, case_id = event["action"], CaseId(event["case_id"])
    outcome = ACTIONS[action](case_id, event)
    logger.info("case step", extra={"action": action, "case_id": case_id, **outcome})
    flush(metrics)
    return outcome


def decide(case_id: CaseId, event: dict[str, Any]) -> dict[str, Any]:
    _, wired = parts()
    if _is_old(event.get("started_at")):
        return {"step": "continue_as_new", "version": 0, "reason": "execution_age"}
    found = decide_next(case_id, cases=wired.cases, wakes=wired.wakes, clock=wired.clock)
    _tell_ops(found.reason)
    return {"step": found.step, "version": found.version, "reason": found.reason}


def _tell_ops(reason: str) -> None:
    """An alarm hangs on this metric: a country pack must be extended."""
    if reason.startswith("law_missing"):
        metrics.add_metric("law_missing", "Count", 1)


def _is_old(started_at: str | None) -> bool:
    """By the real clock: the service counts an execution's year in real days."""
    if started_at is None:
        return False
    _, wired = parts()
    return wired.system_clock.now() - datetime.fromisoformat(started_at) > MAX_AGE


def perform(case_id: CaseId, event: dict[str, Any]) -> dict[str, Any]:
    settings, wired = parts()
    sender = Sender(
        read_agency(settings.agency), wired.secrets.read(settings.code_secret_arn), settings.page_url
    )
    done = perform_step(
        case_id,
        Step(event["step"]),
        sender=sender,
        cases=wired.cases,
        clients=wired.clients,
        clock=wired.clock,
    )
    metrics.add_metric(f"step_{done.outcome}", "Count", 1)
    _tell_ops(done.reason)
    return {"step": done.step.value, "outcome": done.outcome, "reason": done.reason}


def hand_over(case_id: CaseId, event: dict[str, Any]) -> dict[str, Any]:
    settings, wired = parts()
    number = execution_number(event["execution"]) + 1
    continue_as_new(
        case_id,
        number,
        wakes=wired.wakes,
        timeline=wired.timeline(settings.timeline_arn),
        real_now=wired.system_clock.now(),
    )
    return {"outcome": "continued"}


ACTIONS = {"decide": decide, "perform": perform, "continue": hand_over}
