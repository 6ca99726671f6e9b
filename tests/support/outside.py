"""Hand-written doubles of everything outside the table; each implements a port of sovinto.ports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO

from sovinto.domain.driving import NextStep
from sovinto.domain.invoice import FeeInvoice
from sovinto.domain.letter import Letter
from sovinto.domain.remittance import Remittance
from sovinto.errors import NotFound
from sovinto.ids import CaseId
from sovinto.ports import Attachment, Fetched, Version, Wording


@dataclass
class HandClock:
    """A clock that is moved by hand."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def advance(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class CountingIds:
    """`case_000001`, `case_000002`, ..."""

    count: int = 0

    def new(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}_{self.count:06d}"


@dataclass(frozen=True)
class MemoryOpened:
    key: str
    version: str
    source: BytesIO

    def read(self, size: int = -1) -> bytes:
        return self.source.read(size)


@dataclass
class MemoryFiles:
    """A bucket with versions."""

    stored: dict[str, bytes] = field(default_factory=dict)
    versions: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def read(self, key: str) -> bytes:
        if key not in self.stored:
            raise NotFound(f"there is no file {key}")
        return self.stored[key]

    def write(self, key: str, data: bytes, content_type: str) -> None:
        self.stored[key] = data

    def keys(self, prefix: str) -> tuple[str, ...]:
        return tuple(sorted(key for key in self.stored if key.startswith(prefix)))

    def fetch(self, key: str) -> Fetched:
        data = self.read(key)
        version = sha256(data).hexdigest()
        self.versions[key, version] = data
        return Fetched(key, data, version)

    def open(self, key: str, version: str = "") -> MemoryOpened:
        data = self.versions.get((key, version)) if version else self.read(key)
        if data is None:
            raise NotFound(f"there is no file {key}")
        named = sha256(data).hexdigest()
        self.versions[key, named] = data
        return MemoryOpened(key, named, BytesIO(data))

    def move(self, file: Version, to: str) -> None:
        """As in a bucket with versions: that version goes, and one that took its name since stays."""
        data = self.versions.get((file.key, file.version))
        if data is None:
            return
        self.stored[to] = data
        if file.key in self.stored and sha256(self.stored[file.key]).hexdigest() == file.version:
            del self.stored[file.key]

    def upload_link(self, key: str, *, size: int, content_type: str, seconds: int) -> str:
        return f"https://files.example/{key}?size={size}"

    def download_link(self, key: str, *, file_name: str, seconds: int) -> str:
        return f"https://files.example/{key}"


@dataclass(frozen=True)
class SentMail:
    to: str
    subject: str
    text: str
    attachments: tuple[Attachment, ...]
    reference: str


@dataclass
class MemoryMailer:
    """`failure` is raised instead of sending, once set."""

    sent: list[SentMail] = field(default_factory=list)
    failure: Exception | None = None

    def send(
        self, *, to: str, subject: str, text: str, attachments: Sequence[Attachment], reference: str
    ) -> str:
        if self.failure:
            raise self.failure
        self.sent.append(SentMail(to, subject, text, tuple(attachments), reference))
        return f"mail-{len(self.sent)}"


@dataclass
class MemorySms:
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    failure: Exception | None = None

    def send(self, *, to: str, text: str, reference: str) -> str:
        if self.failure:
            raise self.failure
        self.sent.append((to, text, reference))
        return f"sms-{len(self.sent)}"


@dataclass
class MemoryTimeline:
    """Executions by name; a token is good once. `answers` has what each was answered with."""

    running: set[tuple[CaseId, int]] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    resumed: list[str] = field(default_factory=list)
    answers: dict[str, NextStep] = field(default_factory=dict)

    def start(self, case_id: CaseId, execution: int) -> None:
        self.running.add((case_id, execution))

    def resume(self, token: str, found: NextStep) -> bool:
        if token not in self.tokens:
            return False
        self.tokens.remove(token)
        self.answers[token] = found
        self.resumed.append(token)
        return True

    def stop(self, case_id: CaseId, execution: int) -> None:
        self.running.discard((case_id, execution))

    def is_running(self, case_id: CaseId, execution: int) -> bool:
        return (case_id, execution) in self.running


@dataclass
class PlainPress:
    """Prints nothing but remembers what it was given; real words and PDFs are the press's own tests."""

    letters: list[Letter] = field(default_factory=list)
    invoices: list[FeeInvoice] = field(default_factory=list)
    remittances: list[Remittance] = field(default_factory=list)

    def letter(self, letter: Letter) -> bytes:
        self.letters.append(letter)
        return b"%PDF letter"

    def fee_invoice(self, invoice: FeeInvoice) -> bytes:
        self.invoices.append(invoice)
        return b"%PDF invoice"

    def worded(self, invoice: FeeInvoice) -> FeeInvoice:
        return invoice

    def remittance(self, remittance: Remittance) -> bytes:
        self.remittances.append(remittance)
        return b"%PDF remittance"

    def words(self, channel: str, template: str, language: str, fields: Mapping[str, str]) -> Wording:
        text = " ".join(f"{name}={value}" for name, value in sorted(fields.items()))
        return Wording("" if channel == "sms" else f"{template} ({language})", text)
