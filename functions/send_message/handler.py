"""Planned communications out of the queue: typeset, send once, record as sent."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from sovinto.bootstrap import Parts, press, read_agency
from sovinto.domain.payout_account import PayoutChange
from sovinto.entry import client_payout
from sovinto.entry.observe import flush, logger_of, metrics_of
from sovinto.entry.settings import SendMessageSettings
from sovinto.ids import CaseId, ClientId, CommunicationId
from sovinto.usecases.change_payout_account import tell_old_contact
from sovinto.usecases.dispatch_message import Outlets, dispatch_message
from sovinto.usecases.step_context import Sender
from sovinto.usecases.tell_rejected import tell_rejected

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
    if detail.get("type") in ("payout_account.asked", "remittance.rejected"):
        _tell_client(detail)
        return
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


def _tell_client(detail: dict[str, Any]) -> None:
    """What a client hears of its money beside any case."""
    outlets, sender, wired = parts()
    means: dict[str, Any] = {
        "agency": sender.agency,
        "press": outlets.press,
        "mailer": outlets.mailer,
        "cases": wired.cases,
        "clients": wired.clients,
    }
    client_id = ClientId(detail["subject"]["id"])
    if detail["type"] == "remittance.rejected":
        tell_rejected(client_id, str(detail["data"]["remittance_id"]), **means)
        return
    now = int(wired.system_clock.now().timestamp())

    def stop_url(change: PayoutChange) -> str:
        return (
            f"{sender.page_url}/client/stop/{client_payout.stop_token(sender.code_secret, change, now=now)}"
        )

    tell_old_contact(client_id, **means, clock=wired.clock, stop_url=stop_url)
