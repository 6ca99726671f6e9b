"""Something happened to a case: wake its driver, or start one."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from sovinto.bootstrap import Parts
from sovinto.entry.observe import logger_of
from sovinto.entry.settings import WakeCaseSettings
from sovinto.ids import CaseId
from sovinto.usecases.drive_case import Driver, wake_case

logger = logger_of("wake_case")
processor = BatchProcessor(event_type=EventType.SQS)


@lru_cache(maxsize=1)
def parts() -> tuple[WakeCaseSettings, Parts]:
    settings = WakeCaseSettings.from_env()
    return settings, Parts(settings)


def handle(event: dict[str, Any], context: Any) -> Any:
    return process_partial_response(event, _wake, processor, context)


def _wake(record: SQSRecord) -> None:
    settings, wired = parts()
    case_id = CaseId(record.json_body["detail"]["subject"]["id"])
    outcome = wake_case(
        case_id,
        Driver(
            wired.cases,
            wired.wakes,
            wired.timeline(settings.timeline_arn),
            wired.clock,
            wired.system_clock.now(),
        ),
    )
    logger.info("woken", extra={"case_id": case_id, "outcome": outcome})
