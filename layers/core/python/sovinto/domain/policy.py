"""The dunning policy: ordered steps with waits and conditions, and the limits we set ourselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sovinto.domain.case import Step
from sovinto.domain.communication import Channel
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.kinds import FeeKind, LetterKind
from sovinto.domain.money import Money


class Anchor(StrEnum):
    """What a wait is counted from when it is not one named step."""

    PLACEMENT = "placement"
    LAST_STEP = "last_step"


@dataclass(frozen=True, slots=True)
class PolicyStep:
    """One dunning step.

    It is due `wait_days` after `after`, later by the response time of `answers` where that is set,
    and never before the first lawful day of `letter`. `fee` is what the step may earn. `channels`
    are tried in order. A step with `is_on_request` happens only when an earlier step asks for it, one
    with `from_principal` only in cases of at least that principal, one with `max_principal` of at most
    that one. `legal_steps` are the names, in the pack, of the legal steps that it takes.
    """

    step: Step
    debtor_types: frozenset[DebtorType]
    after: Step | Anchor
    wait_days: int
    channels: tuple[Channel, ...] = ()
    letter: LetterKind | None = None
    fee: FeeKind | None = None
    answers: LetterKind | None = None
    is_on_request: bool = False
    from_principal: Money | None = None
    max_principal: Money | None = None
    legal_steps: tuple[str, ...] = ()

    def is_for(self, principal: Money) -> bool:
        """The size of the case is in the step's range."""
        if self.from_principal is not None and principal < self.from_principal:
            return False
        return self.max_principal is None or principal <= self.max_principal


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """What a payment plan may look like; the first instalment falls within `first_within_days`.

    An instalment short by no more than `tolerance` minor units, or by `tolerance_percent` of itself
    where that is more, counts as paid. After a broken plan a debtor gets `new_plans` more.
    """

    max_instalments: int
    min_instalment: Money
    first_within_days: int
    grace_days: int
    tolerance: Money | None = None
    tolerance_percent: int = 0
    new_plans: int = 1

    def is_paid(self, paid: Money, asked: Money, instalment: Money) -> bool:
        """Whether `paid` in all covers `asked` in all, up to and with this instalment.

        What is missing does not add up: the next instalment asks for it again.
        """
        fixed = 0 if self.tolerance is None else self.tolerance.minor
        by_share = instalment.minor * self.tolerance_percent // 100
        return asked.minor - paid.minor <= max(fixed, by_share)


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the policy for one kind of debtor. `policy_id` carries its version.

    The last step closes the case. The contact limits are our own, not law. `reply_days` is the time a
    debtor has after hearing that the client rejected the objection, or that a plan is broken;
    `attempt_days` the time a collector has for the call before a publication, until a message goes
    instead; `first_call_days` that for the call a large receivable starts with, until letters go anyway.
    """

    policy_id: str
    version: int
    country: str
    debtor_type: DebtorType
    valid_from: date
    steps: tuple[PolicyStep, ...]
    plan: PlanLimits
    answer_by_days: int
    max_contacts_a_day: int
    max_contacts_a_week: int
    approval_days: int = 7
    call_attempts: int = 3
    reply_days: int = 14
    attempt_days: int = 10
    first_call_days: int = 5

    def step(self, step: Step) -> PolicyStep | None:
        """The step as this policy has it, or None when it has not."""
        return next((item for item in self.steps if item.step is step), None)
