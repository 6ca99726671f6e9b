"""The local legal day, and banking days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from sovinto.errors import InvalidInput, LawMissing

_SATURDAY = 6


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holidays are known from `first_on` to `last_on`, both counted; outside, nothing is answered."""

    zone: tzinfo
    first_on: date
    last_on: date
    holidays: frozenset[date]

    def local_date(self, instant: datetime) -> date:
        """The legal day of an instant. Raises InvalidInput for one without a time zone."""
        return self.local(instant).date()

    def local(self, instant: datetime) -> datetime:
        """The instant on the local clock. Raises InvalidInput for one without a time zone."""
        if instant.tzinfo is None:
            raise InvalidInput(
                "The instant must carry a time zone; pass an aware datetime.", field="instant"
            )
        return instant.astimezone(self.zone)

    def is_holiday(self, day: date) -> bool:
        """A public holiday, or an eve on which banks and offices are closed. Raises LawMissing."""
        if not self.first_on <= day <= self.last_on:
            raise LawMissing(
                f"Holidays are known from {self.first_on.isoformat()} to {self.last_on.isoformat()}, "
                f"not for {day.isoformat()}; extend the calendar of the country pack."
            )
        return day in self.holidays

    def seen_from(self, there: Calendar) -> Calendar:
        """Their clock, and the quiet days of both; known where both are."""
        return Calendar(
            zone=there.zone,
            first_on=max(self.first_on, there.first_on),
            last_on=min(self.last_on, there.last_on),
            holidays=self.holidays | there.holidays,
        )

    def is_banking_day(self, day: date) -> bool:
        """Neither weekend nor holiday. Raises LawMissing outside the known years."""
        return not self.is_holiday(day) and day.isoweekday() < _SATURDAY

    def next_banking_day(self, day: date) -> date:
        """That day, or the first banking day after it. Raises LawMissing outside the known years."""
        while not self.is_banking_day(day):
            day += timedelta(days=1)
        return day
