"""Where the outbox reads: the local cloud's own lists over HTTP, and the documents bucket."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any
from urllib.request import ProxyHandler, build_opener

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.outbox.email_messages import Emails, Find
from infra.local.outbox.sent import Sent
from infra.local.outbox.texts_and_letters import POST_PREFIX, letters, text_messages

_OPENER = build_opener(ProxyHandler({}))
_PATIENT = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 3})


class SourceMissing(Exception):
    """The local cloud did not answer."""


class Sources:
    """Everything sent in this run of the local cloud. `clock` dates SMS that carry no date."""

    def __init__(
        self,
        endpoint_url: str,
        document_bucket: str,
        boto_session: boto3.Session,
        find: Find,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._endpoint_url = endpoint_url.rstrip("/")
        self._bucket = document_bucket
        # One client for all threads: making clients is not thread-safe, using one is.
        self._s3 = boto_session.client("s3", endpoint_url=endpoint_url, config=_PATIENT)
        self._emails = Emails(find)
        self._clock = clock
        self._first_seen: dict[str, datetime] = {}

    def everything(self) -> list[Sent]:
        """All channels, newest first. Raises SourceMissing."""
        try:
            found = [
                *self._emails.all(self._listing("ses/messages")),
                *text_messages(self._listing("sns/sms-messages"), self._seen),
                *letters(self._stored(), self._fetch),
            ]
        except (OSError, HTTPException, ValueError, BotoCoreError, ClientError) as error:
            raise SourceMissing(str(error)) from error
        return sorted(found, key=lambda sent: sent.at, reverse=True)

    def _listing(self, name: str) -> Mapping[str, Any]:
        with _OPENER.open(f"{self._endpoint_url}/_ministack/{name}", timeout=20) as answer:
            listing: Mapping[str, Any] = json.loads(answer.read())
        return listing

    def _seen(self, sent_id: str) -> datetime:
        return self._first_seen.setdefault(sent_id, self._clock())

    def _stored(self) -> Iterable[Mapping[str, Any]]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=POST_PREFIX)
        for page in pages:
            yield from page.get("Contents", [])

    def _fetch(self, key: str) -> bytes:
        body: bytes = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return body
