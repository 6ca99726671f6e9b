"""Records of the table's stream as events."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sovinto.domain.event import Event
from sovinto.ids import EventId


def outbox_events(stream: dict[str, Any]) -> list[tuple[str, Event]]:
    """(sequence number, event) of each outbox row that was inserted; everything else is passed over."""
    found = []
    for record in stream.get("Records", ()):
        image = record["dynamodb"].get("NewImage", {})
        if record["eventName"] == "INSERT" and image.get("sk", {}).get("S", "").startswith("OUTBOX#"):
            found.append((record["dynamodb"]["SequenceNumber"], _event(image["body"]["S"])))
    return found


def _event(body: str) -> Event:
    given = json.loads(body)
    return Event(
        event_id=EventId(given["event_id"]),
        type=given["type"],
        version=given["version"],
        occurred_at=datetime.fromisoformat(given["occurred_at"]),
        subject_kind=given["subject_kind"],
        subject_id=given["subject_id"],
        client_id=given["client_id"],
        data=tuple((name, value) for name, value in given["data"]),
    )
