"""By schedule: every bank file in the inbox is read, posted once, and moved to processed or held."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sovinto.bootstrap import Parts, read_agency
from sovinto.entry.observe import flush, logger_of, metrics_of
from sovinto.entry.settings import ImportStatementSettings
from sovinto.usecases.import_inbox import import_inbox
from sovinto.usecases.partly import PartlyFailed

logger = logger_of("import_statement")
metrics = metrics_of("import_statement")


@lru_cache(maxsize=1)
def parts() -> tuple[ImportStatementSettings, Parts]:
    settings = ImportStatementSettings.from_env()
    return settings, Parts(settings)


def handle(event: dict[str, Any], context: object) -> dict[str, int]:  # noqa: ARG001
    settings, wired = parts()
    try:
        done = import_inbox(
            bank=wired.files(settings.bank_bucket),
            agency=read_agency(settings.agency),
            cases=wired.cases,
            clock=wired.clock,
        )
    except PartlyFailed as failure:
        _tell(failure.done)
        raise
    _tell(done)
    return done


def _tell(done: dict[str, int]) -> None:
    for name, count in done.items():
        metrics.add_metric(f"statement_{name}", "Count", count)
    flush(metrics)
    logger.info("statements", extra=done)
