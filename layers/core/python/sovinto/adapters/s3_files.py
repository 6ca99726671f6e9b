"""One S3 bucket as a place for files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from sovinto.errors import NotFound
from sovinto.ports import Fetched, Version

# Without the right to list, S3 answers 403 for a key that is not there.
_ABSENT = {"NoSuchKey", "NoSuchVersion", "404", "AccessDenied", "403"}
_GONE = {"NoSuchKey", "NoSuchVersion", "404"}
_REPLACED = {"PreconditionFailed", "412"}
MAX_BYTES = 200 * 1024 * 1024
PIECE = 8 * 1024 * 1024
"""Bytes of one request: an open file holds at most this much, and no connection while others work."""


class S3Opened:
    """Implements ports.Opened by ranges of one version: a pause between reads does no harm."""

    def __init__(self, client: Any, bucket: str, key: str, version: str, *, size: int) -> None:
        self._client = client
        self._bucket = bucket
        self.key = key
        self.version = version
        self._size = size
        self._next = 0
        self._piece = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            return b"".join(iter(lambda: self.read(PIECE), b""))
        if not self._piece and self._next < self._size:
            self._fetch()
        found, self._piece = self._piece[:size], self._piece[size:]
        return bytes(found)

    def _fetch(self) -> None:
        last = min(self._next + PIECE, self._size) - 1
        with _told(self.key, _GONE | _REPLACED):
            answer = self._client.get_object(
                Bucket=self._bucket,
                Key=self.key,
                Range=f"bytes={self._next}-{last}",
                **_pinned(self.version),
            )
        data = answer["Body"].read()
        self._next += len(data)
        self._piece = memoryview(data)


class S3Files:
    """Implements ports.Files. A version is the ETag, and the version id in a bucket that has them."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def read(self, key: str) -> bytes:
        return self._get(key, absent=_ABSENT).data

    def fetch(self, key: str) -> Fetched:
        return self._get(key, absent=_GONE)

    def _get(self, key: str, *, absent: set[str]) -> Fetched:
        with _told(key, absent):
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
        return Fetched(key, bytes(answer["Body"].read(MAX_BYTES)), _version(answer))

    def open(self, key: str, version: str = "") -> S3Opened:
        with _told(key, _GONE | _REPLACED):
            answer = self._client.head_object(Bucket=self._bucket, Key=key, **_pinned(version))
        size = int(answer["ContentLength"])
        return S3Opened(self._client, self._bucket, key, _version(answer), size=size)

    def write(self, key: str, data: bytes, content_type: str) -> None:
        self._client.put_object(Bucket=self._bucket, Key=key, Body=data, ContentType=content_type)

    def keys(self, prefix: str) -> tuple[str, ...]:
        found: list[str] = []
        for page in self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefix
        ):
            found += [item["Key"] for item in page.get("Contents", ())]
        return tuple(sorted(found))

    def move(self, file: Version, to: str) -> None:
        """Copied inside S3, then deleted over its own ETag: a crash between leaves both, never none."""
        tag, _, version_id = file.version.partition(" ")
        source = {"Bucket": self._bucket, "Key": file.key}
        if version_id:
            source["VersionId"] = version_id
        try:
            self._client.copy_object(Bucket=self._bucket, Key=to, CopySource=source, CopySourceIfMatch=tag)
            self._client.delete_object(Bucket=self._bucket, Key=file.key, IfMatch=tag)
        except ClientError as failure:
            if failure.response["Error"]["Code"] not in _GONE | _REPLACED:
                raise

    def upload_link(self, key: str, *, size: int, content_type: str, seconds: int) -> str:
        """Good for exactly this key, size and type."""
        request = {
            "Bucket": self._bucket,
            "Key": key,
            "ContentLength": size,
            "ContentType": content_type,
        }
        return str(self._client.generate_presigned_url("put_object", Params=request, ExpiresIn=seconds))

    def download_link(self, key: str, *, file_name: str, seconds: int) -> str:
        request = {
            "Bucket": self._bucket,
            "Key": key,
            "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(file_name)}",
        }
        return str(self._client.generate_presigned_url("get_object", Params=request, ExpiresIn=seconds))


def _version(answer: Any) -> str:
    version_id = str(answer.get("VersionId") or "null")
    return str(answer["ETag"]) if version_id == "null" else f"{answer['ETag']} {version_id}"


def _pinned(version: str) -> dict[str, str]:
    tag, _, version_id = version.partition(" ")
    if version_id:
        return {"VersionId": version_id}
    return {"IfMatch": tag} if tag else {}


@contextmanager
def _told(key: str, absent: set[str]) -> Iterator[None]:
    try:
        yield
    except ClientError as failure:
        if failure.response["Error"]["Code"] in absent:
            raise NotFound(f"there is no file {key}") from failure
        raise
