"""The only module that reads the real clock or makes random ids."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from sovinto.adapters.dynamo import keys
from sovinto.adapters.dynamo.table import Table

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def real_now() -> datetime:
    """The machine's clock, for what the outside world signs: webhooks, sessions, links."""
    return datetime.now(UTC)


class SystemClock:
    def now(self) -> datetime:
        return real_now()


class TestClock:
    """Virtual time of stages with a test clock: the real clock plus an offset stored in the table."""

    __test__ = False

    def __init__(self, table: Table) -> None:
        self._table = table

    def now(self) -> datetime:
        return real_now() + timedelta(seconds=self.offset_seconds())

    def offset_seconds(self) -> int:
        item = self._table.get(keys.CLOCK, keys.CLOCK)
        return 0 if item is None else int(item["offset_seconds"])


class RandomIds:
    """Time-ordered ids: 10 characters of milliseconds, 16 random ones (as a ULID, lower case)."""

    def new(self, prefix: str) -> str:
        millis = int(real_now().timestamp() * 1000)
        stamp = "".join(_ALPHABET[(millis >> shift) & 31] for shift in range(45, -1, -5))
        return f"{prefix}_{stamp}{''.join(secrets.choice(_ALPHABET) for _ in range(16))}"
