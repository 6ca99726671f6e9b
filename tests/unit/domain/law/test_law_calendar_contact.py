"""Local days, banking days and contact hours, across clock changes and holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sovinto.countries import load_calendar, load_pack
from sovinto.domain.communication import Channel
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.contact import next_contact_time
from sovinto.errors import InvalidInput, LawMissing

PACK = load_pack("FI")
CONSUMER = DebtorType.CONSUMER
CALENDAR = load_calendar("FI")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2025-01-31T21:59:59+00:00", date(2025, 1, 31)),
        ("2025-01-31T22:00:00+00:00", date(2025, 2, 1)),
        ("2025-06-30T20:59:59+00:00", date(2025, 6, 30)),
        ("2025-06-30T21:00:00+00:00", date(2025, 7, 1)),
        ("2025-10-26T22:30:00+00:00", date(2025, 10, 27)),
    ],
)
def test_the_legal_day_is_local(instant: str, day: date) -> None:
    assert CALENDAR.local_date(at(instant)) == day


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="time zone"):
        CALENDAR.local_date(datetime(2025, 1, 1))


@pytest.mark.parametrize(
    ("day", "following"),
    [
        ("2025-03-14", "2025-03-14"),
        ("2025-03-15", "2025-03-17"),
        ("2025-04-18", "2025-04-22"),
        ("2025-06-20", "2025-06-23"),
        ("2025-12-24", "2025-12-29"),
        ("2026-01-06", "2026-01-07"),
    ],
)
def test_next_banking_day(day: str, following: str) -> None:
    assert CALENDAR.next_banking_day(date.fromisoformat(day)) == date.fromisoformat(following)


@pytest.mark.parametrize("day", [date(2021, 12, 31), date(2036, 1, 1)])
def test_outside_the_known_years_nothing_is_answered(day: date) -> None:
    with pytest.raises(LawMissing, match="Holidays"):
        CALENDAR.is_banking_day(day)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2025-03-14T05:59:59+00:00", "2025-03-14T06:00:00+00:00"),
        ("2025-03-14T06:00:00+00:00", "2025-03-14T06:00:00+00:00"),
        ("2025-03-14T17:59:59+00:00", "2025-03-14T17:59:59+00:00"),
        ("2025-03-14T18:00:00+00:00", "2025-03-15T08:00:00+00:00"),
        ("2025-03-15T13:00:00+00:00", "2025-03-17T06:00:00+00:00"),
        ("2025-03-29T13:00:00+00:00", "2025-03-31T05:00:00+00:00"),
        ("2025-10-25T12:00:00+00:00", "2025-10-27T06:00:00+00:00"),
        ("2025-04-17T17:00:00+00:00", "2025-04-19T07:00:00+00:00"),
        ("2025-12-23T18:00:00+00:00", "2025-12-27T08:00:00+00:00"),
    ],
)
@pytest.mark.parametrize("channel", [Channel.SMS, Channel.CALL])
def test_sms_and_calls_keep_to_their_hours(channel: Channel, now: str, opens: str) -> None:
    assert next_contact_time(PACK, CALENDAR, channel, at(now), CONSUMER) == at(opens)


def test_email_waits_for_the_end_of_a_quiet_day() -> None:
    sunday = at("2025-03-16T12:00:00+00:00")
    assert next_contact_time(PACK, CALENDAR, Channel.EMAIL, sunday, CONSUMER) == at(
        "2025-03-16T22:00:00+00:00"
    )
    saturday_night = at("2025-03-15T21:59:00+00:00")
    assert next_contact_time(PACK, CALENDAR, Channel.EMAIL, saturday_night, CONSUMER) == saturday_night


def test_post_goes_any_day() -> None:
    christmas = at("2025-12-25T12:00:00+00:00")
    assert next_contact_time(PACK, CALENDAR, Channel.POST, christmas, CONSUMER) == christmas


def test_the_answer_is_in_utc() -> None:
    found = next_contact_time(PACK, CALENDAR, Channel.SMS, at("2025-06-02T10:00:00+03:00"), CONSUMER)
    assert (found.tzinfo, found.hour) == (UTC, 7)


def test_a_channel_without_a_rule_is_refused() -> None:
    with pytest.raises(LawMissing, match="contact by sms"):
        next_contact_time(
            PACK, CALENDAR, Channel.SMS, at("2022-01-01T00:00:00+02:00").replace(year=2021), CONSUMER
        )
