"""One S3 bucket as a place for files."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from sovinto.errors import NotFound
from sovinto.ports import Fetched

# Without the right to list, S3 answers 403 for a key that is not there.
_ABSENT = {"NoSuchKey", "404", "AccessDenied", "403"}
_GONE = {"NoSuchKey", "404"}
_REPLACED = {"PreconditionFailed", "412"}
MAX_BYTES = 200 * 1024 * 1024


class S3Files:
    """Implements ports.Files."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def read(self, key: str) -> bytes:
        return self._get(key, absent=_ABSENT).data

    def fetch(self, key: str) -> Fetched:
        return self._get(key, absent=_GONE)

    def _get(self, key: str, *, absent: set[str]) -> Fetched:
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
        except ClientError as failure:
            if failure.response["Error"]["Code"] in absent:
                raise NotFound(f"there is no file {key}") from failure
            raise
        return Fetched(key, bytes(answer["Body"].read(MAX_BYTES)), str(answer["ETag"]))

    def write(self, key: str, data: bytes, content_type: str) -> None:
        self._client.put_object(Bucket=self._bucket, Key=key, Body=data, ContentType=content_type)

    def keys(self, prefix: str) -> tuple[str, ...]:
        found: list[str] = []
        for page in self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefix
        ):
            found += [item["Key"] for item in page.get("Contents", ())]
        return tuple(sorted(found))

    def move(self, file: Fetched, to: str) -> None:
        """Written, then deleted over its own ETag: a crash between leaves both, never none."""
        self.write(to, file.data, "application/octet-stream")
        try:
            self._client.delete_object(Bucket=self._bucket, Key=file.key, IfMatch=file.version)
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
