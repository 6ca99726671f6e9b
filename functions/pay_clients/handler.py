"""By schedule: give back, remit what was collected, invoice the closed month, instruct the bank."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from sovinto.bootstrap import Parts, press, read_agency
from sovinto.entry.invoicing import credit_asked
from sovinto.entry.observe import flush, logger_of, metrics_of
from sovinto.entry.provider_keys import NotSetUp
from sovinto.entry.settings import PayClientsSettings
from sovinto.usecases.issue_invoice import Invoicing
from sovinto.usecases.partly import PartlyFailed
from sovinto.usecases.pay_clients import pay_clients
from sovinto.usecases.refund_queue import Provider, work_refunds
from sovinto.usecases.remind_client_invoice import remind_clients
from sovinto.usecases.suspense import oldest_days

logger = logger_of("pay_clients")
metrics = metrics_of("pay_clients")


@lru_cache(maxsize=1)
def parts() -> tuple[PayClientsSettings, Parts]:
    settings = PayClientsSettings.from_env()
    return settings, Parts(settings)


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Without an action the run of the schedule; a credit note where a person asks for one."""
    settings, wired = parts()
    if event.get("action"):
        return credit_asked(json.dumps(event), _invoicing(settings, wired))
    _refunds(settings, wired)
    _suspense(settings, wired)
    try:
        done = pay_clients(
            agency=read_agency(settings.agency),
            press=press(),
            documents=wired.files(settings.document_bucket),
            bank=wired.files(settings.bank_bucket),
            cases=wired.cases,
            clients=wired.clients,
            orders=wired.orders,
            clock=wired.clock,
            book=wired.book,
        )
    except PartlyFailed as failure:
        _tell(failure.done)
        raise
    _tell(done)
    _reminders(settings, wired)
    return done


def _invoicing(settings: PayClientsSettings, wired: Parts) -> Invoicing:
    return Invoicing(
        read_agency(settings.agency),
        press(),
        wired.files(settings.document_bucket),
        wired.cases,
        wired.clients,
        wired.clock,
    )


def _reminders(settings: PayClientsSettings, wired: Parts) -> None:
    """Last, for whatever came in is known by then. Raises PartlyFailed."""
    means = _invoicing(settings, wired)
    try:
        done = remind_clients(means, wired.mailer(settings.mail_from))
    except PartlyFailed as failure:
        _tell(failure.done)
        raise
    _tell(done)


def _refunds(settings: PayClientsSettings, wired: Parts) -> None:
    """First, so that what is due back goes out with the same run. What fails here stops no remittance: an
    alarm tells of it."""
    try:
        done = work_refunds(
            agency=read_agency(settings.agency),
            cases=wired.cases,
            orders=wired.orders,
            clock=wired.clock,
            provider=Provider(settings.gateway_provider, wired.gateway(settings)),
        )
    except PartlyFailed as failure:
        logger.exception("some refunds failed")
        done = {**failure.done, "refunds_failed": 1}
    except NotSetUp as failure:
        logger.error("no refund was asked for", extra={"reason": failure.message})
        done = {"refunds_failed": 1}
    for name, count in done.items():
        metrics.add_metric(name, "Count", count)
    logger.info("refunds", extra=done)


def _suspense(settings: PayClientsSettings, wired: Parts) -> None:
    """An alarm hangs on the age of the oldest money whose owner nobody found."""
    country = read_agency(settings.agency).contact.address.country
    oldest = oldest_days(country=country, book=wired.book, clock=wired.clock)
    metrics.add_metric("suspense_oldest_days", "Count", oldest)


def _tell(done: dict[str, int]) -> None:
    for name, count in done.items():
        metrics.add_metric(name, "Count", count)
    flush(metrics)
    logger.info("paid clients", extra=done)
