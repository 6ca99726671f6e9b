"""The sandbox adapter against providers that misbehave: what may be tried again, what may not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sovinto.adapters.sandbox_gateway import SandboxGateway
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput, SovintoError, UpstreamRefused, UpstreamUnavailable
from sovinto.ids import PaymentId

from tests.support.served_sandbox import API_KEY, served_sandbox

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SESSION = (
    b'{"id":"cs_1","url":"https://pay.example/cs_1","status":"open",'
    b'"amount_minor":100,"currency":"EUR","reference":"pay_1"}'
)


@contextmanager
def provider(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers every call with these bytes and hangs up; its URL and the calls it got."""
    calls: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                calls.append(connection.recv(65_536))
                connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", calls
        thread.join(timeout=10)


def answer(status: str, body: bytes, *headers: bytes) -> bytes:
    head = b"\r\n".join([f"HTTP/1.1 {status}".encode(), b"Content-Length: %d" % len(body), *headers])
    return head + b"\r\nConnection: close\r\n\r\n" + body


def opened(gateway: SandboxGateway) -> object:
    return gateway.create_checkout(
        payment_id=PaymentId("pay_1"),
        amount=Money(100, "EUR"),
        description="d",
        success_url="https://x.example/",
        cancel_url="https://x.example/",
        language="fi",
        idempotency_key="key-1",
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (answer("500 Broken", b"oops"), UpstreamUnavailable),
        (answer("503 Busy", b""), UpstreamUnavailable),
        (answer("429 Slow down", b"{}"), UpstreamUnavailable),
        (answer("200 OK", b"<html>"), UpstreamUnavailable),
        (answer("200 OK", b'{"id": 7}'), UpstreamUnavailable),
        (answer("200 OK", SESSION.replace(b"100", b"1.00")), UpstreamUnavailable),
        (answer("200 OK", SESSION.replace(b"open", b"asleep")), UpstreamUnavailable),
        (answer("200 OK", SESSION.replace(b"https:", b"data:")), UpstreamUnavailable),
        (answer("200 OK", SESSION.replace(b"https:", b"https://[")), UpstreamUnavailable),
        (b"", UpstreamUnavailable),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{", UpstreamUnavailable),
        (b"SSH-2.0-OpenSSH\r\n", UpstreamUnavailable),
        (answer("200 OK", SESSION.replace(b"100", b"999")), UpstreamRefused),
        (answer("200 OK", SESSION.replace(b"pay_1", b"pay_2")), UpstreamRefused),
        (answer("401 No", b""), UpstreamRefused),
        (answer("404 No", b"[]"), UpstreamRefused),
        (answer("302 There", b"", b"Location: http://127.0.0.1:1/"), UpstreamRefused),
    ],
)
def test_each_failure_says_whether_to_try_again(said: bytes, expected: type[SovintoError]) -> None:
    with provider(said) as (url, _), pytest.raises(expected):
        opened(SandboxGateway(url, API_KEY))


def test_a_provider_that_does_not_answer_in_time_may_be_asked_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(UpstreamUnavailable, match="in time"):
            opened(SandboxGateway(url, API_KEY, timeout_seconds=0.05))


def test_the_providers_own_sentence_is_passed_on() -> None:
    body = b'{"error": {"code": "x", "message": "currency must be three capital letters"}}'
    refused = answer("422 No", body)
    with provider(refused) as (url, _), pytest.raises(UpstreamRefused, match="three capital letters"):
        opened(SandboxGateway(url, API_KEY))


def test_the_call_carries_key_idempotency_key_and_test_clock() -> None:
    with provider(answer("201 Made", SESSION)) as (url, calls):
        opened(SandboxGateway(url + "/", API_KEY, now=lambda: 1_000_000_000))
    head = calls[0].partition(b"\r\n\r\n")[0].lower()
    assert head.startswith(b"post /v1/checkout/sessions http/1.1")
    for line in (
        b"authorization: bearer sk_sandbox",
        b"idempotency-key: key-1",
        b"sandbox-now: 1000000000",
    ):
        assert line in head.split(b"\r\n")


def test_a_checkout_id_cannot_reach_another_address() -> None:
    with provider(answer("404 No", b"")) as (url, calls), pytest.raises(UpstreamRefused):
        SandboxGateway(url, API_KEY).find_checkout("../refunds?x=1")
    assert calls[0].startswith(b"GET /v1/checkout/sessions/..%2Frefunds%3Fx%3D1 ")


def test_a_wrong_key_is_refused_by_the_sandbox() -> None:
    with served_sandbox() as served, pytest.raises(UpstreamRefused, match="401"):
        opened(SandboxGateway(served.url, "sk_wrong"))


def test_an_answer_that_was_lost_does_not_open_a_second_page() -> None:
    with served_sandbox() as served:
        gateway = SandboxGateway(served.url, API_KEY)
        served.post("/test/fail", {"status": 502, "after": True})
        with pytest.raises(UpstreamUnavailable):
            opened(gateway)
        assert opened(gateway) == opened(gateway)


@pytest.mark.parametrize(
    "url", ["", "http://pay.example", "ftp://localhost", "https://", "https://[", "localhost:8080"]
)
def test_the_key_is_not_sent_in_the_clear(url: str) -> None:
    with pytest.raises(InvalidInput, match="https://"):
        SandboxGateway(url, API_KEY)
