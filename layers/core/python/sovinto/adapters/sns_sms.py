"""SMS through Amazon SNS."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sovinto.adapters.provider_failure import failure_of
from sovinto.ports import Clock

_BUSY = {"Throttled", "ThrottledException", "Throttling", "ThrottlingException"}


class SnsSms:
    """Implements ports.SmsSender; numbers are E.164."""

    def __init__(self, client: Any, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    def send(self, *, to: str, text: str, reference: str) -> str:
        attributes = {
            "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
            "sovinto.reference": {"DataType": "String", "StringValue": reference},
            "sent_at": {"DataType": "String", "StringValue": self._clock.now().isoformat()},
        }
        try:
            answer = self._client.publish(PhoneNumber=to, Message=text, MessageAttributes=attributes)
        except (ClientError, BotoCoreError) as failure:
            raise failure_of("SNS", failure, _BUSY) from failure
        return str(answer["MessageId"])
