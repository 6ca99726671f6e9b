"""The case: one or more claims of one client against one debtor, worked together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sovinto.domain.agreement import Approval, CallRecord, Financials, Owner, Promise
from sovinto.domain.client_message import ClientMessage
from sovinto.domain.communication import Channel
from sovinto.domain.debtor import CoDebtor, Debtor
from sovinto.domain.evaluated import Evaluated
from sovinto.domain.former_debtor import FormerDebtor
from sovinto.domain.hold import Hold, HoldReason
from sovinto.domain.money import Money, total
from sovinto.domain.plan import Plan
from sovinto.ids import CaseId, ClientId, EventId


@dataclass(frozen=True, slots=True)
class Claim:
    """One receivable. `due_on` is the agreed due date, the last day to pay without delay.

    `principal` is the invoice as it was placed; credit notes since came to `credited_minor`.
    """

    invoice_number: str
    due_on: date
    principal: Money
    invoiced_on: date | None = None
    text: str = ""
    credited_minor: int = 0

    @property
    def reduced(self) -> Money:
        """The invoice less its credit notes; payments are the ledger's to tell."""
        return Money(self.principal.minor - self.credited_minor, self.principal.currency)


class Step(StrEnum):
    """Dunning steps, from mild to firm; each has a Task state of its own in the timeline."""

    CALL_FIRST = "call_first"
    SEND_REMINDER = "send_reminder"
    REMIND_BY_SMS = "remind_by_sms"
    SEND_NOTICE = "send_notice"
    SEND_DEMAND = "send_demand"
    SEND_SECOND_DEMAND = "send_second_demand"
    CALL_DEBTOR = "call_debtor"
    EVALUATE = "evaluate"
    OFFER_PLAN = "offer_plan"
    ASK_APPROVAL = "ask_approval"
    ANNOUNCE_TRATTA = "announce_tratta"
    ATTEMPT_CONTACT = "attempt_contact"
    PUBLISH_TRATTA = "publish_tratta"
    HAND_TO_LEGAL = "hand_to_legal"
    WATCH_INSOLVENCY = "watch_insolvency"
    REMIND_INSTALMENT = "remind_instalment"
    BREAK_PLAN = "break_plan"
    END_HOLD = "end_hold"
    EXPIRE_APPROVAL = "expire_approval"
    REMIND_CLIENT = "remind_client"
    TELL_REJECTION = "tell_rejection"
    SEND_COPIES = "send_copies"
    CLOSE_CASE = "close_case"


@dataclass(frozen=True, slots=True)
class StepRecord:
    """A step that happened, or was due and rightly did not (`outcome` skipped, with `reason`).

    `event_id` names the change that stored it; its message and its fee carry the same.
    """

    step: Step
    at: datetime
    on: date
    outcome: str
    reason: str = ""
    instalment: int | None = None
    event_id: EventId | None = None


class DisputeKind(StrEnum):
    PAID_ALREADY = "paid_already"
    NOT_MINE = "not_mine"
    WRONG_AMOUNT = "wrong_amount"
    GOODS_OR_SERVICE = "goods_or_service"


@dataclass(frozen=True, slots=True)
class Dispute:
    """The debtor contests. Everything stops until the client answers; silence never resumes.

    `reason` is the client's, where it rejected: the debtor is told before anything else happens.
    """

    kind: DisputeKind
    text: str
    opened_at: datetime
    answer_by: date
    outcome: str | None = None
    settled_at: datetime | None = None
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return self.outcome is None


class Closure(StrEnum):
    PAID = "paid"
    WITHDRAWN = "withdrawn"
    UNCOLLECTABLE = "uncollectable"
    DISPUTE_UPHELD = "dispute_upheld"
    INSOLVENT = "insolvent"
    DEBTOR_DIED = "debtor_died"
    DEBTOR_MINOR = "debtor_minor"
    TIME_BARRED = "time_barred"
    WRONG_PERSON = "wrong_person"
    HANDED_TO_LEGAL = "handed_to_legal"


_SILENT = frozenset({Closure.DEBTOR_DIED, Closure.DEBTOR_MINOR, Closure.WITHDRAWN, Closure.WRONG_PERSON})


@dataclass(frozen=True, slots=True)
class Case:
    """All facts the timeline decides on. Balances are not here: they are folds of the ledger.

    `refused_channels` are those whose provider refused a message of this case, or that lead to somebody
    else: not tried again. `person_key` names the debtor over all cases without naming them.
    `ledger_head` is the digest of its newest ledger entry (domain/chain.py).
    `debtor_party_id` is the debtor's id as a co-debtor, where one of them took the debtor's place.
    `reopened_on` is the day on which the money that had paid it went back.
    """

    case_id: CaseId
    client_id: ClientId
    client_reference: str
    country: str
    currency: str
    debtor: Debtor
    claims: tuple[Claim, ...]
    payment_reference: str
    link_id: str
    policy_id: str
    placed_at: datetime
    steps: tuple[StepRecord, ...] = ()
    dispute: Dispute | None = None
    plan: Plan | None = None
    closure: Closure | None = None
    closed_at: datetime | None = None
    version: int = 0
    refused_channels: tuple[Channel, ...] = ()
    person_key: str = ""
    owner: Owner | None = None
    co_debtors: tuple[CoDebtor, ...] = ()
    holds: tuple[Hold, ...] = ()
    promise: Promise | None = None
    calls: tuple[CallRecord, ...] = ()
    call_not_before: datetime | None = None
    approvals: tuple[Approval, ...] = ()
    financials: Financials | None = None
    proposed_plan: Plan | None = None
    closed_by: str = ""
    evaluations: tuple[Evaluated, ...] = ()
    client_messages: tuple[ClientMessage, ...] = ()
    ledger_head: str = ""
    former_debtors: tuple[FormerDebtor, ...] = ()
    debtor_party_id: str = ""
    reopened_on: date | None = None

    @property
    def principal(self) -> Money:
        """What its invoices come to, credit notes taken off: fees and limits go by it."""
        return total((claim.reduced for claim in self.claims), self.currency)

    @property
    def number(self) -> str:
        """What people call the case by: the payment reference, one number for letters and bank."""
        return self.payment_reference

    @property
    def due_on(self) -> date:
        """The latest due date of its claims: from then on all of it is overdue."""
        return max(claim.due_on for claim in self.claims)

    @property
    def is_open(self) -> bool:
        return self.closure is None

    @property
    def debtor_since(self) -> datetime | None:
        """When its debtor took another one's place; None for the one it was placed with."""
        return self.former_debtors[-1].replaced_at if self.former_debtors else None

    @property
    def is_disputed(self) -> bool:
        return self.dispute is not None and self.dispute.is_open

    @property
    def active_holds(self) -> tuple[Hold, ...]:
        return tuple(hold for hold in self.holds if hold.is_active)

    @property
    def open_approval(self) -> Approval | None:
        """The newest question that nobody has answered yet."""
        return next((item for item in reversed(self.approvals) if item.is_open), None)

    @property
    def state(self) -> str:
        """How its client sees it: closed how, or open, disputed, held (why is not theirs to know)."""
        if self.closure is not None:
            return self.closure.value
        if self.is_disputed:
            return "disputed"
        return "held" if self.active_holds else "open"

    @property
    def is_silent(self) -> bool:
        """Not even an answer or a receipt may go to the debtor: nobody is there to read it, or it may
        reach somebody else."""
        astray = any(hold.reason is HoldReason.ADDRESS_SEARCH for hold in self.active_holds)
        return astray or self.closure in _SILENT

    @property
    def may_be_contacted(self) -> bool:
        """Nothing chargeable and no message leaves while this is false."""
        return self.is_open and not self.is_disputed and not self.active_holds

    def performed(self, step: Step) -> StepRecord | None:
        """The last time the step was really performed."""
        done = [record for record in self.steps if record.step is step and record.outcome == "performed"]
        return done[-1] if done else None

    def with_step(self, record: StepRecord) -> Case:
        """Adds a record; of skips of one step only the newest is kept, so that they never pile up."""
        kept = (r for r in self.steps if not (r.step is record.step and r.outcome == "skipped"))
        return replace(self, steps=(*kept, record))

    def without_step(self, event_id: EventId, reason: str) -> Case:
        """The step of that change did not happen after all: its message never left."""
        told = (
            replace(record, outcome="skipped", reason=reason) if record.event_id == event_id else record
            for record in self.steps
        )
        return replace(self, steps=tuple(told))

    def without_channel(self, channel: Channel) -> Case:
        """The provider refused this debtor's address: no more messages of this case go there."""
        refused = {*self.refused_channels, channel}
        return replace(self, refused_channels=tuple(sorted(refused)))
