"""The shared virtual clock of the journeys: it starts on a fixed Monday and only moves forward."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sovinto.countries import load_calendar

from infra.local import virtual_time
from infra.local.running import Running

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Helsinki")
OPEN_AT = time(10, 0)
LOOKS = 60


def begin(running: Running) -> None:
    """To the first day, once per stage; a second call changes nothing."""
    key = {"pk": {"S": "CLOCK"}, "sk": {"S": "CLOCK"}}
    if "Item" not in running.client("dynamodb").get_item(TableName=running.table_name, Key=key):
        virtual_time.move(running, START)


def today(running: Running) -> date:
    """The local legal day."""
    return virtual_time.now(running).astimezone(ZONE).date()


def office_hours(running: Running, on: date | None = None) -> date:
    """At ten o'clock on that banking day or the next one, never back; everything due is then done.

    A test that runs after office hours starts on the next day.
    """
    current = virtual_time.now(running).astimezone(ZONE)
    day = max(on or current.date(), current.date())
    if day == current.date() and current.time() > time(16, 0):
        day += timedelta(days=1)
    day = load_calendar("FI").next_banking_day(day)
    target = datetime.combine(day, OPEN_AT, ZONE)
    if target > current:
        virtual_time.move(running, target)
    virtual_time.wake_all(running)
    return day


def wake_of(running: Running, case_id: str) -> datetime:
    """When the timeline looks at the case next."""
    item = timeline_item(running, case_id)
    return datetime.strptime(item["work_at"]["S"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def timeline_item(running: Running, case_id: str) -> dict[str, dict[str, str]]:
    """The case's place in the due index, as stored."""
    key = {"pk": {"S": f"CASE#{case_id}"}, "sk": {"S": "TIMELINE"}}
    answer = running.client("dynamodb").get_item(TableName=running.table_name, Key=key, ConsistentRead=True)
    found: dict[str, dict[str, str]] = answer["Item"]
    return found


def to_next_wake(running: Running, case_id: str) -> None:
    """Move on to when the case is due next, and let it act."""
    due = wake_of(running, case_id)
    if due > virtual_time.now(running):
        virtual_time.move(running, due + timedelta(seconds=1))
    virtual_time.wake_all(running)
