"""SMS through Amazon SNS."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sovinto.adapters.ses_mail import refused_or_later
from sovinto.errors import UpstreamUnavailable
from sovinto.ports import Clock

_LATER = {"Throttled", "ThrottledException", "InternalError", "ServiceUnavailable"}


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
        except ClientError as failure:
            raise refused_or_later("SNS", failure, _LATER) from failure
        except BotoCoreError as failure:
            raise UpstreamUnavailable("SNS could not be reached; try again") from failure
        return str(answer["MessageId"])
