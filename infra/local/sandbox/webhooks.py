"""Signed webhooks: delivered until answered with 2xx, with longer and longer waits, then given up."""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from infra.local.sandbox.errors import absent
from infra.local.sandbox.schedule import Later

HEADER = "Sandbox-Signature"
# (address, body, headers) -> HTTP status, 0 when nobody answered.
Post = Callable[[str, bytes, Mapping[str, str]], int]


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = build_opener(_NoRedirects(), ProxyHandler({}))


def post_by_http(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The real `Post`. Half a minute, because the receiver may be a function that starts cold."""
    try:
        with _OPENER.open(Request(url, data=body, headers=dict(headers)), timeout=30) as response:
            return int(response.status)
    except HTTPError as error:
        error.close()
        return error.code
    except (OSError, HTTPException, ValueError):
        return 0


def signature(secret: bytes, timestamp: int, body: bytes) -> str:
    # Written again rather than shared with the receiver: two makers agree on a format, not on code.
    digest = hmac.new(secret, f"{timestamp}.".encode() + body, "sha256").hexdigest()
    return f"t={timestamp},v1={digest}"


@dataclass(frozen=True, slots=True)
class Retry:
    """Waits of first, 2 x first, 4 x first... seconds, at most `longest`; `attempts` in all."""

    first_seconds: float = 1.0
    longest_seconds: float = 60.0
    attempts: int = 10

    def wait(self, failures: int) -> float:
        return float(min(self.first_seconds * 2 ** (failures - 1), self.longest_seconds))


@dataclass(slots=True)
class Event:
    """What happened, as the receiver will read it, and what became of its deliveries."""

    event_id: str
    type: str
    created: int
    body: bytes
    statuses: list[int] = field(default_factory=list)
    delivered: int = 0
    given_up: int = 0

    def described(self) -> dict[str, object]:
        return {
            "id": self.event_id,
            "type": self.type,
            "created": self.created,
            "statuses": list(self.statuses),
            "delivered": self.delivered,
            "given_up": self.given_up,
            "event": json.loads(self.body),
        }


class Webhooks:
    """Keeps every event of the run. Without a `url` events are kept and not sent.

    `clock` is real time in unix seconds: the signature's time guards the transport, so it is never
    virtual; an event's own `created` may be.
    """

    def __init__(
        self,
        url: str | None,
        secret: bytes,
        *,
        schedule: Later,
        clock: Callable[[], int],
        post: Post = post_by_http,
        retry: Retry | None = None,
    ) -> None:
        self._url = url
        self._secret = secret
        self._schedule = schedule
        self._clock = clock
        self._post = post
        self._retry = retry or Retry()
        self._events: dict[str, Event] = {}
        self._held: list[Event] = []
        self._is_held = False
        self._in_flight = 0
        self._changed = threading.Condition()

    def publish(self, kind: str, created: int, thing: Mapping[str, object]) -> None:
        event_id = f"evt_{secrets.token_hex(12)}"
        told = {"id": event_id, "type": kind, "created": created, "data": {"object": dict(thing)}}
        event = Event(event_id, kind, created, json.dumps(told).encode())
        with self._changed:
            self._events[event_id] = event
        self._send(event)

    def redeliver(self, event_id: str, times: int) -> None:
        """Send one event again, unchanged but for the signature's time. Raises ApiError 404."""
        event = self._events.get(event_id)
        if event is None:
            raise absent("event")
        for _ in range(times):
            self._send(event)

    def hold(self, on: bool) -> None:
        """Keep webhooks back (late delivery), or let all that were kept back go, in their order."""
        with self._changed:
            self._is_held = on
            released = [] if on else self._held
            if not on:
                self._held = []
        for event in released:
            self._send(event)

    def events(self) -> list[dict[str, object]]:
        with self._changed:
            return [event.described() for event in self._events.values()]

    def settle(self, timeout_seconds: float) -> int:
        """Wait until nothing is on its way (held ones do not count); how many still are."""
        with self._changed:
            self._changed.wait_for(lambda: self._in_flight == 0, timeout=timeout_seconds)
            return self._in_flight

    def _send(self, event: Event) -> None:
        with self._changed:
            if self._url is None:
                return
            if self._is_held:
                self._held.append(event)
                return
            self._in_flight += 1
        self._schedule.after(0, lambda: self._attempt(event, 1))

    def _attempt(self, event: Event, number: int) -> None:
        headers = {
            HEADER: signature(self._secret, self._clock(), event.body),
            "Content-Type": "application/json",
        }
        status = self._post(self._url or "", event.body, headers)
        is_taken = 200 <= status < 300
        with self._changed:
            event.statuses.append(status)
            if not is_taken and number < self._retry.attempts:
                self._schedule.after(self._retry.wait(number), lambda: self._attempt(event, number + 1))
                return
            event.delivered += is_taken
            event.given_up += not is_taken
            self._in_flight -= 1
            self._changed.notify_all()
