"""Building a country's calendar: its zone from the pack, its holidays from the `holidays` library."""

from __future__ import annotations

from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from sovinto.countries.loader import load_identity
from sovinto.domain.law.calendar import Calendar


@cache
def load_calendar(country: str) -> Calendar:
    """The calendar for the years named in the pack. Raises LawMissing for an unknown country."""
    identity = load_identity(country)
    given = identity.calendar
    years = range(given.first_on.year, given.last_on.year + 1)
    known = holidays.country_holidays(
        country, subdiv=given.subdivision, years=years, categories=given.categories
    )
    closed = {date.fromisoformat(f"{year}-{day}") for year in years for day in given.also_closed}
    return Calendar(
        zone=ZoneInfo(identity.zone),
        first_on=identity.calendar.first_on,
        last_on=identity.calendar.last_on,
        holidays=frozenset(known) | closed,
    )
