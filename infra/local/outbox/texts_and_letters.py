"""SMS from the local cloud's list, letters from the documents bucket."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from infra.local.outbox.sent import Attachment, Sent

POST_PREFIX = "post/"
_LETTER = re.compile(r"post/(\d{4}-\d\d-\d\d)/([A-Za-z0-9_-]{1,100})\.pdf")


def text_messages(listing: Mapping[str, Any], first_seen: Callable[[str], datetime]) -> list[Sent]:
    """All SMS of `/_ministack/sns/sms-messages`.

    The list holds no times: the sender's own `sent_at` attribute counts, else when we first saw it.
    """
    return [
        _text_message(record, first_seen)
        for records in listing["sms_messages"].values()
        for record in records
    ]


def _text_message(record: Mapping[str, Any], first_seen: Callable[[str], datetime]) -> Sent:
    attributes = record["MessageAttributes"] or {}
    sent_id = f"sms-{record['MessageId']}"
    return Sent(
        sent_id=sent_id,
        channel="sms",
        recipient=record["PhoneNumber"],
        sender=_attribute(attributes, "AWS.SNS.SMS.SenderID"),
        subject="",
        text=record["Message"],
        at=_instant(_attribute(attributes, "sent_at")) or first_seen(sent_id),
    )


def _attribute(attributes: Mapping[str, Any], name: str) -> str:
    value = attributes.get(name) or {}
    return str(value.get("StringValue") or value.get("Value") or "")


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def letters(objects: Iterable[Mapping[str, Any]], fetch: Callable[[str], bytes]) -> list[Sent]:
    """Letters given to the post: `post/<day>/<communication_id>.pdf`; other keys are passed over."""
    found = [_letter(str(stored["Key"]), stored["LastModified"], fetch) for stored in objects]
    return [letter for letter in found if letter is not None]


def _letter(key: str, stored_at: datetime, fetch: Callable[[str], bytes]) -> Sent | None:
    match = _LETTER.fullmatch(key)
    midnight = _instant(match[1]) if match else None
    if match is None or midnight is None:
        return None
    day, communication_id = match.groups()
    return Sent(
        sent_id=f"post-{day}-{communication_id}",
        channel="post",
        recipient="by post",
        sender="",
        subject=communication_id,
        text="",
        at=_in_order(midnight, stored_at),
        attachments=(Attachment("letter.pdf", "application/pdf", lambda: fetch(key)),),
    )


def _in_order(midnight: datetime, stored_at: datetime) -> datetime:
    """The key's day is the sender's; the hour of storing keeps the letters of one day in order."""
    return datetime.combine(midnight.date(), stored_at.astimezone(UTC).time(), UTC)
