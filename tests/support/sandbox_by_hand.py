"""The payment sandbox without threads, sockets or a wall clock: the test is its world."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from infra.local.response import Response
from infra.local.sandbox import Sandbox
from infra.local.sandbox.webhooks import HEADER, Retry
from tests.support.schedule_by_hand import ByHand

KEY = "sk_test"
SECRET = b"whsec_test"
START = 1_750_000_000

WISH: dict[str, object] = {
    "amount_minor": 13_147,
    "currency": "EUR",
    "reference": "pay_1",
    "description": "Case <S-1001> & co",
    "success_url": "https://pages.example/done?s={CHECKOUT_SESSION_ID}",
    "cancel_url": "https://pages.example/back",
    "locale": "fi",
}


class SandboxByHand:
    """`answers` are the statuses the receiver gives next (200 when empty); `got` is what it received."""

    def __init__(self) -> None:
        self.schedule = ByHand()
        self.answers: list[int] = []
        self.got: list[tuple[dict[str, Any], str]] = []
        self.sandbox = Sandbox(
            public_url="http://localhost:8080/",
            api_key=KEY,
            webhook_url="http://hook.example/",
            webhook_secret=SECRET,
            clock=lambda: START + int(self.schedule.seconds),
            post=self._receive,
            retry=Retry(first_seconds=1, longest_seconds=4, attempts=5),
            schedule=self.schedule,
        )

    def call(
        self, method: str, path: str, fields: object = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """One API call with the key."""
        body = b"" if fields is None else json.dumps(fields).encode()
        sent = {"authorization": f"Bearer {KEY}"} | dict(headers or {})
        return self.sandbox.handle(method, f"/sandbox{path}", "", sent, body)

    def ask(self, method: str, path: str, fields: object = None, **headers: str) -> Any:
        """One API call that must succeed; its JSON. `Sandbox_Now="1"` is the header Sandbox-Now."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = self.call(method, path, fields, named)
        assert response.status < 300, response
        return json.loads(response.body)

    def refused(self, method: str, path: str, fields: object = None, **headers: str) -> tuple[int, str]:
        """One API call that must be refused; its status and code."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = self.call(method, path, fields, named)
        assert response.status >= 400, response
        return response.status, json.loads(response.body)["error"]["code"]

    def opened(self, **changed: object) -> str:
        """The id of a new session."""
        return str(self.ask("POST", "/v1/checkout/sessions", WISH | changed)["id"])

    def open_page(self, session_id: str) -> Response:
        return self.sandbox.handle("GET", f"/sandbox/pay/{session_id}", "", {}, b"")

    def press(self, session_id: str, form: str) -> Response:
        return self.sandbox.handle("POST", f"/sandbox/pay/{session_id}", "", {}, form.encode())

    def paid(self, **changed: object) -> str:
        """The id of a new session that has been paid."""
        session_id = self.opened(**changed)
        assert self.press(session_id, "card=4242424242424242&action=pay").status == 303
        return session_id

    def types(self) -> list[str]:
        """The types of all webhooks received so far, after delivering what is due."""
        self.schedule.advance()
        return [event["type"] for event, _ in self.got]

    def _receive(self, _: str, body: bytes, headers: Mapping[str, str]) -> int:
        self.got.append((json.loads(body), headers[HEADER]))
        return self.answers.pop(0) if self.answers else 200
