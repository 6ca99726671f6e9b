"""A client asks for a pre-signed link to put a case file."""

from __future__ import annotations

from dataclasses import dataclass

from sovinto.domain.upload import Upload, key_of
from sovinto.errors import InvalidInput
from sovinto.ids import ClientId
from sovinto.ports import Cases, Change, Clock, Files, Ids

MAX_BYTES = 20 * 1024 * 1024
SECONDS = 900
TYPES = {
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".tsv": "text/tab-separated-values",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class UploadLink:
    """PUT the file to `url` with exactly this content type and length, within `seconds`."""

    upload: Upload
    url: str
    content_type: str
    seconds: int


def ask_upload(
    client_id: ClientId, file_name: str, size: int, *, files: Files, cases: Cases, clock: Clock, ids: Ids
) -> UploadLink:
    """Raises InvalidInput for a name without a known ending or a size outside the limits."""
    upload, kind = _expected(client_id, file_name, size, clock, ids)
    url = files.upload_link(upload.file_key, size=size, content_type=kind, seconds=SECONDS)
    cases.commit(Change(upload=upload))
    return UploadLink(upload, url, kind, SECONDS)


def put_upload(
    client_id: ClientId, file_name: str, data: bytes, *, files: Files, cases: Cases, clock: Clock, ids: Ids
) -> Upload:
    """The same for a small file that came with a form: stored as expected first, then put."""
    upload, kind = _expected(client_id, file_name, len(data), clock, ids)
    cases.commit(Change(upload=upload))
    files.write(upload.file_key, data, kind)
    return upload


def _expected(client_id: ClientId, file_name: str, size: int, clock: Clock, ids: Ids) -> tuple[Upload, str]:
    """The upload as it will be, and its content type."""
    extension = file_name[file_name.rfind(".") :].lower() if "." in file_name else ""
    if extension not in TYPES or len(file_name) > 200:
        raise InvalidInput(
            f"file_name must end in {', '.join(TYPES)} and have at most 200 characters", field="file_name"
        )
    if not 0 < size <= MAX_BYTES:
        raise InvalidInput(f"size must be 1 to {MAX_BYTES} bytes; split the file", field="size")
    upload_id = ids.new("upl")
    key = key_of(client_id, upload_id, extension)
    return Upload(upload_id, client_id, file_name, key, clock.now()), TYPES[extension]
