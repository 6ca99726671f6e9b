"""Which upload an object of the bucket is."""

from __future__ import annotations

from urllib.parse import unquote_plus

from sovinto.domain.upload import INBOX
from sovinto.ids import ClientId


def upload_of_key(key: str) -> tuple[ClientId, str] | None:
    """(client, upload) of an uploaded object; None for reports and anything else."""
    parts = unquote_plus(key).split("/")
    if len(parts) != 3 or parts[0] != INBOX:
        return None
    return ClientId(parts[1]), parts[2].split(".")[0]
