"""A file arrived in the upload bucket: its rows become cases, its report goes beside it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from sovinto.bootstrap import Parts, read_collectors
from sovinto.entry.observe import flush, logger_of, metrics_of
from sovinto.entry.settings import ImportCasesSettings
from sovinto.entry.uploads import upload_of_key
from sovinto.usecases.import_case_file import import_case_file

logger = logger_of("import_cases")
metrics = metrics_of("import_cases")
processor = BatchProcessor(event_type=EventType.SQS)


@lru_cache(maxsize=1)
def parts() -> tuple[ImportCasesSettings, Parts]:
    settings = ImportCasesSettings.from_env()
    return settings, Parts(settings)


def handle(event: dict[str, Any], context: Any) -> Any:
    answer = process_partial_response(event, _import, processor, context)
    flush(metrics)
    return answer


def _import(record: SQSRecord) -> None:
    settings, wired = parts()
    named = upload_of_key(record.json_body["detail"]["object"]["key"])
    if named is None:
        return
    client_id, upload_id = named
    upload = import_case_file(
        client_id,
        upload_id,
        files=wired.files(settings.upload_bucket),
        cases=wired.cases,
        clients=wired.clients,
        clock=wired.clock,
        ids=wired.ids,
        collectors=read_collectors(settings.collectors),
    )
    metrics.add_metric("cases_submitted", "Count", upload.accepted)
    metrics.add_metric("rows_refused", "Count", upload.refused)
    counts = {"accepted": upload.accepted, "refused": upload.refused, "duplicates": upload.duplicates}
    logger.info("imported", extra={"upload_id": upload_id, "state": upload.state, **counts})
