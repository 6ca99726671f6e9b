"""When a debtor may be contacted: hours and quiet days by channel."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sovinto.domain.communication import Channel
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.calendar import Calendar
from sovinto.domain.law.model import Pack, in_force
from sovinto.domain.law.rows import ContactRow
from sovinto.errors import LawMissing

_SEARCH_DAYS = 14


def next_contact_time(
    pack: Pack,
    calendar: Calendar,
    channel: Channel,
    now: datetime,
    debtor_type: DebtorType,
) -> datetime:
    """The first moment at or after `now` when the channel may be used, in UTC.

    Raises LawMissing when the pack has no rule for the channel on that day, or no holidays.
    """
    local_day = calendar.local_date(now)
    for ahead in range(_SEARCH_DAYS):
        day = local_day + timedelta(days=ahead)
        row = _rule(pack, channel, debtor_type, day)
        found = _first_moment(row, calendar, day, now)
        if found is not None:
            return found
    raise LawMissing(f"No contact window for {channel.value} opens within {_SEARCH_DAYS} days.")


def hours_on(
    pack: Pack,
    calendar: Calendar,
    channel: Channel,
    day: date,
    debtor_type: DebtorType = DebtorType.CONSUMER,
) -> tuple[tuple[datetime, datetime], ...]:
    """From when to when (UTC) the channel may be used on a local day. Raises LawMissing."""
    return _open_hours(_rule(pack, channel, debtor_type, day), calendar, day)


def _open_hours(row: ContactRow, calendar: Calendar, day: date) -> tuple[tuple[datetime, datetime], ...]:
    if not row.is_open_on_holidays and calendar.is_holiday(day):
        return ()
    return tuple(
        (_moment(calendar, day, window.from_minute), _moment(calendar, day, window.to_minute))
        for window in sorted(row.windows, key=lambda window: window.from_minute)
        if day.isoweekday() in window.weekdays
    )


def _rule(pack: Pack, channel: Channel, debtor_type: DebtorType, on: date) -> ContactRow:
    return in_force(
        pack,
        ContactRow,
        debtor_type=debtor_type,
        on=on,
        what=f"contact by {channel.value}",
        where=lambda row: channel in row.channels,
    )


def _first_moment(row: ContactRow, calendar: Calendar, day: date, now: datetime) -> datetime | None:
    for opens, closes in _open_hours(row, calendar, day):
        if now < closes:
            return max(now.astimezone(UTC), opens)
    return None


def _moment(calendar: Calendar, day: date, minute: int) -> datetime:
    """A minute of the local wall clock as an instant; 1440 is the next midnight."""
    days, minute = divmod(minute, 24 * 60)
    wall = datetime.combine(
        day + timedelta(days=days), time(minute // 60, minute % 60), tzinfo=calendar.zone
    )
    return wall.astimezone(UTC)
