"""The seal of a day's book: what was posted on a day that is over can never change unseen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

MARGIN = timedelta(hours=1)
"""A day is sealed this long after its end: a transaction begun before midnight has ended by then."""

MAX_NAMED = 1_000
_FORM = "seal/1"
_SHORT = 16


@dataclass(frozen=True, slots=True)
class DaySeal:
    """`digest` is over the day, the seal before it and the sorted digests of the day's entries.

    `named` holds entry ids with the beginning of their digests, so that one that was changed, added or
    removed can be named; empty for a day with more than MAX_NAMED entries.
    """

    day: date
    count: int
    before: str
    digest: str
    named: Mapping[str, str]

    def differs(self, entries: Mapping[str, str]) -> bool:
        """Whether the day's entries, id to digest, are others than those that were sealed."""
        return _digest(self.day, self.before, entries) != self.digest

    def first_other(self, entries: Mapping[str, str]) -> tuple[str, str]:
        """(entry id, what is wrong with it) of one that differs; ("", why) where none can be named."""
        if not self.named and self.count:
            return "", f"{self.count} entries were sealed, {len(entries)} are there"
        for entry_id in sorted(self.named.keys() | entries.keys()):
            if entry_id not in entries:
                return entry_id, "is not there any more"
            if entry_id not in self.named:
                return entry_id, "was put in after the day was sealed"
            if entries[entry_id][:_SHORT] != self.named[entry_id]:
                return entry_id, "is not as it was when the day was sealed"
        return "", "the seal itself was changed"


def sealed(day: date, entries: Mapping[str, str], before: str) -> DaySeal:
    """The seal of that day's entries, id to digest; `before` is the digest of the seal before."""
    named = {entry_id: digest[:_SHORT] for entry_id, digest in sorted(entries.items())}
    digest = _digest(day, before, entries)
    return DaySeal(day, len(entries), before, digest, named if len(named) <= MAX_NAMED else {})


def _digest(day: date, before: str, entries: Mapping[str, str]) -> str:
    parts = [_FORM, day.isoformat(), before, len(entries), sorted(entries.values())]
    return sha256(json.dumps(parts, separators=(",", ":")).encode("ascii")).hexdigest()


def is_over(day: date, now: datetime) -> bool:
    """Whether nothing can be posted on that day (UTC) any more."""
    end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    return now >= end + MARGIN


def to_text(seal: DaySeal) -> str:
    shown = {
        "day": seal.day.isoformat(),
        "count": seal.count,
        "before": seal.before,
        "digest": seal.digest,
        "named": dict(seal.named),
    }
    return json.dumps(shown, separators=(",", ":"))


def from_text(text: str) -> DaySeal:
    """Raises ValueError or KeyError for what is no seal."""
    shown = json.loads(text)
    day = date.fromisoformat(shown["day"])
    return DaySeal(day, int(shown["count"]), shown["before"], shown["digest"], shown["named"])
