"""By schedule: every bank file in the inbox is read, posted once, and moved to processed or held."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import Any

from sovinto.bootstrap import Parts, read_agency
from sovinto.entry.observe import flush, logger_of, metrics_of
from sovinto.entry.settings import ImportStatementSettings
from sovinto.usecases.import_inbox import LINES, import_inbox
from sovinto.usecases.import_statement import ImportReport
from sovinto.usecases.partly import PartlyFailed

logger = logger_of("import_statement")
metrics = metrics_of("import_statement")


@lru_cache(maxsize=1)
def parts() -> tuple[ImportStatementSettings, Parts]:
    settings = ImportStatementSettings.from_env()
    return settings, Parts(settings)


MARGIN_SECONDS = 60
"""So long before its end a run stops, that a line under way is finished; the next run goes on."""


def handle(event: dict[str, Any], context: Any) -> dict[str, int]:  # noqa: ARG001
    settings, wired = parts()
    try:
        done = import_inbox(
            bank=wired.files(settings.bank_bucket),
            agency=read_agency(settings.agency),
            cases=wired.cases,
            clock=wired.clock,
            orders=wired.orders,
            clients=wired.clients,
            book=wired.book,
            beside=wired.reading_thread,
            has_time=lambda: _seconds_left(context) > MARGIN_SECONDS,
            tell=_tell_file,
        )
    except PartlyFailed as failure:
        _tell(failure.done)
        raise
    _tell(done)
    return done


def _seconds_left(context: Any) -> float:
    """A run without a clock of Lambda has all the time."""
    left = getattr(context, "get_remaining_time_in_millis", None)
    return float("inf") if left is None else left() / 1000


def _tell_file(key: str, report: ImportReport) -> None:
    """The name of the file is the bank's, and the reason may quote it: only counts are logged."""
    counts = {name: getattr(report, name) for name in LINES}
    told = {"is_held": bool(report.held), "is_unfinished": report.is_unfinished, **counts}
    logger.info("bank file", extra={"file": sha256(key.encode()).hexdigest()[:12], **told})


def _tell(done: dict[str, int]) -> None:
    for name, count in done.items():
        metrics.add_metric(f"statement_{name}", "Count", count)
    flush(metrics)
    logger.info("statements", extra=done)
