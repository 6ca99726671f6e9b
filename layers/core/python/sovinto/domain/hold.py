"""A hold: a dated pause of a case, with its reason. Holds stack; the last one to end lets it go on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sovinto.ids import CommunicationId


class HoldReason(StrEnum):
    """Why a case stands still."""

    MORATORIUM = "moratorium"
    DEBT_ADVICE = "debt_advice"
    COLLECTION_STOPPED = "collection_stopped"
    ILLNESS = "illness"
    ADDRESS_SEARCH = "address_search"
    CLIENT_REQUEST = "client_request"
    INSOLVENCY_WATCH = "insolvency_watch"


@dataclass(frozen=True, slots=True)
class Hold:
    """From `from_on` (which may lie before the day it was placed) to `until`, both counted.

    `until` None: until it is released. Contacts and fees stop with the placing, under every hold;
    interest from `from_on` on, and only where `stops_interest`, as the law of the country says.
    `released_on` is the last day it held, `ended_at` when that was stored. `breaches` are the contacts
    with the debtor that had been made inside when it was placed.
    """

    hold_id: str
    reason: HoldReason
    from_on: date
    until: date | None
    placed_at: datetime
    placed_by: str
    stops_interest: bool = False
    released_on: date | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    breaches: tuple[CommunicationId, ...] = ()

    @property
    def is_active(self) -> bool:
        """Until it is ended by a step or released, also where its last day has passed."""
        return self.released_on is None

    @property
    def last_on(self) -> date | None:
        """The last day it held or will hold; None while nobody knows."""
        return self.released_on if self.released_on is not None else self.until

    @property
    def is_void(self) -> bool:
        """Released before it began: it never held."""
        return self.last_on is not None and self.last_on < self.from_on

    def covers(self, on: date) -> bool:
        return self.from_on <= on and (self.last_on is None or on <= self.last_on)

    def released(self, last_on: date, at: datetime, by: str) -> Hold:
        """Ended, on its own last day where that came first."""
        ends = last_on if self.until is None else min(last_on, self.until)
        return replace(self, released_on=ends, ended_at=at, ended_by=by)
