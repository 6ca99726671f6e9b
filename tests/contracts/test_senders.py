"""E-mail and SMS: taken with an id, or refused, or unavailable; the doubles fail as the services do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    ConnectTimeoutError,
    ReadTimeoutError,
    SSLError,
)
from moto import mock_aws
from sovinto.adapters.ses_mail import SesMailer
from sovinto.adapters.sns_sms import SnsSms
from sovinto.bootstrap import aws_client
from sovinto.errors import OutcomeUnknown, UpstreamRefused, UpstreamUnavailable
from sovinto.ports import Attachment, Mailer, SmsSender

from tests.support.aws import client
from tests.support.failing import Broken, Refusing
from tests.support.outside import HandClock, MemoryMailer, MemorySms
from tests.support.people import START

PDF = Attachment("letter.pdf", "application/pdf", b"%PDF")


@dataclass
class Outlet:
    """A sender, and the same kind of sender whose provider says no, or does not answer."""

    send: Callable[[], str]
    refused: Callable[[], str]
    unavailable: Callable[[], str]


def mail(mailer: Mailer) -> str:
    return mailer.send(to="a@b.example", subject="s", text="t", attachments=[PDF], reference="com_1")


def text(sender: SmsSender) -> str:
    return sender.send(to="+358401234567", text="t", reference="com_1")


def _memory(kind: type[MemoryMailer] | type[MemorySms], say: Callable[..., str]) -> Outlet:
    return Outlet(
        lambda: say(kind()),
        lambda: say(kind(failure=UpstreamRefused("no"))),
        lambda: say(kind(failure=UpstreamUnavailable("later"))),
    )


def _ses() -> Outlet:
    client("ses").verify_email_identity(EmailAddress="us@sovinto.example")
    clock, sender = HandClock(START), "us@sovinto.example"
    return Outlet(
        lambda: mail(SesMailer(client("ses"), sender, clock)),
        lambda: mail(SesMailer(Refusing("MessageRejected"), sender, clock)),
        lambda: mail(SesMailer(Broken(), sender, clock)),
    )


def _sns() -> Outlet:
    clock = HandClock(START)
    return Outlet(
        lambda: text(SnsSms(client("sns"), clock)),
        lambda: text(SnsSms(Refusing("InvalidParameter"), clock)),
        lambda: text(SnsSms(Broken(), clock)),
    )


MAKERS: dict[str, Callable[[], Outlet]] = {
    "memory mail": lambda: _memory(MemoryMailer, mail),
    "ses": _ses,
    "memory sms": lambda: _memory(MemorySms, text),
    "sns": _sns,
}


@pytest.fixture(params=MAKERS)
def outlet(request: pytest.FixtureRequest) -> Iterator[Outlet]:
    with mock_aws():
        yield MAKERS[request.param]()


def test_a_taken_message_has_the_providers_id(outlet: Outlet) -> None:
    assert outlet.send()


def test_a_no_is_final(outlet: Outlet) -> None:
    with pytest.raises(UpstreamRefused):
        outlet.refused()


def test_no_answer_may_work_later(outlet: Outlet) -> None:
    with pytest.raises(UpstreamUnavailable):
        outlet.unavailable()


@pytest.mark.parametrize("code", ["Throttling", "ThrottlingException"])
def test_a_busy_mail_service_may_work_later(code: str) -> None:
    with pytest.raises(UpstreamUnavailable, match=code):
        mail(SesMailer(Refusing(code), "us@sovinto.example", HandClock(START)))


@pytest.mark.parametrize("code", ["Throttled", "ThrottledException"])
def test_a_busy_sms_service_may_work_later(code: str) -> None:
    with pytest.raises(UpstreamUnavailable, match=code):
        text(SnsSms(Refusing(code), HandClock(START)))


SENDERS: dict[str, Callable[[object], str]] = {
    "ses": lambda client: mail(SesMailer(client, "us@sovinto.example", HandClock(START))),
    "sns": lambda client: text(SnsSms(client, HandClock(START))),
}


@pytest.mark.parametrize("service", SENDERS)
@pytest.mark.parametrize("failure", [ReadTimeoutError, ConnectionClosedError, SSLError])
def test_a_message_under_way_may_have_left(service: str, failure: type[BotoCoreError]) -> None:
    with pytest.raises(OutcomeUnknown):
        SENDERS[service](Broken(failure))


@pytest.mark.parametrize("service", SENDERS)
@pytest.mark.parametrize("code", ["InternalFailure", "InternalError", "ServiceUnavailable"])
def test_a_service_that_failed_inside_may_have_sent_it(service: str, code: str) -> None:
    with pytest.raises(OutcomeUnknown, match=code):
        SENDERS[service](Refusing(code))


@pytest.mark.parametrize("service", SENDERS)
def test_no_connection_is_no_message(service: str) -> None:
    with pytest.raises(UpstreamUnavailable):
        SENDERS[service](Broken(ConnectTimeoutError))


@pytest.mark.parametrize(("service", "attempts"), [("ses", 1), ("sns", 1), ("dynamodb", 6)])
def test_only_what_may_be_repeated_is_repeated_by_the_client(
    service: str, attempts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    assert aws_client(service).meta.config.retries["total_max_attempts"] == attempts
