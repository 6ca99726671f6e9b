"""What the timeline looks at when it wakes: the case, its money, the law and policy of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sovinto.domain.case import Case
from sovinto.domain.case_age import is_time_barred, too_old_from
from sovinto.domain.claim_class import Balance
from sovinto.domain.communication import Channel, Communication
from sovinto.domain.law.calendar import Calendar
from sovinto.domain.law.model import Pack
from sovinto.domain.ledger import Entry, balance_of
from sovinto.domain.money import Money
from sovinto.domain.person import person_key
from sovinto.domain.policy import Policy

MORNING = time(9, 0)


@dataclass(frozen=True, slots=True)
class Rules:
    """The law, the policy and the calendar that hold for a case.

    `debtor_calendar` is set for a debtor who lives in another country than the case's.
    """

    pack: Pack
    policy: Policy
    calendar: Calendar
    debtor_calendar: Calendar | None = None

    @property
    def at_debtor(self) -> Calendar:
        """Where the debtor is: the hours and quiet days in which one may be reached."""
        return self.debtor_calendar or self.calendar

    def morning(self, on: date) -> datetime:
        """When a local day begins for people, in UTC."""
        return datetime.combine(on, MORNING, tzinfo=self.calendar.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Contact:
    """One outbound contact, for frequency caps.

    In a person's ledger `number` counts the contacts of a day; one that `is_undone` never left.
    """

    channel: Channel
    on: date
    person_key: str = ""
    number: int = 0
    is_undone: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """`now` is aware; `entries` are the case's ledger; `contacts` its outbound contacts.

    `ledger` are the last contacts of the case's people over all their cases; None where it was not
    read: then the case's own contacts stand in for it. `unheard` are letters that never left and that
    no step brings again.
    """

    case: Case
    entries: tuple[Entry, ...]
    contacts: tuple[Contact, ...]
    now: datetime
    ledger: tuple[Contact, ...] | None = None
    unheard: tuple[Communication, ...] = ()

    @property
    def person_key(self) -> str:
        """The debtor's; a case from before there were any is found by the debtor."""
        return self.case.person_key or person_key(self.case.debtor, self.case.country)

    def contacts_with(self, person_key: str) -> tuple[Contact, ...]:
        """What counts against the caps of one person of this case."""
        if self.ledger is None:
            return self.contacts
        return tuple(item for item in self.ledger if item.person_key == person_key)

    @property
    def balance(self) -> Balance:
        return balance_of(self.case.case_id, self.case.currency, self.entries)

    def today(self, rules: Rules) -> date:
        return rules.calendar.local_date(self.now)

    def is_time_barred(self, rules: Rules) -> bool:
        """Every claim is too old to be asked for. Raises LawMissing where no limitation is known."""
        return is_time_barred(self.case, self.entries, rules.pack, self.today(rules))

    def not_past_age(self, until: datetime, rules: Rules) -> datetime:
        """Nobody waits past the day on which the case is too old: it is closed on that day, the earlier
        of the two. Raises LawMissing."""
        too_old = rules.morning(too_old_from(self.case, self.entries, rules.pack))
        return min(too_old, until) if too_old > self.now else until

    def paid_since(self, moment: datetime) -> Money:
        """Payments posted after a moment, for instance since a plan was agreed."""
        return paid(self.case.currency, [e for e in self.entries if e.posted_at > moment])

    @property
    def paid(self) -> Money:
        return paid(self.case.currency, self.entries)


def paid(currency: str, entries: Sequence[Entry]) -> Money:
    """What debtors paid towards the case: the sum of its payment entries' reduction of the debt."""
    reduced = (
        -line.amount.minor
        for entry in entries
        if entry.kind in ("payment_allocated", "payment_reversed")
        for line in entry.lines
        if line.account.startswith("debtor:")
    )
    return Money(sum(reduced), currency)
