"""What the debtor hears before a case goes on, and the time to react to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from sovinto.domain.agreement import CallOutcome
from sovinto.domain.case import Case, Step, StepRecord
from sovinto.domain.communication import Channel
from sovinto.domain.facts import Rules
from sovinto.domain.plan import BROKEN, Instalment
from sovinto.domain.reach import reaches
from sovinto.domain.standstill import answered_by

REJECTED = "rejected"
# Why an evaluation that was made before a plan is open again.
PLAN_BROKEN = "plan_broken"
# Why a message stands for the call that somebody was to make.
CALL_NOT_MADE = "call_not_made"
# What tells that a call did not lead to the debtor.
_ASTRAY = (CallOutcome.WRONG_NUMBER, CallOutcome.WRONG_PERSON)


def is_told(case: Case, step: Step, since: datetime) -> bool:
    """The step had its turn since that moment: performed, or found that nobody can be reached."""
    return any(
        record.step is step and record.outcome != "skipped" and record.at >= since for record in case.steps
    )


def letter_channel(case: Case) -> Channel | None:
    """By e-mail, else by post: for messages that no law wants in one form."""
    return next((channel for channel in (Channel.EMAIL, Channel.POST) if reaches(case, channel)), None)


def fair_on(case: Case, rules: Rules) -> date:
    """The first day that leaves `reply_days` after the debtor heard of a rejected objection or a broken
    plan, or got a message for a call that nobody made, or the money that had paid went back, whatever
    comes next."""
    told = [case.performed(Step.TELL_REJECTION)]
    if case.plan is not None and case.plan.status == BROKEN:
        told.append(case.performed(Step.BREAK_PLAN))
    attempts = [r for r in case.steps if r.step is Step.ATTEMPT_CONTACT and r.outcome == "performed"]
    told += attempts[1:]
    days = [record.on + timedelta(days=rules.policy.reply_days) for record in told if record is not None]
    if case.reopened_on is not None:
        days.append(case.reopened_on + timedelta(days=rules.policy.reply_days))
    return max(days, default=date.min)


def to_be_evaluated(case: Case) -> Case:
    """A plan that broke makes an evaluation from before it too old to act on; steps that were taken
    stay taken."""
    return replace(case, steps=tuple(_reopened(record) for record in case.steps))


def _reopened(record: StepRecord) -> StepRecord:
    if record.step is not Step.EVALUATE or record.outcome != "performed":
        return record
    return replace(record, outcome="skipped", reason=PLAN_BROKEN)


def was_attempted(case: Case) -> bool:
    """Somebody tried to reach the debtor between the announcement and the publication of a protest.

    A call to the debtor's own number; where there is none, or it turned out to be somebody else's, the
    message that stands for it. One that was not needed, because nothing but the announcement itself could
    reach the debtor, is no attempt missed.
    """
    calls = (call for call in case.calls if call.step == Step.ATTEMPT_CONTACT.value)
    if any(call.outcome not in _ASTRAY for call in calls):
        return True
    settled = [r for r in case.steps if r.step is Step.ATTEMPT_CONTACT and r.outcome != "skipped"]
    return bool(settled) and settled[-1].reason != Channel.CALL.value


def attempt_by(case: Case, rules: Rules, today: date) -> date | None:
    """The day from which a message stands for the call before a publication; None once it was made.

    `attempt_days` of the policy after it was planned, days that stood still left out.
    """
    if was_attempted(case):
        return None
    planned = case.performed(Step.ATTEMPT_CONTACT)
    if planned is None:
        return today + timedelta(days=1)
    return answered_by(case, planned.on, rules.policy.attempt_days, rules.calendar, today)


def first_call_by(case: Case, rules: Rules, today: date) -> date | None:
    """The day from which letters go although nobody made the call that a large receivable starts with.

    `first_call_days` of the policy after it was planned, days that stood still left out; None where none is
    awaited. After no answer, or a wish to be called back, it is planned again.
    """
    planned = case.performed(Step.CALL_FIRST)
    if planned is None:
        return None
    if any(call.step == Step.CALL_FIRST.value and call.at >= planned.at for call in case.calls):
        return None
    return answered_by(case, planned.on, rules.policy.first_call_days, rules.calendar, today)


def was_reminded(case: Case, instalment: Instalment) -> bool:
    """On its due day or later: a reminder of an earlier plan, or before a delay, is of another day."""
    return any(
        record.step is Step.REMIND_INSTALMENT
        and record.instalment == instalment.number
        and record.outcome != "skipped"
        and record.on >= instalment.due_on
        for record in case.steps
    )
