"""Table stream to event bus: what a transaction put in its outbox is published, at least once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sovinto.bootstrap import Parts
from sovinto.entry.observe import logger_of
from sovinto.entry.settings import RelayEventsSettings
from sovinto.entry.stream import outbox_events

logger = logger_of("relay_events")


@lru_cache(maxsize=1)
def parts() -> tuple[RelayEventsSettings, Parts]:
    settings = RelayEventsSettings.from_env()
    return settings, Parts(settings)


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Failed records are reported from the first on: the stream delivers them again, in order."""
    settings, wired = parts()
    numbered = outbox_events(event)
    refused = set(wired.bus(settings.bus_name).publish([item for _, item in numbered]))
    failed = [number for number, item in numbered if item.event_id in refused]
    logger.info("relayed", extra={"published": len(numbered) - len(failed), "refused": len(failed)})
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed[:1]]}
