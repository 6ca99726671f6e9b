"""Events on Amazon EventBridge."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sovinto.domain.event import Event

SOURCE = "sovinto"
BATCH = 10


class EventBridgeBus:
    """Implements ports.EventPublisher."""

    def __init__(self, client: Any, bus_name: str) -> None:
        self._client = client
        self._bus = bus_name

    def publish(self, events: Sequence[Event]) -> tuple[str, ...]:
        refused: list[str] = []
        for start in range(0, len(events), BATCH):
            chunk = events[start : start + BATCH]
            answer = self._client.put_events(Entries=[self._entry(event) for event in chunk])
            refused += [
                event.event_id
                for event, outcome in zip(chunk, answer["Entries"], strict=True)
                if outcome.get("ErrorCode")
            ]
        return tuple(refused)

    def _entry(self, event: Event) -> dict[str, Any]:
        return {
            "Source": SOURCE,
            "DetailType": event.detail_type,
            "EventBusName": self._bus,
            "Time": event.occurred_at,
            "Detail": json.dumps(detail(event)),
        }


def detail(event: Event) -> dict[str, Any]:
    """The wire form: ids and amounts only."""
    return {
        "id": event.event_id,
        "type": event.type,
        "version": event.version,
        "occurred_at": event.occurred_at.isoformat(),
        "client_id": event.client_id,
        "subject": {"kind": event.subject_kind, "id": event.subject_id},
        "data": dict(event.data),
    }
