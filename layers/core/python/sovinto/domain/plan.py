"""Payment plan: an agreement to pay in dated instalments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sovinto.domain.law.calendar import Calendar
from sovinto.domain.money import Money

ACTIVE, KEPT, BROKEN, REPLACED, PROPOSED = "active", "kept", "broken", "replaced", "proposed"
CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Instalment:
    """One dated part of a plan; `due_on` is a banking day."""

    number: int
    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class PlanRevision:
    """Terms that no longer hold; `ended` is broken, or replaced while they were still kept."""

    agreed_at: datetime
    instalments: tuple[Instalment, ...]
    ended: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`status`: active, kept, broken, cancelled; proposed while nobody has agreed to it yet.

    What is paid is read from the ledger, not stored here: it counts from `agreed_at`. New terms keep
    the id; the earlier ones are in `revisions`, oldest first. `reopened_on` is the day on which a payment
    that had kept it went back: grace for what was due before counts from then.
    """

    plan_id: str
    agreed_at: datetime
    instalments: tuple[Instalment, ...]
    status: str = ACTIVE
    revisions: tuple[PlanRevision, ...] = ()
    reopened_on: date | None = None

    @property
    def is_active(self) -> bool:
        return self.status == ACTIVE

    @property
    def times_broken(self) -> int:
        ends = [revision.ended for revision in self.revisions]
        return [*ends, self.status].count(BROKEN)

    @property
    def kept_since(self) -> datetime:
        """When terms were first agreed that have been kept ever since: interest stands still from then."""
        since = self.agreed_at
        for revision in reversed(self.revisions):
            if revision.ended != REPLACED:
                break
            since = revision.agreed_at
        return since

    def last_day(self, instalment: Instalment, grace_days: int) -> date:
        """The last day on which this instalment is in time."""
        since = max(instalment.due_on, self.reopened_on or instalment.due_on)
        return since + timedelta(days=grace_days)

    def renewed(self, agreed_at: datetime, instalments: tuple[Instalment, ...]) -> Plan:
        """New terms under the same id; those that held until now become history."""
        ended = REPLACED if self.is_active else self.status
        past = PlanRevision(self.agreed_at, self.instalments, ended)
        return Plan(self.plan_id, agreed_at, instalments, ACTIVE, (*self.revisions, past))

    def postponed(self, days: int, calendar: Calendar) -> Plan:
        """Every instalment falls due so many days later, on a banking day. Raises LawMissing."""
        if days <= 0:
            return self
        later = (
            replace(i, due_on=calendar.next_banking_day(i.due_on + timedelta(days=days)))
            for i in self.instalments
        )
        return replace(self, instalments=tuple(later))
