"""decide: facts in, the next thing to do out. Pure and total; milder steps are never skipped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sovinto.domain import copies, fairness
from sovinto.domain.agreement import CallOutcome
from sovinto.domain.case import Case, Closure, Dispute, Step
from sovinto.domain.communication import Channel
from sovinto.domain.earliest import OPEN_AGAIN, earliest_on, settled
from sovinto.domain.evaluation import KEEPS_PAYING, PAYING_DAYS, keeps_paying
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.law import contact
from sovinto.domain.money import Money
from sovinto.domain.plan import Plan
from sovinto.domain.policy import PolicyStep
from sovinto.domain.reach import channel_for, reachable_from
from sovinto.domain.settling import covered_since

# A hold without an end is looked at again this often, so that no case is forgotten.
HOLD_REVIEW_DAYS = 30
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
        return _await_client(case.dispute, facts, rules)
    found = _on_hold(facts, rules) or _agreed(facts, rules) or _onwards(facts, rules)
    if isinstance(found, Wait) and not case.active_holds:
        return Wait(facts.not_past_age(found.until, rules), found.reason)
    return found


def _on_hold(facts: Facts, rules: Rules) -> Decision | None:
    """While anything holds the case nothing is done; a hold whose last day passed is ended."""
    holds, today = facts.case.active_holds, facts.today(rules)
    if any(hold.until is not None and hold.until < today for hold in holds):
        return Act(Step.END_HOLD, "hold_over")
    if not holds:
        return None
    review = today + timedelta(days=HOLD_REVIEW_DAYS)
    # Only what ends before the review is counted on: the last day of all calendars has no morrow.
    ends = [hold.until for hold in holds if hold.until is not None and hold.until < review]
    until = min([review, *(day + timedelta(days=1) for day in ends)])
    return Wait(rules.morning(until), "on_hold")


def _agreed(facts: Facts, rules: Rules) -> Decision | None:
    """What ends the case or binds us before any further step: payment, age, a plan, a word given."""
    case = facts.case
    if facts.balance.total.minor <= 0:
        return Act(Step.CLOSE_CASE, "paid")
    if facts.is_time_barred(rules):
        return Act(Step.CLOSE_CASE, Closure.TIME_BARRED.value)
    if rejected := _tell_rejection(facts, rules):
        return rejected
    if case.plan is not None and case.plan.is_active:
        return _follow_plan(case.plan, facts, rules)
    return _await_promise(facts, rules) or _await_approval(facts, rules)


def _tell_rejection(facts: Facts, rules: Rules) -> Decision | None:
    """Whose objection the client rejected hears so, with the reason, before anything else happens."""
    dispute = facts.case.dispute
    if dispute is None or dispute.outcome != fairness.REJECTED or dispute.settled_at is None:
        return None
    if fairness.is_told(facts.case, Step.TELL_REJECTION, dispute.settled_at):
        return None
    return _in_hours(Act(Step.TELL_REJECTION, "dispute_rejected"), facts, rules)


def _in_hours(act: Act, facts: Facts, rules: Rules) -> Decision:
    """A message of ours beside the policy's steps: once a day at most, at an hour one may write."""
    if refused := _refused_today(act.step, facts, rules):
        return refused
    channel = fairness.letter_channel(facts.case)
    at = facts.now if channel is None else reachable_from(facts.now, channel, facts, rules)
    if at > facts.now:
        return Wait(max(at, rules.morning(rules.calendar.local_date(at))), f"{act.step.value}_not_due")
    return act


def _await_promise(facts: Facts, rules: Rules) -> Wait | None:
    """Until the promised day is over, and one banking day more for the money to arrive."""
    promise = facts.case.promise
    if promise is None:
        return None
    resumes = rules.calendar.next_banking_day(promise.by_on + timedelta(days=1)) + timedelta(days=1)
    if facts.today(rules) >= resumes:
        return None
    return Wait(rules.morning(resumes), "promise_awaited")


def _await_approval(facts: Facts, rules: Rules) -> Decision | None:
    """No answer in time is no: the question expires and the case goes on the milder way."""
    approval = facts.case.open_approval
    if approval is None:
        return None
    if facts.today(rules) > approval.expires_on:
        return Act(Step.EXPIRE_APPROVAL, "approval_expired")
    return Wait(rules.morning(approval.expires_on + timedelta(days=1)), f"approval:{approval.kind.value}")


def _await_client(dispute: Dispute, facts: Facts, rules: Rules) -> Decision:
    """A dispute never resumes by silence: past the date the client is reminded, once, and no more."""
    today, until = facts.today(rules), dispute.answer_by + timedelta(days=1)
    if fairness.is_told(facts.case, Step.REMIND_CLIENT, dispute.opened_at):
        until = dispute.answer_by
    elif today >= until:
        return Act(Step.REMIND_CLIENT, "answer_late")
    while until <= today:
        until += timedelta(days=rules.policy.answer_by_days)
    return Wait(rules.morning(until), "dispute_open")


def _follow_plan(plan: Plan, facts: Facts, rules: Rules) -> Decision:
    today, paid = facts.today(rules), covered_since(facts, plan.agreed_at)
    asked = Money.zero(paid.currency)
    for instalment in plan.instalments:
        asked += instalment.amount
        if rules.policy.plan.is_paid(paid, asked, instalment.amount):
            continue
        last_day = plan.last_day(instalment, rules.policy.plan.grace_days)
        if today > last_day:
            return _in_hours(Act(Step.BREAK_PLAN, "instalment_missed", instalment.number), facts, rules)
        if not fairness.was_reminded(facts.case, instalment):
            return _remind(instalment.due_on, instalment.number, facts, rules)
        return Wait(rules.morning(last_day + timedelta(days=1)), "instalment_awaited")
    return Act(Step.CLOSE_CASE, "plan_kept")


def _remind(due_on: date, number: int, facts: Facts, rules: Rules) -> Decision:
    """On the due day itself, at an hour one may write; a quiet due day is reminded the day after."""
    if refused := _refused_today(Step.REMIND_INSTALMENT, facts, rules):
        return refused
    start, kind = max(rules.morning(due_on), facts.now), facts.case.debtor.debtor_type
    at = contact.next_contact_time(rules.pack, rules.at_debtor, Channel.SMS, start, kind)
    if at > facts.now:
        return Wait(at, "instalment_not_due")
    return Act(Step.REMIND_INSTALMENT, "instalment_due", number)


def _onwards(facts: Facts, rules: Rules) -> Decision:
    """The next step of the policy; while it lies ahead, a co-debtor's copy of a letter that was sent."""
    found = _next_step(facts, rules)
    at = copies.next_copy(facts, rules) if isinstance(found, Wait) else None
    if at is None or not isinstance(found, Wait) or at >= found.until:
        return found
    return Act(Step.SEND_COPIES, "copy_waits") if at <= facts.now else Wait(at, "send_copies_not_due")


def _next_step(facts: Facts, rules: Rules) -> Decision:
    for planned in rules.policy.steps:
        if not is_wanted(planned, facts.case):
            continue
        if settled(facts.case, planned.step) is None:
            return _when(planned, facts, rules)
    return Act(Step.CLOSE_CASE, "uncollectable")


def is_wanted(planned: PolicyStep, case: Case) -> bool:
    """Its size is in the step's range, and where it happens on request only, one was made."""
    if not planned.is_for(case.principal):
        return False
    return not planned.is_on_request or _is_requested(case, planned.step)


def _is_requested(case: Case, step: Step) -> bool:
    """The attempt to reach the debtor belongs to the publication that it comes before."""
    asked = Step.PUBLISH_TRATTA if step is Step.ATTEMPT_CONTACT else step
    return any(record.outcome == "performed" and record.reason == asked.value for record in case.steps)


def _refused_today(step: Step, facts: Facts, rules: Rules) -> Wait | None:
    """A step that was refused today is looked at again tomorrow, never in a tight loop.

    A debtor who asks to be called back says when: that may be the same day. Where the refusal was that
    the debtor keeps paying, it is looked at when nothing was paid for PAYING_DAYS.
    """
    today, skipped = facts.today(rules), [r for r in facts.case.steps if r.outcome == "skipped"]
    if step is Step.ASK_APPROVAL and any(r.step is step for r in skipped) and keeps_paying(facts, rules):
        paid_at = max(entry.posted_at for entry in facts.entries if entry.kind == "payment_allocated")
        return Wait(paid_at + timedelta(days=PAYING_DAYS), KEEPS_PAYING)
    if any(r.step is step and r.on == today and r.reason not in (CALL_BACK, *OPEN_AGAIN) for r in skipped):
        return Wait(rules.morning(today + timedelta(days=1)), f"{step.value}_refused_today")
    return None


def _when(planned: PolicyStep, facts: Facts, rules: Rules) -> Decision:
    if refused := _refused_today(planned.step, facts, rules):
        return refused
    if planned.step is Step.PUBLISH_TRATTA and (missing := _await_attempt(facts, rules)):
        return missing
    called_by = fairness.first_call_by(facts.case, rules, facts.today(rules))
    if called_by is not None and facts.today(rules) < called_by:
        return Wait(rules.morning(called_by), "first_call_awaited")
    day = max(earliest_on(planned, facts, rules), fairness.fair_on(facts.case, rules))
    start = max(rules.morning(day), facts.now)
    if Channel.CALL in planned.channels and facts.case.call_not_before is not None:
        start = max(start, facts.case.call_not_before)
    channel = channel_for(planned, facts.case, rules, facts.today(rules))
    if channel is not None:
        start = reachable_from(start, channel, facts, rules)
        # A day that opens at midnight, after a holiday, still begins in the morning for people.
        if start > facts.now:
            start = max(start, rules.morning(rules.calendar.local_date(start)))
    if start > facts.now:
        return Wait(start, f"{planned.step.value}_not_due")
    return Act(planned.step, "uncollectable" if planned.step is Step.CLOSE_CASE else "due")


def _await_attempt(facts: Facts, rules: Rules) -> Decision | None:
    """Nothing is published before the call that was planned for it; in time, a message stands for it."""
    today = facts.today(rules)
    last_on = fairness.attempt_by(facts.case, rules, today)
    if last_on is None:
        return None
    if today >= last_on:
        return _in_hours(Act(Step.ATTEMPT_CONTACT, fairness.CALL_NOT_MADE), facts, rules)
    return Wait(rules.morning(last_on), "contact_attempt_awaited")
