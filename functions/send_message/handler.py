"""Planned communications out of the queue: typeset, send once, record as sent."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from sovinto.bootstrap import Parts, press, read_agency
from sovinto.entry.observe import flush, logger_of, metrics_of
from sovinto.entry.settings import SendMessageSettings
from sovinto.ids import CaseId, CommunicationId
from sovinto.usecases.dispatch_message import Outlets, dispatch_message
from sovinto.usecases.step_context import Sender

logger = logger_of("send_message")
metrics = metrics_of("send_message")
processor = BatchProcessor(event_type=EventType.SQS)


@lru_cache(maxsize=1)
def parts() -> tuple[Outlets, Sender, Parts]:
    settings = SendMessageSettings.from_env()
    wired = Parts(settings)
    outlets = Outlets(
        press(), wired.files(settings.document_bucket), wired.mailer(settings.mail_from), wired.sms
    )
    sender = Sender(
        read_agency(settings.agency), wired.secrets.read(settings.code_secret_arn), settings.page_url
    )
    return outlets, sender, wired


def handle(event: dict[str, Any], context: Any) -> Any:
    answer = process_partial_response(event, _send, processor, context)
    flush(metrics)
    return answer


def _send(record: SQSRecord) -> None:
    outlets, sender, wired = parts()
    detail = record.json_body["detail"]
    communication_id = CommunicationId(detail["data"]["communication_id"])
    state = dispatch_message(
        CaseId(detail["subject"]["id"]),
        communication_id,
        outlets=outlets,
        sender=sender,
        cases=wired.cases,
        sendings=wired.sendings,
        clients=wired.clients,
        clock=wired.clock,
    )
    metrics.add_metric(f"communication_{state.value}", "Count", 1)
    logger.info("dispatched", extra={"communication_id": communication_id, "state": state.value})
