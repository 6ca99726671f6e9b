"""One HTTP server on 127.0.0.1 for the doubles of providers, with the levers of a bad day."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came; header names are in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


REAL = Answer(0, b"")
"""In a bad day's list: this call is answered as on any day."""


@dataclass(slots=True)
class BadDay:
    """What the next calls meet, in order: an answer instead of the real one, REAL, or None for silence.

    `is_after`: the call is carried out first, so only its answer is lost.
    """

    answers: list[Answer | None] = field(default_factory=list)
    is_after: bool = False
    over: threading.Event = field(default_factory=threading.Event)
    calls: list[Call] = field(default_factory=list)


Handle = Callable[[Call], Answer]


@contextmanager
def served(handle: Handle, day: BadDay) -> Iterator[str]:
    """The root of the server; its threads have ended when the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            call = Call(self.command, self.path, headers, body)
            day.calls.append(call)
            if not day.answers:
                self._send(handle(call))
                return
            said = day.answers.pop(0)
            if said is REAL:
                self._send(handle(call))
                return
            if day.is_after:
                handle(call)
            if said is None:
                # Silence until the test is over; the caller's own time-out ends it for him.
                day.over.wait(timeout=10)
                self.close_connection = True
                return
            self._send(said)

        def _send(self, answer: Answer) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: a test's output is the test's."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        day.over.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
