"""By schedule: remit what was collected, invoice the closed month, instruct the bank."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sovinto.bootstrap import Parts, press, read_agency
from sovinto.entry.observe import flush, logger_of, metrics_of
from sovinto.entry.settings import PayClientsSettings
from sovinto.usecases.partly import PartlyFailed
from sovinto.usecases.pay_clients import pay_clients

logger = logger_of("pay_clients")
metrics = metrics_of("pay_clients")


@lru_cache(maxsize=1)
def parts() -> tuple[PayClientsSettings, Parts]:
    settings = PayClientsSettings.from_env()
    return settings, Parts(settings)


def handle(event: dict[str, Any], context: object) -> dict[str, int]:  # noqa: ARG001
    settings, wired = parts()
    try:
        done = pay_clients(
            agency=read_agency(settings.agency),
            press=press(),
            documents=wired.files(settings.document_bucket),
            bank=wired.files(settings.bank_bucket),
            cases=wired.cases,
            clients=wired.clients,
            clock=wired.clock,
        )
    except PartlyFailed as failure:
        _tell(failure.done)
        raise
    _tell(done)
    return done


def _tell(done: dict[str, int]) -> None:
    for name, count in done.items():
        metrics.add_metric(name, "Count", count)
    flush(metrics)
    logger.info("paid clients", extra=done)
