"""A letter, e-mail or SMS: intent first, then sent once, then its outcome; kept as sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sovinto.domain.letter import Letter
from sovinto.ids import CaseId, ClientId, CommunicationId, EventId


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    POST = "post"
    CALL = "call"


class SendingState(StrEnum):
    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Permit:
    """The last word before a message: which checks passed, when. Its id travels with the message."""

    permit_id: str
    granted_at: datetime
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Communication:
    """`audience` is debtor or client. `letter` holds the facts; subject/text are filled when sent.

    `to` is an e-mail address, an E.164 number or empty (post). `provider_id` is the provider's own
    id once it took the message. `facts` are further fields of the template, fixed when planned.
    `event_id` names the change that planned it; the step and the fee of that change carry the same.
    """

    communication_id: CommunicationId
    case_id: CaseId
    client_id: ClientId
    audience: str
    channel: Channel
    template: str
    language: str
    planned_at: datetime
    to: str
    permit: Permit | None = None
    letter: Letter | None = None
    state: SendingState = SendingState.PLANNED
    subject: str = ""
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    document_key: str = ""
    provider_id: str = ""
    sent_at: datetime | None = None
    reason: str = ""
    event_id: EventId | None = None
