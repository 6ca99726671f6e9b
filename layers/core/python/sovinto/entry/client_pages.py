"""What the client's pages show, and the one form that carries a file."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from sovinto.domain.case import Case
from sovinto.domain.document import Document
from sovinto.domain.driving import Wake
from sovinto.domain.ledger import Entry, balance_of
from sovinto.domain.upload import Upload
from sovinto.entry import client_case
from sovinto.entry.next_step import next_step
from sovinto.errors import InvalidInput
from sovinto.ids import ClientId
from sovinto.ports import Cases, Clients, Wakes

LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True, slots=True)
class FileForm:
    """A posted form with one file."""

    fields: dict[str, str]
    file_name: str
    data: bytes


def read_multipart(content_type: str, body: bytes) -> FileForm:
    """multipart/form-data (RFC 7578). Raises InvalidInput for anything else or without a file."""
    if not content_type.lower().startswith("multipart/form-data"):
        raise InvalidInput("the form must be sent as multipart/form-data", field="file")
    head = f"Content-Type: {content_type}\r\n\r\n".encode("ascii", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    fields: dict[str, str] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        if part.get_filename():
            return FileForm(fields, str(part.get_filename()), data)
        fields[str(name)] = data.decode("utf-8", "replace")[:4096]
    raise InvalidInput("file is missing; choose a case file first", field="file")


def body_bytes(body: str | None, *, is_base64: bool) -> bytes:
    """What was posted, as API Gateway hands it over."""
    return b64decode(body or "") if is_base64 else (body or "").encode()


def case_row(case: Case, entries: Sequence[Entry], wake: Wake, owner: str = "") -> dict[str, Any]:
    """One line of the client's list; `owner` is the name of the collector who answers for the case."""
    return {
        "reference": case.client_reference,
        "case_id": case.case_id,
        "url": f"/client/cases/{case.case_id}",
        "debtor_name": case.debtor.name,
        "owner": owner,
        "state": case.state,
        "balance": balance_of(case.case_id, case.currency, entries).total,
        "next_step": next_step(case),
        "next_on": wake.wake_at.date() if case.is_open else None,
    }


def home_model(
    client_id: ClientId,
    after: str,
    cases: Cases,
    clients: Clients,
    wakes: Wakes,
    now: datetime,
    owner_of: Callable[[Case], str],
    size: int,
) -> dict[str, Any]:
    """Of page `client_home`, but for its form: `size` cases by id, those behind `after`."""
    own = sorted(cases.of_client(client_id), key=lambda case: case.case_id)
    rest = [case for case in own if case.case_id > after]
    shown = rest[:size]
    client = clients.load(client_id)
    return {
        "client_name": client.name,
        "account_manager": client.account_manager,
        "waiting": client_case.waiting(own, now),
        "cases": [
            case_row(case, cases.entries(case.case_id), wakes.of(case.case_id), owner_of(case))
            for case in shown
        ],
        "next_page": f"/client/home?after={shown[-1].case_id}" if len(rest) > size else "",
        "documents": document_rows(clients.documents(client_id)),
        "uploads": upload_rows(clients.uploads(client_id)),
        "upload_action": "/client/uploads",
    }


def document_rows(documents: Sequence[Document]) -> list[dict[str, Any]]:
    """Newest first."""
    newest = sorted(documents, key=lambda document: document.made_on, reverse=True)
    return [
        {
            "kind": item.kind,
            "number": item.title,
            "made_on": item.made_on,
            "url": f"/client/documents/{item.document_id}",
        }
        for item in newest
    ]


def upload_rows(uploads: Sequence[Upload]) -> list[dict[str, Any]]:
    return [
        {
            "file_name": item.file_name,
            "uploaded_on": item.requested_at.date(),
            "url": f"/client/uploads/{item.upload_id}",
        }
        for item in uploads
    ]


def report_model(upload: Upload, report: dict[str, Any] | None) -> dict[str, Any]:
    """The model of page `client_upload_report`."""
    rows = report["report"] if report else []
    refused = [
        {
            "row": row["row"],
            "column": problem["column"],
            "value": problem["value"],
            "reason": problem["reason"],
        }
        for row in rows
        if row["outcome"] == "refused"
        for problem in row["problems"]
    ]
    duplicates = [
        {"row": row["row"], "reference": row["reference"], "case_id": row["case_id"] or ""}
        for row in rows
        if row["outcome"] == "duplicate"
    ]
    return {
        "file_name": upload.file_name,
        "state": "being_read" if upload.state == "waiting" else upload.state,
        "problem": upload.reason,
        "accepted": upload.accepted,
        "accepted_total": None,
        "refused": refused,
        "refused_rows": upload.refused,
        "duplicates": duplicates,
        # Reports from before there were notes have none.
        "notes": report.get("notes", []) if report else [],
    }
