"""By schedule, each night: prove the books, then seal the days that are over."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sovinto.bootstrap import Parts
from sovinto.entry.observe import flush, logger_of, metrics_of
from sovinto.entry.settings import ProveBooksSettings
from sovinto.usecases.book_pass import Sources
from sovinto.usecases.prove_books import Proof, prove_books
from sovinto.usecases.seal_days import seal_days

logger = logger_of("prove_books")
metrics = metrics_of("prove_books")
MAX_TOLD = 50


@lru_cache(maxsize=1)
def parts() -> tuple[ProveBooksSettings, Parts]:
    settings = ProveBooksSettings.from_env()
    return settings, Parts(settings)


def handle(event: dict[str, Any], context: object) -> dict[str, int]:  # noqa: ARG001
    settings, wired = parts()
    # A stage is named in small letters, as fi; a country pack by its ISO code.
    country, bank = settings.country.upper(), wired.files(settings.bank_bucket)
    sources = Sources(wired.book, wired.cases, wired.clients, bank, country, wired.orders)
    proof = prove_books(sources, clock=wired.clock)
    done = {
        "books_broken": len(proof.breaks),
        "books_unchecked": len(proof.unchecked),
        "books_entries": proof.entries,
    }
    _tell(proof, done)
    return {**done, "days_sealed": seal_days(wired.book, cases=wired.cases, clock=wired.clock)}


def _tell(proof: Proof, done: dict[str, int]) -> None:
    """The metric is put before anything else can fail: the alarm hangs on it."""
    for name, count in done.items():
        metrics.add_metric(name, "Count", count)
    flush(metrics)
    for broken in proof.breaks[:MAX_TOLD]:
        logger.error(
            "books broken", extra={"check": broken.check, "where": broken.where, "what": broken.message}
        )
    for missing in proof.unchecked[:MAX_TOLD]:
        logger.warning("books not checked", extra={"check": missing.check, "reason": missing.reason})
    logger.info("proved books", extra=done)
