"""Days of rest beyond the public holidays: eves, regions."""

from __future__ import annotations

from datetime import date

import pytest
from sovinto.countries import load_calendar


@pytest.mark.parametrize(
    ("country", "day", "is_quiet"),
    [
        ("SE", date(2026, 6, 19), True),
        ("SE", date(2026, 12, 24), True),
        ("SE", date(2026, 12, 23), False),
        ("DK", date(2026, 12, 24), True),
        ("DK", date(2026, 6, 5), True),
        ("NO", date(2026, 12, 24), True),
        ("NO", date(2026, 12, 23), False),
        ("FI", date(2026, 12, 24), True),
        ("GB", date(2026, 4, 6), True),
        ("GB", date(2026, 8, 31), True),
        ("CH", date(2026, 4, 6), True),
    ],
)
def test_nobody_is_called_on_an_eve_or_a_day_of_the_region(country: str, day: date, is_quiet: bool) -> None:
    assert load_calendar(country).is_holiday(day) is is_quiet
