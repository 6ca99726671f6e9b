"""Facts that others may act on: past tense, versioned, ids and amounts only, no personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sovinto.ids import EventId


@dataclass(frozen=True, slots=True)
class Event:
    """`type` is noun.past_participle ("payment.allocated"); `data` holds (name, value) strings."""

    event_id: EventId
    type: str
    version: int
    occurred_at: datetime
    subject_kind: str
    subject_id: str
    client_id: str
    data: tuple[tuple[str, str], ...] = ()

    @property
    def detail_type(self) -> str:
        return f"{self.type}.v{self.version}"
