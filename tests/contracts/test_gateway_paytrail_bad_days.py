"""Paytrail on bad days: what may be asked again, what may be on its way, what is never shown."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from sovinto.adapters.system import real_now
from sovinto.domain.money import Money
from sovinto.errors import (
    InvalidInput,
    OutcomeUnknown,
    UpstreamRefused,
    UpstreamUnavailable,
)

from tests.support.local_http import REAL, Answer
from tests.support.paytrail_calls import AMOUNT, gateway, opened
from tests.support.paytrail_double import (
    SECRET,
    PaytrailDouble,
    paytrail_double,
)

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def double() -> Iterator[PaytrailDouble]:
    with paytrail_double() as found:
        yield found


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(429, b"{}", {"Retry-After": "7"}), "after 7 seconds"),
        (Answer(500, b"oops"), "status 500"),
        (Answer(200, b"<html>"), "not signed"),
        (None, "in time"),
    ],
)
def test_a_bad_day_may_be_asked_again_and_opens_one_payment(
    double: PaytrailDouble, answer: Answer | None, said: str
) -> None:
    double.day.is_after = True
    double.day.answers = [answer]
    with pytest.raises(UpstreamUnavailable, match=said):
        opened(double, timeout_seconds=0.2 if answer is None else 10)
    opened(double)
    assert len(double.payments) == 1


def test_an_answer_that_is_not_signed_is_not_believed(double: PaytrailDouble) -> None:
    double.signs = False
    with pytest.raises(UpstreamUnavailable, match="not signed"):
        opened(double)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(500, b""), OutcomeUnknown),
        (None, OutcomeUnknown),
        (Answer(429, b""), UpstreamUnavailable),
        (Answer(422, b'{"message": "no refunds"}'), UpstreamRefused),
    ],
)
def test_a_refund_without_an_answer_may_be_on_its_way(
    double: PaytrailDouble, answer: Answer | None, expected: type[Exception]
) -> None:
    checkout = opened(double)
    double.pay(checkout.checkout_id)
    double.day.answers = [REAL, answer]
    with pytest.raises(expected):
        gateway(double, timeout_seconds=0.5).order_refund(
            checkout.checkout_id, Money(147, "EUR"), idempotency_key="r1"
        )


def test_a_server_that_is_not_there_got_no_refund(double: PaytrailDouble) -> None:
    with pytest.raises(UpstreamUnavailable):
        gateway(double, base_url="http://127.0.0.1:1").order_refund("t", AMOUNT, idempotency_key="r")


def test_no_secret_is_seen(double: PaytrailDouble, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    opened(double, now=real_now)
    assert SECRET not in caplog.text + repr(gateway(double))
    assert SECRET.encode() not in b"".join(call.body for call in double.day.calls)
    assert len({call.headers["checkout-nonce"] for call in double.day.calls}) == len(double.day.calls)


@pytest.mark.parametrize("url", ["", "http://pay.example", "ftp://localhost", "https://["])
def test_calls_are_not_sent_in_the_clear(double: PaytrailDouble, url: str) -> None:
    with pytest.raises(InvalidInput, match="https://"):
        gateway(double, base_url=url)
