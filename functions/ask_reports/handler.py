"""By schedule, each day: ask Paytrail for the reports of its settlements; they come to `payment_hook`."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Any

from sovinto.bootstrap import Parts
from sovinto.entry.observe import flush, logger_of, metrics_of
from sovinto.entry.settings import AskReportsSettings

logger = logger_of("ask_reports")
metrics = metrics_of("ask_reports")
# A settlement that is told again is known; so a week of failed runs is made good by the next one.
DAYS_BACK = timedelta(days=8)


@lru_cache(maxsize=1)
def parts() -> tuple[AskReportsSettings, Parts]:
    settings = AskReportsSettings.from_env()
    return settings, Parts(settings)


def handle(event: dict[str, Any], context: object) -> dict[str, int]:  # noqa: ARG001
    """Other providers send what they settled by themselves: for them nothing is done."""
    settings, wired = parts()
    reports = wired.settlement_reports(settings)
    asked = reports(wired.system_clock.now().date() - DAYS_BACK) if reports is not None else ()
    metrics.add_metric("reports_asked", "Count", len(asked))
    flush(metrics)
    logger.info("asked for reports", extra={"reports": len(asked)})
    return {"reports_asked": len(asked)}
