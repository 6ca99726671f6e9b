"""How often a content was seen, for any number of contents in bounded memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

# About 10 MB; beyond it the counts go to a temporary file that SQLite removes by itself.
MOST_IN_MEMORY = 50_000


@dataclass(slots=True)
class Seen:
    """Exact counts: a look-alike is found however far apart the two stand in the file."""

    most: int = MOST_IN_MEMORY
    _recent: dict[bytes, int] = field(default_factory=dict)
    _older: sqlite3.Connection | None = None

    def count(self, content: Sequence[str]) -> int:
        """How often this content was asked for, this time included."""
        digest = blake2b("\x1f".join(content).encode("utf-8", "surrogatepass"), digest_size=16).digest()
        before = self._recent.get(digest)
        if before is None:
            before = self._spilt(digest) if self._older else 0
        self._recent[digest] = before + 1
        if len(self._recent) > self.most:
            self._spill()
        return before + 1

    def _spilt(self, digest: bytes) -> int:
        if self._older is None:
            return 0
        row = self._older.execute("SELECT times FROM seen WHERE digest = ?", (digest,)).fetchone()
        return int(row[0]) if row else 0

    def _spill(self) -> None:
        if self._older is None:
            self._older = _temporary()
        # In order of the key, so that each page of the index is touched once.
        self._older.executemany(
            "INSERT INTO seen VALUES (?, ?) ON CONFLICT (digest) DO UPDATE SET times = excluded.times",
            sorted(self._recent.items()),
        )
        self._recent.clear()


def _temporary() -> sqlite3.Connection:
    # An empty name is a private file on disk that is gone when the connection is.
    connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA cache_size = -4096")
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("CREATE TABLE seen (digest BLOB PRIMARY KEY, times INTEGER) WITHOUT ROWID")
    connection.execute("BEGIN")
    return connection
