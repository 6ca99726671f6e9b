"""What was agreed or asked on the way: promises to pay, calls with their outcome, client approvals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sovinto.ids import CommunicationId


class CallOutcome(StrEnum):
    """What came of a call."""

    REACHED = "reached"
    PROMISE_TO_PAY = "promise_to_pay"
    PLAN_AGREED = "plan_agreed"
    DISPUTE = "dispute"
    WRONG_NUMBER = "wrong_number"
    WRONG_PERSON = "wrong_person"
    CALL_BACK = "call_back"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class CallRecord:
    """The outcome of one call task, by the collector who called; `step` is the step it was planned by.

    `note` is the collector's own, at most 2000 characters.
    """

    communication_id: CommunicationId
    outcome: CallOutcome
    at: datetime
    by: str
    step: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """The debtor will pay by the end of `by_on`; the timeline waits until then."""

    by_on: date
    made_at: datetime


class ApprovalKind(StrEnum):
    """What a client, or for a publication a named person of the agency, has to agree to."""

    TRATTA = "tratta"
    PUBLICATION = "publication"
    LEGAL_STEP = "legal_step"
    PLAN = "plan"


class ApprovalOutcome(StrEnum):
    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Approval:
    """Asked once, answered once, until `expires_on` (inclusive); then it has expired: nothing is done.

    `about` names what is asked for: a legal step of the country, or a plan.
    """

    approval_id: str
    kind: ApprovalKind
    about: str
    asked_at: datetime
    expires_on: date
    outcome: ApprovalOutcome | None = None
    answered_at: datetime | None = None
    answered_by: str = ""

    @property
    def is_open(self) -> bool:
        return self.outcome is None


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for the case: a local collector and the client's account manager; `reason` says how
    the collector was found."""

    collector_id: str
    account_manager: str
    reason: str


@dataclass(frozen=True, slots=True)
class Financials:
    """A debtor's financial position as entered or imported, in minor units of the case's currency.

    `turnover` and `turnover_before` are those of `year` and the year before. None where not known; for
    a default entry that is neither "there is one" nor "there is none". A loss is a profit below zero.
    """

    as_of: date
    source: str
    assets_minor: int | None = None
    employees: int | None = None
    turnover_minor: int | None = None
    turnover_before_minor: int | None = None
    has_default_entry: bool | None = None
    profit_minor: int | None = None
    year: int | None = None
