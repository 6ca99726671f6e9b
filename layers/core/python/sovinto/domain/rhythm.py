"""How often a client is paid: every run, on banking days, a day of the week or month, or above a sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sovinto.domain.law.calendar import Calendar
from sovinto.domain.money import total
from sovinto.domain.payment import Payable
from sovinto.errors import InvalidInput

_LAST_WEEKDAY, _LAST_MONTHDAY = 7, 28


class Pace(StrEnum):
    """`SAME_DAY` pays with every run; the others on banking days of the client's country only."""

    SAME_DAY = "same_day"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    THRESHOLD = "threshold"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`day` is 1 (Monday) to 7 for weekly, 1 to 28 for monthly. `least_minor` is the threshold, in minor
    units of the client's currency. A payday that is no banking day is the next one."""

    pace: Pace = Pace.SAME_DAY
    day: int = 0
    least_minor: int = 0

    def __post_init__(self) -> None:
        most = {Pace.WEEKLY: _LAST_WEEKDAY, Pace.MONTHLY: _LAST_MONTHDAY}.get(self.pace)
        if most is not None and not 1 <= self.day <= most:
            raise InvalidInput(f"day of a {self.pace.value} rhythm must be 1 to {most}", field="day")
        if self.pace is Pace.THRESHOLD and self.least_minor <= 0:
            raise InvalidInput("least_minor of a threshold must be above zero", field="least_minor")


SAME_DAY = Rhythm()


def to_pay(
    payables: Sequence[Payable], rhythm: Rhythm, currency: str, calendar: Calendar, today: date
) -> tuple[Payable, ...]:
    """What is paid today, claw-backs always among it.

    What came by the last payday is paid, what came after it waits for the next: so a run that was missed is
    made good by the next one. Below a threshold money waits at most until the month's first banking day.
    Raises LawMissing outside the calendar.
    """
    if rhythm.pace is Pace.SAME_DAY:
        return tuple(payables)
    if not calendar.is_banking_day(today):
        return ()
    if rhythm.pace is Pace.DAILY:
        return tuple(payables)
    until = _last_payday(rhythm, calendar, today)
    if rhythm.pace is Pace.THRESHOLD and _is_enough(payables, rhythm, currency):
        until = today
    return tuple(p for p in payables if p.received_on <= until or p.net.minor < 0)


def _is_enough(payables: Sequence[Payable], rhythm: Rhythm, currency: str) -> bool:
    return total((payable.net for payable in payables), currency).minor >= rhythm.least_minor


def _last_payday(rhythm: Rhythm, calendar: Calendar, today: date) -> date:
    """The newest payday up to today: the nominal day, or the banking day after it."""
    nominal = today
    while not (_is_nominal(rhythm, nominal) and calendar.next_banking_day(nominal) <= today):
        nominal -= timedelta(days=1)
    return calendar.next_banking_day(nominal)


def _is_nominal(rhythm: Rhythm, day: date) -> bool:
    if rhythm.pace is Pace.WEEKLY:
        return day.isoweekday() == rhythm.day
    return day.day == (rhythm.day if rhythm.pace is Pace.MONTHLY else 1)
