"""A word of the client to whoever handles its case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

MOST_TEXT = 2000
MOST_MESSAGES = 20


@dataclass(frozen=True, slots=True)
class ClientMessage:
    """Kept on the case alone, and never in an event. `text` is at most MOST_TEXT characters."""

    message_id: str
    at: datetime
    by: str
    text: str
