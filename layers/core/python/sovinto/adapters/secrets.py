"""Secrets by reference, read again after five minutes: a rotated one needs no release."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

KEPT_SECONDS = 300.0


class SecretsStore:
    """Values from AWS Secrets Manager; never in an environment variable or a log."""

    def __init__(self, client: Any, tick: Callable[[], float] = time.monotonic) -> None:
        self._client, self._tick = client, tick
        self._known: dict[str, tuple[float, bytes]] = {}

    def read(self, arn: str) -> bytes:
        read_at, value = self._known.get(arn, (0.0, b""))
        if arn not in self._known or self._tick() - read_at >= KEPT_SECONDS:
            value = self._fetch(arn)
            self._known[arn] = (self._tick(), value)
        return value

    def _fetch(self, arn: str) -> bytes:
        return str(self._client.get_secret_value(SecretId=arn)["SecretString"]).encode()
