"""The end of a hold: what fell due while the case stood still falls due so much later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from sovinto.domain.case import Case
from sovinto.domain.hold import Hold
from sovinto.domain.law.calendar import Calendar

_DAY = timedelta(days=1)


def without_holds(
    case: Case, ended: Iterable[Hold], *, last_on: date, at: datetime, by: str, calendar: Calendar
) -> Case:
    """Ends the holds, one after the other; a plan and a promise get the days that each gives back.

    A day is given back once, however many holds cover it: when the last of them ends. Raises LawMissing
    where an instalment would fall due beyond the known calendar.
    """
    for hold in ended:
        released = hold.released(last_on, at, by)
        holds = tuple(released if item.hold_id == hold.hold_id else item for item in case.holds)
        case = _postponed(replace(case, holds=holds), released, calendar)
    return case


def answered_by(case: Case, start: date, days: int, calendar: Calendar, today: date) -> date:
    """The day on which `days` days have passed after `start` in which nothing stopped the case.

    Time to answer stands still on each day that a hold or a dispute covers; days after `today` are not
    known to stand still.
    """
    day = start
    while days > 0:
        day += _DAY
        if day > today or not stood_still(case, day, calendar):
            days -= 1
    return day


def stood_still(case: Case, day: date, calendar: Calendar) -> bool:
    """A hold or the dispute covered this day."""
    return _is_disputed(case, day, calendar) or any(_was_still(hold, day, calendar) for hold in case.holds)


def _postponed(case: Case, hold: Hold, calendar: Calendar) -> Case:
    plan, promise = case.plan, case.promise
    if plan is not None and plan.is_active:
        days = _given_back(case, hold, calendar.local_date(plan.agreed_at), calendar)
        plan = plan.postponed(len(days), calendar)
    if promise is not None:
        days = _given_back(case, hold, calendar.local_date(promise.made_at), calendar)
        if days and promise.by_on >= days[0]:
            promise = replace(promise, by_on=promise.by_on + len(days) * _DAY)
    return replace(case, plan=plan, promise=promise)


def _given_back(case: Case, hold: Hold, since: date, calendar: Calendar) -> list[date]:
    """The days from `since` on that this hold gives back: no other one will, did, or ever may."""
    return [
        day
        for day in _stood_still(hold, calendar)
        if day >= since and not _is_disputed(case, day, calendar) and _is_last(case, day, calendar)
    ]


def _stood_still(hold: Hold, calendar: Calendar) -> Iterator[date]:
    """From its first day, or its placing where that came first, through its last one."""
    day, end = _first(hold, calendar), _end(hold, calendar)
    while end is not None and day < end:
        yield day
        day += _DAY


def _first(hold: Hold, calendar: Calendar) -> date:
    return min(hold.from_on, calendar.local_date(hold.placed_at))


def _end(hold: Hold, calendar: Calendar) -> date | None:
    """The first day that it did not stop; None while nobody knows.

    The day after its last one, however late that was noticed, and at the latest the day it was ended.
    """
    # The last day of all calendars has no morrow: it is no end.
    ends = [] if hold.until in (None, date.max) else [hold.until + _DAY]
    if hold.ended_at is not None:
        ends.append(calendar.local_date(hold.ended_at))
    return min(ends, default=None)


def _is_disputed(case: Case, day: date, calendar: Calendar) -> bool:
    """A dispute gives back its own days when it is settled."""
    dispute = case.dispute
    if dispute is None or day < calendar.local_date(dispute.opened_at):
        return False
    return dispute.settled_at is None or day < calendar.local_date(dispute.settled_at)


def _is_last(case: Case, day: date, calendar: Calendar) -> bool:
    """No hold over this day is left, and there never was a moment before without any.

    At such a moment the day was given back, and a later hold, back-dated over it, must not do so again.
    """
    over = sorted(
        (hold for hold in case.holds if _was_still(hold, day, calendar)), key=lambda hold: hold.placed_at
    )
    if any(hold.is_active for hold in over):
        return False
    reach = over[0].ended_at
    for hold in over:
        if reach is None or hold.ended_at is None or hold.placed_at > reach:
            return False
        reach = max(reach, hold.ended_at)
    return True


def _was_still(hold: Hold, day: date, calendar: Calendar) -> bool:
    if day < _first(hold, calendar):
        return False
    end = _end(hold, calendar)
    return end is None or day < end
