"""The thin adapters: what they ask of AWS, and what they make of the answer."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends
from sovinto.adapters.event_bus import BATCH, EventBridgeBus, detail
from sovinto.adapters.s3_files import S3Files
from sovinto.adapters.secrets import SecretsStore
from sovinto.adapters.ses_mail import SesMailer
from sovinto.adapters.sns_sms import SnsSms
from sovinto.adapters.user_pool import UserPool
from sovinto.domain.event import Event
from sovinto.errors import NotAllowed
from sovinto.ids import EventId
from sovinto.ports import Attachment

from tests.support.aws import REGION, client, make_bucket
from tests.support.failing import Refusing
from tests.support.outside import HandClock
from tests.support.people import START


@pytest.fixture(autouse=True)
def aws() -> Iterator[None]:
    with mock_aws():
        yield


def event(number: int) -> Event:
    return Event(
        EventId(f"evt_{number}"), "case.closed", 1, START, "case", "case_1", "cli_1", (("reason", "paid"),)
    )


class Bus:
    """Remembers the batches; refuses the events it is told to."""

    def __init__(self, *refused: str) -> None:
        self.batches: list[list[dict[str, Any]]] = []
        self._refused = refused

    def put_events(self, **request: list[dict[str, Any]]) -> dict[str, Any]:
        self.batches.append(request["Entries"])
        ids = [json.loads(entry["Detail"])["id"] for entry in request["Entries"]]
        return {
            "Entries": [{"ErrorCode": "x"} if name in self._refused else {"EventId": "1"} for name in ids]
        }


def test_events_go_in_batches_and_the_refused_are_named() -> None:
    bus = Bus("evt_3", "evt_22")
    refused = EventBridgeBus(bus, "bus").publish([event(n) for n in range(25)])
    assert refused == ("evt_3", "evt_22")
    assert [len(batch) for batch in bus.batches] == [BATCH, BATCH, 5]
    (first, *_) = bus.batches[0]
    assert (first["Source"], first["DetailType"], first["EventBusName"]) == (
        "sovinto",
        "case.closed.v1",
        "bus",
    )


def test_nothing_to_publish_calls_nobody() -> None:
    bus = Bus()
    assert EventBridgeBus(bus, "bus").publish([]) == ()
    assert bus.batches == []


def test_the_wire_form_of_an_event() -> None:
    assert detail(event(1)) == {
        "id": "evt_1",
        "type": "case.closed",
        "version": 1,
        "occurred_at": "2026-01-05T08:00:00+00:00",
        "client_id": "cli_1",
        "subject": {"kind": "case", "id": "case_1"},
        "data": {"reason": "paid"},
    }


def test_an_email_carries_our_reference_and_its_pdf() -> None:
    client("ses").verify_email_identity(EmailAddress="us@sovinto.example")
    mailer = SesMailer(client("ses"), "us@sovinto.example", HandClock(START))
    pdf = Attachment("reminder.pdf", "application/pdf", b"%PDF-1.7 x")
    mailer.send(
        to="a@b.example", subject="Viesti: ä", text="Hyvää päivää €", attachments=[pdf], reference="com_1"
    )
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    raw = sent.raw_data if isinstance(sent.raw_data, bytes) else sent.raw_data.encode()
    message = message_from_bytes(raw)
    assert message["X-Sovinto-Reference"] == "com_1"
    assert message["Date"] == "Mon, 05 Jan 2026 08:00:00 +0000"
    text, attached = message.get_payload()  # type: ignore[misc]
    assert text.get_payload(decode=True).decode().strip() == "Hyvää päivää €"  # type: ignore[union-attr]
    assert attached.get_payload(decode=True) == b"%PDF-1.7 x"  # type: ignore[union-attr]
    assert raw.isascii(), "seven bits, for not every relay on the way takes eight"


@pytest.mark.parametrize("sign", ["\r\nBcc: x@y.example", "\nX: y"])
def test_no_header_can_be_smuggled_in(sign: str) -> None:
    mailer = SesMailer(client("ses"), "us@sovinto.example", HandClock(START))
    with pytest.raises(ValueError, match="linefeed"):
        mailer.send(to=f"a@b.example{sign}", subject="s", text="t", attachments=[], reference="r")


def test_an_sms_is_transactional() -> None:
    seen: list[dict[str, Any]] = []

    class Sns:
        def publish(self, **request: Any) -> dict[str, str]:
            seen.append(request)
            return {"MessageId": "m-1"}

    assert SnsSms(Sns(), HandClock(START)).send(to="+358401234567", text="Hei", reference="com_1") == "m-1"
    attributes = seen[0]["MessageAttributes"]
    assert attributes["AWS.SNS.SMS.SMSType"]["StringValue"] == "Transactional"
    assert (seen[0]["PhoneNumber"], seen[0]["Message"]) == ("+358401234567", "Hei")


def test_a_secret_is_read_again_after_five_minutes() -> None:
    store, now = client("secretsmanager"), [1_000.0]
    arn = store.create_secret(Name="s", SecretString="one")["ARN"]
    secrets = SecretsStore(store, lambda: now[0])
    assert secrets.read(arn) == b"one"
    store.put_secret_value(SecretId=arn, SecretString="two")
    now[0] += 299
    assert secrets.read(arn) == b"one"
    now[0] += 1
    assert secrets.read(arn) == b"two"


def test_an_upload_link_is_bound_to_size_and_type() -> None:
    make_bucket("files")
    files = S3Files(client("s3"), "files")
    link = files.upload_link("inbox/1.csv", size=12, content_type="text/csv", seconds=60)
    assert "content-length" in link.lower()
    assert "content-type" in link.lower() or "Expires" in link


def test_more_files_than_a_page_are_listed() -> None:
    make_bucket("files")
    files = S3Files(client("s3"), "files")
    s3 = client("s3")
    for number in range(1_005):
        s3.put_object(Bucket="files", Key=f"inbox/{number:05d}", Body=b"")
    assert len(files.keys("inbox/")) == 1_005


class Cognito:
    def __init__(self, answer: dict[str, Any]) -> None:
        self._answer = answer

    def initiate_auth(self, **_: Any) -> dict[str, Any]:
        return self._answer


def token(**claims: str) -> str:
    return f"h.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.s"


def test_a_user_belongs_to_the_client_of_its_token() -> None:
    answer = {"AuthenticationResult": {"IdToken": token(**{"custom:client_id": "cli_1"})}}
    assert UserPool(Cognito(answer), "app").sign_in("maija", "right") == "cli_1"


@pytest.mark.parametrize(
    "code", ["NotAuthorizedException", "UserNotFoundException", "UserNotConfirmedException"]
)
def test_every_wrong_sign_in_reads_the_same(code: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        UserPool(Refusing(code), "app").sign_in("maija", "wrong")
    assert refusal.value.message == "the name or the password is wrong"


def test_an_empty_password_asks_nobody() -> None:
    for name, password in (("", "x"), ("x", "")):
        with pytest.raises(NotAllowed):
            UserPool(Refusing("InternalErrorException"), "app").sign_in(name, password)


def test_an_invited_user_must_set_a_password_first() -> None:
    challenged = Cognito({"ChallengeName": "NEW_PASSWORD_REQUIRED"})
    for pool in (challenged, Refusing("PasswordResetRequiredException")):
        with pytest.raises(NotAllowed, match="new password"):
            UserPool(pool, "app").sign_in("maija", "right")


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"ChallengeName": "SOFTWARE_TOKEN_MFA"}, "second_factor"),
        ({"AuthenticationResult": {"IdToken": token(sub="1")}}, "no_client"),
    ],
)
def test_a_right_password_that_is_not_enough_says_why(answer: dict[str, Any], field: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        UserPool(Cognito(answer), "app").sign_in("maija", "right")
    assert refusal.value.field == field


def test_an_outage_of_the_pool_is_not_a_wrong_password() -> None:
    with pytest.raises(ClientError):
        UserPool(Refusing("InternalErrorException"), "app").sign_in("maija", "right")
