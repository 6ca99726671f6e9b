"""One address for people: pages and API of the local cloud, its outbox and its payment sandbox."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, NamedTuple, Protocol
from urllib.parse import urlsplit

from infra.local.response import Response, html_response
from infra.names import API_ID

MAX_BODY: Final = 10 * 1024 * 1024
"""Bytes; API Gateway's own limit."""
API_PATH: Final = f"/_aws/execute-api/{API_ID}/$default"
API_SECONDS: Final = 30
HOP: Final = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "te", "upgrade", "host", "content-length"}
)
INDEX: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Sovinto, local</title>
<h1>Sovinto on this machine</h1><ul>
<li><a href="/client">The client's pages</a></li>
<li><a href="/outbox">Outbox: every letter, e-mail and text message</a></li></ul></html>"""


class Handler(Protocol):
    """What stands behind a path: the sandbox, the outbox."""

    def handle(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> Response: ...


class Answer(NamedTuple):
    """Headers as a list: an answer may set several cookies."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class FrontDoor:
    """Serves on 127.0.0.1; `handlers` maps a first path segment ("sandbox") to what answers below it."""

    def __init__(self, endpoint_url: str, port: int) -> None:
        self.handlers: dict[str, Handler] = {}
        self._api = urlsplit(endpoint_url).netloc
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", port), type("Request", (_Request,), {"door": self})
        )
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://localhost:{self._server.server_port}"

    @contextmanager
    def open(self) -> Iterator[FrontDoor]:
        thread = threading.Thread(target=self._server.serve_forever, name="front door", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer to one request, from a handler or from the API."""
        path, _, query = target.partition("?")
        if path == "/":
            return _plain(html_response(200, INDEX))
        handler = self.handlers.get(path.split("/")[1])
        if handler is not None:
            return _plain(handler.handle(method, path, query, headers, body))
        return self._forward(method, target, headers, body)

    def _forward(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        connection = HTTPConnection(self._api, timeout=API_SECONDS)
        try:
            sent = {name: value for name, value in headers.items() if name.lower() not in HOP}
            connection.request(method, API_PATH + target, body=body or None, headers=sent)
            answer = connection.getresponse()
            kept = [(name, value) for name, value in answer.getheaders() if _is_kept(name)]
            return Answer(answer.status, kept, answer.read())
        finally:
            connection.close()


def _is_kept(name: str) -> bool:
    # The emulator opens every answer to all origins; API Gateway does not.
    return name.lower() not in HOP and not name.lower().startswith("access-control-")


def _plain(response: Response) -> Answer:
    return Answer(response.status, list(response.headers.items()), response.body)


class _Request(BaseHTTPRequestHandler):
    """One request; subclassed per door, because the server makes its handlers itself."""

    protocol_version = "HTTP/1.1"
    door: FrontDoor

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self.close_connection = True
            return self.reply(Answer(413, [], b""))
        body = self.rfile.read(length)
        try:
            answer = self.door.answer(self.command, self.path, dict(self.headers.items()), body)
        except OSError:
            answer = Answer(502, [], b"The local cloud does not answer.")
        return self.reply(answer)

    def reply(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the access log of the API is the emulator's."""


for _method in ("GET", "HEAD", "POST", "PUT", "DELETE"):
    setattr(_Request, f"do_{_method}", _Request.answer)
