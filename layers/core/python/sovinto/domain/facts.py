"""What the timeline looks at when it wakes: the case, its money, the law and policy of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sovinto.domain.case import Case
from sovinto.domain.case_age import is_time_barred
from sovinto.domain.claim_class import Balance
from sovinto.domain.communication import Channel
from sovinto.domain.law.calendar import Calendar
from sovinto.domain.law.model import Pack
from sovinto.domain.ledger import Entry, balance_of
from sovinto.domain.money import Money
from sovinto.domain.policy import Policy

MORNING = time(9, 0)


@dataclass(frozen=True, slots=True)
class Rules:
    """The law, the policy and the calendar that hold for a case."""

    pack: Pack
    policy: Policy
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Contact:
    """One outbound contact of the past, for frequency caps."""

    channel: Channel
    on: date


@dataclass(frozen=True, slots=True)
class Facts:
    """`now` is aware; `entries` are the case's ledger; `contacts` its outbound contacts."""

    case: Case
    entries: tuple[Entry, ...]
    contacts: tuple[Contact, ...]
    now: datetime

    @property
    def balance(self) -> Balance:
        return balance_of(self.case.case_id, self.case.currency, self.entries)

    def today(self, rules: Rules) -> date:
        return rules.calendar.local_date(self.now)

    def is_time_barred(self, rules: Rules) -> bool:
        """Every claim is too old to be asked for. Raises LawMissing where no limitation is known."""
        return is_time_barred(self.case, self.entries, rules.pack, self.today(rules))

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
