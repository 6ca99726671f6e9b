"""A case file that a client put through a pre-signed link, and what became of each row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sovinto.ids import CaseId, ClientId

INBOX = "inbox"


def key_of(client_id: ClientId, upload_id: str, extension: str) -> str:
    """Where its file lies. Ids only; the client's own file name stays out of keys and logs."""
    return f"{INBOX}/{client_id}/{upload_id}{extension}"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """`column` as the client's own header names it, `value` as it stands there (shortened)."""

    column: str
    reason: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class RowReport:
    """`outcome`: accepted, refused or duplicate, with the reasons why."""

    row: int
    outcome: str
    client_reference: str = ""
    case_id: CaseId | None = None
    problems: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """`state`: waiting (for the file), done, or refused (as a whole, with `reason`)."""

    upload_id: str
    client_id: ClientId
    file_name: str
    file_key: str
    requested_at: datetime
    state: str = "waiting"
    reason: str = ""
    finished_at: datetime | None = None
    rows: int = 0
    accepted: int = 0
    refused: int = 0
    duplicates: int = 0
    report_key: str = ""
