"""A client's balance carried forward: what a statement of account need not add up again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo

from sovinto.domain.day_seal import MARGIN
from sovinto.domain.money import Money
from sovinto.ids import ClientId

Moved = tuple[datetime, Money]
"""When it was posted, in whole seconds, and what more (above zero) or less we hold since then."""
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_LONGER_THAN_A_MONTH = timedelta(days=32)


@dataclass(frozen=True, slots=True)
class CarriedForward:
    """All that was posted for a client before `end`, whole seconds: what came in, and what went out (below
    zero), in minor units by currency. `since` is when the first of it was posted."""

    end: datetime
    came_in: Mapping[str, int] = field(default_factory=dict)
    went_out: Mapping[str, int] = field(default_factory=dict)
    since: datetime | None = None

    def held(self, currency: str) -> int:
        return self.came_in.get(currency, 0) + self.went_out.get(currency, 0)

    def on(self, moved: Iterable[Moved], end: datetime) -> CarriedForward:
        """With all that was posted from this end on, and before the next one."""
        came_in, went_out, since = dict(self.came_in), dict(self.went_out), self.since
        for at, amount in moved:
            since = since or at
            for sums, minor in ((came_in, max(amount.minor, 0)), (went_out, min(amount.minor, 0))):
                sums[amount.currency] = sums.get(amount.currency, 0) + minor
        return CarriedForward(end, came_in, went_out, since)


NOTHING = CarriedForward(BEGINNING)


def newest(rows: Iterable[tuple[str, str]], upto: datetime) -> CarriedForward:
    """The last of the stored rows (key and text, oldest first) that ends no later; NOTHING without one."""
    found = [row for row in rows if row[0] <= key_of(upto)]
    return from_text(*found[-1]) if found else NOTHING


def month_ends(since: datetime, now: datetime, zone: tzinfo) -> Iterator[datetime]:
    """The ends behind `since` of the months of `zone` in which nothing can be posted any more."""
    day = since.astimezone(zone).date()
    while True:
        day = (day.replace(day=1) + _LONGER_THAN_A_MONTH).replace(day=1)
        end = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
        if now < end + MARGIN:
            return
        yield end


def scope_of(client_id: ClientId) -> str:
    return f"CARRIED#{client_id}"


def key_of(end: datetime) -> str:
    """Sorts by time."""
    return end.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def to_text(row: CarriedForward) -> str:
    shown = {
        "came_in": dict(sorted(row.came_in.items())),
        "went_out": dict(sorted(row.went_out.items())),
        "since": None if row.since is None else key_of(row.since),
    }
    return json.dumps(shown, separators=(",", ":"))


def from_text(key: str, text: str) -> CarriedForward:
    """Raises ValueError, KeyError, TypeError, AttributeError or InvalidInput for what is no such row."""
    shown = json.loads(text)
    came_in, went_out = (
        {currency: Money(minor, currency).minor for currency, minor in shown[name].items()}
        for name in ("came_in", "went_out")
    )
    since = shown["since"]
    began = None if since is None else datetime.fromisoformat(since)
    return CarriedForward(datetime.fromisoformat(key), came_in, went_out, began)
