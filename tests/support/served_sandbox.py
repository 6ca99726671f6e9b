"""The payment sandbox behind a real HTTP server on 127.0.0.1, its webhooks caught instead of sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from infra.local.sandbox import Sandbox
from infra.local.sandbox.webhooks import HEADER
from tests.support.fake_gateway import Webhook

API_KEY = "sk_sandbox"
SECRET = b"whsec_sandbox"


class ServedSandbox:
    """`url` is the API's root; `told` are the webhooks so far."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.now = 1_750_000_000
        origin = f"http://127.0.0.1:{server.server_port}"
        self.url = f"{origin}/sandbox"
        self.told: list[Webhook] = []
        self.sandbox = Sandbox(
            public_url=origin,
            api_key=API_KEY,
            webhook_url="http://hook.example/",
            webhook_secret=SECRET,
            clock=lambda: self.now,
            post=self._catch,
        )

    def post(self, path: str, fields: Mapping[str, object]) -> dict[str, Any]:
        """One API call or lever; the answer's JSON. The call must succeed."""
        headers = {"Authorization": f"Bearer {API_KEY}"}
        body = json.dumps(fields).encode()
        answer = self.sandbox.handle("POST", f"/sandbox{path}", "", headers, body)
        assert answer.status < 300, answer
        found = json.loads(answer.body)
        assert isinstance(found, dict)
        return found

    def submit(self, checkout_id: str, form: bytes) -> int:
        """Press a button on the payment page; the status."""
        return self.sandbox.handle("POST", f"/sandbox/pay/{checkout_id}", "", {}, form).status

    def settled(self) -> list[Webhook]:
        """All webhooks, once none is on its way."""
        assert self.post("/test/settle", {})["pending"] == 0
        return self.told

    def _catch(self, _: str, body: bytes, headers: Mapping[str, str]) -> int:
        self.told.append(Webhook(body, headers[HEADER]))
        return 200


@contextmanager
def served_sandbox() -> Iterator[ServedSandbox]:
    """Serve a fresh sandbox; both threads have ended when the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    served = ServedSandbox(server)

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            answer = served.sandbox.handle(
                self.command, parts.path, parts.query, dict(self.headers.items()), body
            )
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: a test's output is the test's."""

    server.RequestHandlerClass = Handler
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
        served.sandbox.close()
