"""decide: facts in, the next thing to do out. Pure and total; milder steps are never skipped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sovinto.domain.agreement import CallOutcome
from sovinto.domain.case import Case, Closure, Step, StepRecord
from sovinto.domain.communication import Channel
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.law import contact, waits
from sovinto.domain.money import Money
from sovinto.domain.plan import Instalment, Plan
from sovinto.domain.policy import Anchor, PolicyStep
from sovinto.domain.reach import channel_for, lawful_on, reachable_from
from sovinto.domain.settling import covered_since

# A hold without an end is looked at again this often, so that no case is forgotten.
HOLD_REVIEW_DAYS = 30
# Why a step that was done is open again: it is due at once, whatever its wait was.
LOOK_AGAIN = "new_financials"
CALL_BACK = CallOutcome.CALL_BACK.value


@dataclass(frozen=True, slots=True)
class Act:
    """Do this step now. `instalment` names the instalment a plan step is about."""

    step: Step
    reason: str
    instalment: int | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before `until` (aware UTC)."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """The case has no future."""

    reason: str


Decision = Act | Wait | Done


def decide(facts: Facts, rules: Rules) -> Decision:
    """What the case needs now. The order of the questions is the order of fairness."""
    case = facts.case
    if case.closure is not None:
        return Done(case.closure.value)
    if case.dispute is not None and case.dispute.is_open:
        return _await_client(case.dispute.answer_by, facts, rules)
    return _on_hold(facts, rules) or _agreed(facts, rules) or _next_step(facts, rules)


def _on_hold(facts: Facts, rules: Rules) -> Decision | None:
    """While anything holds the case nothing is done; a hold whose last day passed is ended."""
    holds, today = facts.case.active_holds, facts.today(rules)
    if any(hold.until is not None and hold.until < today for hold in holds):
        return Act(Step.END_HOLD, "hold_over")
    if not holds:
        return None
    ends = [hold.until for hold in holds if hold.until is not None]
    review = today + timedelta(days=HOLD_REVIEW_DAYS)
    until = min([review, *(day + timedelta(days=1) for day in ends)])
    return Wait(_morning(until, rules), "on_hold")


def _agreed(facts: Facts, rules: Rules) -> Decision | None:
    """What ends the case or binds us before any further step: payment, age, a plan, a word given."""
    case = facts.case
    if facts.balance.total.minor <= 0:
        return Act(Step.CLOSE_CASE, "paid")
    if facts.is_time_barred(rules):
        return Act(Step.CLOSE_CASE, Closure.TIME_BARRED.value)
    if case.plan is not None and case.plan.is_active:
        return _follow_plan(case.plan, facts, rules)
    return _await_promise(facts, rules) or _await_approval(facts, rules)


def _await_promise(facts: Facts, rules: Rules) -> Wait | None:
    """Until the promised day is over, and one banking day more for the money to arrive."""
    promise = facts.case.promise
    if promise is None:
        return None
    resumes = rules.calendar.next_banking_day(promise.by_on + timedelta(days=1)) + timedelta(days=1)
    if facts.today(rules) >= resumes:
        return None
    return Wait(_morning(resumes, rules), "promise_awaited")


def _await_approval(facts: Facts, rules: Rules) -> Decision | None:
    """No answer in time is no: the question expires and the case goes on the milder way."""
    approval = facts.case.open_approval
    if approval is None:
        return None
    if facts.today(rules) > approval.expires_on:
        return Act(Step.EXPIRE_APPROVAL, "approval_expired")
    return Wait(_morning(approval.expires_on + timedelta(days=1), rules), f"approval:{approval.kind.value}")


def _morning(on: date, rules: Rules) -> datetime:
    return rules.morning(on)


def _await_client(answer_by: date, facts: Facts, rules: Rules) -> Decision:
    """A dispute never resumes by silence: past the date the case only shows up again, as late."""
    until = answer_by
    while until <= facts.today(rules):
        until += timedelta(days=rules.policy.answer_by_days)
    return Wait(_morning(until, rules), "dispute_open")


def _follow_plan(plan: Plan, facts: Facts, rules: Rules) -> Decision:
    today, paid = facts.today(rules), covered_since(facts, plan.agreed_at)
    asked = Money.zero(paid.currency)
    for instalment in plan.instalments:
        asked += instalment.amount
        if rules.policy.plan.is_paid(paid, asked, instalment.amount):
            continue
        last_day = instalment.due_on + timedelta(days=rules.policy.plan.grace_days)
        if today > last_day:
            return Act(Step.BREAK_PLAN, "instalment_missed", instalment.number)
        if not _was_reminded(facts.case, instalment):
            return _remind(instalment.due_on, instalment.number, facts, rules)
        return Wait(_morning(last_day + timedelta(days=1), rules), "instalment_awaited")
    return Act(Step.CLOSE_CASE, "plan_kept")


def _was_reminded(case: Case, instalment: Instalment) -> bool:
    """On its due day or later: a reminder of an earlier plan, or before a delay, is of another day."""
    return any(
        record.step is Step.REMIND_INSTALMENT
        and record.instalment == instalment.number
        and record.outcome != "skipped"
        and record.on >= instalment.due_on
        for record in case.steps
    )


def _remind(due_on: date, number: int, facts: Facts, rules: Rules) -> Decision:
    """On the due day itself, at an hour one may write; a quiet due day is reminded the day after."""
    if refused := _refused_today(Step.REMIND_INSTALMENT, facts, rules):
        return refused
    at = contact.next_contact_time(
        rules.pack,
        rules.at_debtor,
        Channel.SMS,
        max(_morning(due_on, rules), facts.now),
        facts.case.debtor.debtor_type,
    )
    if at > facts.now:
        return Wait(at, "instalment_not_due")
    return Act(Step.REMIND_INSTALMENT, "instalment_due", number)


def _next_step(facts: Facts, rules: Rules) -> Decision:
    for planned in rules.policy.steps:
        if not is_wanted(planned, facts.case):
            continue
        if _settled(facts.case, planned.step) is None:
            return _when(planned, facts, rules)
    return Act(Step.CLOSE_CASE, "uncollectable")


def is_wanted(planned: PolicyStep, case: Case) -> bool:
    """Its size is in the step's range, and where it happens on request only, one was made."""
    if not planned.is_for(case.principal):
        return False
    return not planned.is_on_request or _is_requested(case, planned.step)


def _is_requested(case: Case, step: Step) -> bool:
    return any(record.outcome == "performed" and record.reason == step.value for record in case.steps)


def _settled(case: Case, step: Step) -> StepRecord | None:
    """The record that ends a step's turn: performed, or rightly not needed in this case."""
    done = [record for record in case.steps if record.step is step and record.outcome != "skipped"]
    return done[-1] if done else None


def _refused_today(step: Step, facts: Facts, rules: Rules) -> Wait | None:
    """A step that was refused today is looked at again tomorrow, never in a tight loop.

    A debtor who asks to be called back says when: that may be the same day.
    """
    today, skipped = facts.today(rules), [r for r in facts.case.steps if r.outcome == "skipped"]
    if any(r.step is step and r.on == today and r.reason != CALL_BACK for r in skipped):
        return Wait(_morning(today + timedelta(days=1), rules), f"{step.value}_refused_today")
    return None


def _when(planned: PolicyStep, facts: Facts, rules: Rules) -> Decision:
    if refused := _refused_today(planned.step, facts, rules):
        return refused
    start = max(_morning(earliest_on(planned, facts, rules), rules), facts.now)
    if Channel.CALL in planned.channels and facts.case.call_not_before is not None:
        start = max(start, facts.case.call_not_before)
    channel = channel_for(planned, facts.case, rules, facts.today(rules))
    if channel is not None:
        start = reachable_from(start, channel, facts, rules)
        # A day that opens at midnight, after a holiday, still begins in the morning for people.
        start = (
            max(start, _morning(rules.calendar.local_date(start), rules)) if start > facts.now else start
        )
    if start > facts.now:
        return Wait(start, f"{planned.step.value}_not_due")
    return Act(planned.step, "uncollectable" if planned.step is Step.CLOSE_CASE else "due")


def earliest_on(planned: PolicyStep, facts: Facts, rules: Rules) -> date:
    """The later of what policy waits (with the time to answer) and what the law makes us wait.

    A letter that no channel may carry has no lawful day: policy alone says when that is noted.
    """
    case, today = facts.case, facts.today(rules)
    if any(item.step is planned.step and item.reason == LOOK_AGAIN for item in case.steps):
        return today
    by_policy = _anchor(planned, case, rules) + timedelta(days=planned.wait_days)
    if planned.answers is not None:
        days, _ = waits.response_days(
            rules.pack, kind=planned.answers, debtor_type=case.debtor.debtor_type, on=today
        )
        by_policy += timedelta(days=days)
    if planned.letter is None or channel_for(planned, case, rules, today) is None:
        return by_policy
    return max(by_policy, lawful_on(planned.letter, case, rules).on)


def _anchor(planned: PolicyStep, case: Case, rules: Rules) -> date:
    """The day a wait counts from; a step that was not needed counts from when that was seen."""
    placed_on = rules.calendar.local_date(case.placed_at)
    if planned.after is Anchor.PLACEMENT:
        return placed_on
    if planned.after is Anchor.LAST_STEP:
        return max((record.on for record in case.steps if record.outcome != "skipped"), default=placed_on)
    record = _settled(case, Step(planned.after.value))
    return record.on if record else placed_on
