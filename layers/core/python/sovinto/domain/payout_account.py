"""A client's new account for its money: asked for, told to the old contact, and good only after a while."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sovinto.domain.client import Client
from sovinto.domain.law.calendar import Calendar
from sovinto.errors import NotAllowed
from sovinto.ids import ClientId

FRESH = timedelta(minutes=5)


class ChangeState(StrEnum):
    COOLING = "cooling"
    STOPPED = "stopped"
    EFFECTIVE = "effective"


@dataclass(frozen=True, slots=True)
class Proof:
    """A fresh sign-in, `age` ago by the real clock, at which the password was asked."""

    age: timedelta
    is_password_checked: bool

    def check(self) -> None:
        """Raises NotAllowed where it is no proof, or too old a one."""
        if not self.is_password_checked or not timedelta(0) <= self.age <= FRESH:
            raise NotAllowed(
                "the payout account changes only within 5 minutes of a new sign-in; give the password again"
            )


@dataclass(frozen=True, slots=True)
class PayoutChange:
    """Until `effective_on` all money goes to the old account. The notice goes to `notify`, the contact of
    the day it was asked: who changes the account and the contact together is still told on.
    """

    change_id: str
    client_id: ClientId
    iban: str
    bic: str
    asked_by: str
    asked_at: datetime
    effective_on: date
    notify: str
    state: ChangeState = ChangeState.COOLING
    stopped_by: str = ""
    is_told: bool = False
    revision: int = 1

    @property
    def masked(self) -> str:
        """Country and last four signs: enough to know it by, too little to use it."""
        return f"{self.iban[:2]}..{self.iban[-4:]}"

    def moved(self, state: ChangeState, stopped_by: str = "") -> PayoutChange:
        return replace(self, state=state, stopped_by=stopped_by, revision=self.revision + 1)


def good_on(calendar: Calendar, today: date, banking_days: int) -> date:
    """The first day on which money may go to the new account. Raises LawMissing."""
    day = today
    for _ in range(banking_days):
        day = calendar.next_banking_day(day + timedelta(days=1))
    return day


def with_account(client: Client, change: PayoutChange) -> Client:
    return replace(client, iban=change.iban, bic=change.bic)
