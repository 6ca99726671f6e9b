"""One sent thing, whatever its channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

CHANNELS = ("email", "sms", "post")


@dataclass(frozen=True, slots=True)
class Attachment:
    """`name` is safe in a path and a header; `read` fetches the bytes when they are asked for."""

    name: str
    media_type: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Sent:
    """`sent_id` is safe in a path. `at` is the sender's date, which a test clock may have moved."""

    sent_id: str
    channel: str
    recipient: str
    sender: str
    subject: str
    text: str
    at: datetime
    html: str = ""
    attachments: tuple[Attachment, ...] = ()

    def attachment(self, name: str) -> Attachment | None:
        return next((one for one in self.attachments if one.name == name), None)
