"""Where uploads live in the bucket."""

from __future__ import annotations

from urllib.parse import unquote_plus

from sovinto.ids import ClientId

INBOX = "inbox"


def key_of(client_id: ClientId, upload_id: str, extension: str) -> str:
    """Ids only; the client's own file name stays out of keys and logs."""
    return f"{INBOX}/{client_id}/{upload_id}{extension}"


def upload_of_key(key: str) -> tuple[ClientId, str] | None:
    """(client, upload) of an uploaded object; None for reports and anything else."""
    parts = unquote_plus(key).split("/")
    if len(parts) != 3 or parts[0] != INBOX:
        return None
    return ClientId(parts[1]), parts[2].split(".")[0]
