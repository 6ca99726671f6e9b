"""A small SMTP server on this machine: the local cloud relays whole messages to it, attachments and all.

The local cloud's own list of e-mails keeps text only. Started with SMTP_HOST set to `address`, it
also relays every message here, with the id of that list as Message-ID. Messages are kept as files,
because thousands of letters do not fit well into memory.
"""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from hashlib import sha256
from pathlib import Path

_LONGEST_MESSAGE = 40_000_000
_LONGEST_LINE = 8192


class Mailbox:
    """Listens from the start; `address` is "127.0.0.1:<port>". `close` ends its threads."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._server = _Server(port, self._keep)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="mailbox", daemon=True
        )
        self._thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def find(self, message_id: str) -> EmailMessage | None:
        """The whole message, or None when it has not (yet) been relayed."""
        file = self._file(message_id)
        if not file.exists():
            return None
        return message_from_bytes(file.read_bytes(), policy=default)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=10)

    def _keep(self, body: bytes) -> None:
        message_id = str(message_from_bytes(body, policy=default).get("Message-ID", "")).strip("<> ")
        file = self._file(message_id)
        unfinished = file.with_suffix(f".{threading.get_ident()}")
        unfinished.write_bytes(body)
        unfinished.replace(file)

    def _file(self, message_id: str) -> Path:
        return self._folder / f"{sha256(message_id.encode()).hexdigest()}.eml"


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, keep: Callable[[bytes], None]) -> None:
        super().__init__(("127.0.0.1", port), _Conversation)
        self.keep = keep


class _Conversation(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a relay on the same machine speaks."""

    timeout = 30
    server: _Server

    def handle(self) -> None:
        self._say(220, "mailbox ready")
        while line := self.rfile.readline(_LONGEST_LINE):
            verb = line[:4].upper().strip().decode("ascii", "replace")
            if verb == "QUIT":
                self._say(221, "goodbye")
                return
            if verb == "DATA":
                self._take()
            elif verb in {"HELO", "EHLO", "MAIL", "RCPT", "RSET", "NOOP"}:
                self._say(250, "fine")
            else:
                self._say(502, "not spoken here")

    def _take(self) -> None:
        self._say(354, "end with a dot")
        lines: list[bytes] = []
        size = 0
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            size += len(line)
            if size <= _LONGEST_MESSAGE:
                # A leading dot was doubled on the way (RFC 5321, 4.5.2).
                lines.append(line[1:] if line.startswith(b"..") else line)
        if size > _LONGEST_MESSAGE:
            self._say(552, "too large")
            return
        self.server.keep(b"".join(lines))
        self._say(250, "kept")

    def _say(self, code: int, text: str) -> None:
        self.wfile.write(f"{code} {text}\r\n".encode())
