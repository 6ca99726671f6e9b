"""Payment plan: an agreement to pay in dated instalments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sovinto.domain.law.calendar import Calendar
from sovinto.domain.money import Money


@dataclass(frozen=True, slots=True)
class Instalment:
    """One dated part of a plan; `due_on` is a banking day."""

    number: int
    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Plan:
    """`status`: active, kept or broken. What is paid is read from the ledger, not stored here."""

    plan_id: str
    agreed_at: datetime
    instalments: tuple[Instalment, ...]
    status: str = "active"

    @property
    def is_active(self) -> bool:
        return self.status == "active"

    def postponed(self, days: int, calendar: Calendar) -> Plan:
        """Every instalment falls due so many days later, on a banking day. Raises LawMissing."""
        if days <= 0:
            return self
        later = (
            replace(i, due_on=calendar.next_banking_day(i.due_on + timedelta(days=days)))
            for i in self.instalments
        )
        return replace(self, instalments=tuple(later))
