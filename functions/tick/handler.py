"""The heartbeat: wakes every case that is due and heals those whose driver died."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sovinto.bootstrap import Parts, read_collectors
from sovinto.entry.observe import flush, logger_of, metrics_of
from sovinto.entry.settings import TickSettings
from sovinto.ids import CaseId
from sovinto.usecases.drive_case import Driver, tick
from sovinto.usecases.loads import strangers

logger = logger_of("tick")
metrics = metrics_of("tick")


@lru_cache(maxsize=1)
def parts() -> tuple[TickSettings, Parts]:
    settings = TickSettings.from_env()
    return settings, Parts(settings)


def handle(event: dict[str, Any], context: object) -> dict[str, int]:  # noqa: ARG001
    settings, wired = parts()
    driver = Driver(
        wired.cases,
        wired.wakes,
        wired.timeline(settings.timeline_arn),
        wired.clock,
        wired.system_clock.now(),
    )
    done = tick(driver, tell=_tell)
    gone = strangers(wired.cases, read_collectors(settings.collectors))
    for owner, count in gone.items():
        logger.warning("owner is no collector any more", extra={"collector_id": owner, "open_cases": count})
    metrics.add_metric("tick_ownerless", "Count", sum(gone.values()))
    for outcome, count in done.items():
        metrics.add_metric(f"tick_{outcome}", "Count", count)
    flush(metrics)
    logger.info("tick", extra=done)
    if done.get("failed"):
        raise RuntimeError(f"{done['failed']} due cases could not be woken; the log names each")
    return done


def _tell(case_id: CaseId, error: Exception) -> None:
    logger.error("not woken", extra={"case_id": case_id}, exc_info=error)
