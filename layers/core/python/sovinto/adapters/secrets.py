"""Secrets by reference, read once per sandbox."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


class SecretsStore:
    """Values from AWS Secrets Manager; never in an environment variable or a log."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._read = lru_cache(maxsize=8)(self._fetch)

    def read(self, arn: str) -> bytes:
        return self._read(arn)

    def _fetch(self, arn: str) -> bytes:
        return str(self._client.get_secret_value(SecretId=arn)["SecretString"]).encode()
