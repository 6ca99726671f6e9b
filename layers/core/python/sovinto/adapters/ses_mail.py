"""E-mail through Amazon SES."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sovinto.adapters.provider_failure import failure_of
from sovinto.ports import Attachment, Clock

_BUSY = {"Throttling", "ThrottlingException"}


class SesMailer:
    """Implements ports.Mailer; our reference travels as a message tag and a header."""

    def __init__(self, client: Any, sender: str, clock: Clock) -> None:
        self._client = client
        self._sender = sender
        self._clock = clock

    def send(
        self, *, to: str, subject: str, text: str, attachments: Sequence[Attachment], reference: str
    ) -> str:
        # Seven bits, for not every relay on the way takes eight.
        message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
        message["From"], message["To"], message["Subject"] = self._sender, to, subject
        message["Date"] = format_datetime(self._clock.now())
        message["X-Sovinto-Reference"] = reference
        message.set_content(text)
        for attachment in attachments:
            kind, subtype = attachment.content_type.split("/", 1)
            message.add_attachment(
                attachment.data, maintype=kind, subtype=subtype, filename=attachment.file_name
            )
        return self._hand_over(to, message.as_bytes(), reference)

    def _hand_over(self, to: str, raw: bytes, reference: str) -> str:
        try:
            answer = self._client.send_raw_email(
                Source=self._sender,
                Destinations=[to],
                RawMessage={"Data": raw},
                Tags=[{"Name": "communication", "Value": reference}],
            )
        except (ClientError, BotoCoreError) as failure:
            raise failure_of("SES", failure, _BUSY) from failure
        return str(answer["MessageId"])
