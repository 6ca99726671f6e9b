"""E-mails: the local cloud's list, completed from the mailbox where the whole message is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any

from infra.local.outbox.sent import Attachment, Sent

Find = Callable[[str], EmailMessage | None]


class Emails:
    """`find` gives the whole message by its id, None as long as (or if ever) it is not there.

    A completed e-mail never changes, so it is remembered, without the bytes of its attachments:
    reading thousands of messages for every page would be slow, keeping them would be large.
    """

    def __init__(self, find: Find) -> None:
        self._find = find
        self._completed: dict[str, Sent] = {}

    def all(self, listing: Mapping[str, Any]) -> list[Sent]:
        """All e-mails of `/_ministack/ses/messages`."""
        records = [record for account in listing["messages"].values() for record in account]
        return [self._email(record) for record in records]

    def _email(self, record: Mapping[str, Any]) -> Sent:
        message_id = str(record["MessageId"])
        known = self._completed.get(message_id)
        if known is not None:
            return known
        sent = _listed(message_id, record)
        message = self._find(message_id)
        if message is None:
            return sent
        self._completed[message_id] = _completed(sent, message, self._attachments(message_id, message))
        return self._completed[message_id]

    def _attachments(self, message_id: str, message: EmailMessage) -> tuple[Attachment, ...]:
        found: dict[str, Attachment] = {}
        for number, part in enumerate(message.iter_attachments()):
            name = re.sub(r"[^A-Za-z0-9._-]", "_", part.get_filename() or "").lstrip(".")
            if not name or name in found:
                name = f"{number + 1}-{name or 'attachment'}"
            found[name] = Attachment(name, part.get_content_type(), self._reader(message_id, number))
        return tuple(found.values())

    def _reader(self, message_id: str, number: int) -> Callable[[], bytes]:
        def read() -> bytes:
            message = self._find(message_id)
            if message is None:
                raise FileNotFoundError(message_id)
            part = list(message.iter_attachments())[number]
            payload = part.get_payload(decode=True)
            return payload if isinstance(payload, bytes) else part.as_bytes()

        return read


def _listed(message_id: str, record: Mapping[str, Any]) -> Sent:
    return Sent(
        sent_id="email-" + re.sub(r"[^0-9A-Za-z-]", "", message_id.partition("@")[0]),
        channel="email",
        recipient=", ".join(record["To"] + record["CC"]),
        sender=record["Source"] or "",
        subject=record["Subject"] or "",
        text=record["BodyText"] or "",
        html=record["BodyHtml"] or "",
        at=datetime.fromtimestamp(record["Timestamp"], UTC),
    )


def _completed(sent: Sent, message: EmailMessage, attachments: tuple[Attachment, ...]) -> Sent:
    plain = message.get_body(("plain",))
    return replace(
        sent,
        recipient=str(message.get("To", "")) or sent.recipient,
        sender=str(message.get("From", "")) or sent.sender,
        subject=str(message.get("Subject", "")) or sent.subject,
        text=str(plain.get_content()) if plain is not None else sent.text,
        at=_date(message) or sent.at,
        attachments=attachments,
    )


def _date(message: EmailMessage) -> datetime | None:
    try:
        at = parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None else at.replace(tzinfo=UTC)
