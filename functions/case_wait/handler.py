"""Called by the timeline with its token: remember who waits, and until when."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sovinto.bootstrap import Parts
from sovinto.entry.observe import logger_of
from sovinto.entry.settings import CaseWaitSettings
from sovinto.entry.workflow import execution_number
from sovinto.ids import CaseId
from sovinto.usecases.drive_case import park_case

logger = logger_of("case_wait")


@lru_cache(maxsize=1)
def parts() -> tuple[CaseWaitSettings, Parts]:
    settings = CaseWaitSettings.from_env()
    return settings, Parts(settings)


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    settings, wired = parts()
    case_id = CaseId(event["case_id"])
    is_parked = park_case(
        case_id,
        token=event["token"],
        execution=execution_number(event["execution"]),
        cases=wired.cases,
        wakes=wired.wakes,
        timeline=wired.timeline(settings.timeline_arn),
        clock=wired.clock,
    )
    outcome = "parked" if is_parked else "resumed"
    logger.info("case wait", extra={"case_id": case_id, "outcome": outcome})
    return {"outcome": outcome}
