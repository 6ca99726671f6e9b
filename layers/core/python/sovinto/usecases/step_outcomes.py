"""Steps that decide: evaluation, a broken plan, closing."""

from __future__ import annotations

from dataclasses import replace

from sovinto.domain.agreement import ApprovalOutcome
from sovinto.domain.case import Case, Closure, Step
from sovinto.usecases.step_context import Draft, StepContext, case_event

_CLOSURES = {
    "paid": Closure.PAID,
    "plan_kept": Closure.PAID,
    Closure.TIME_BARRED.value: Closure.TIME_BARRED,
}


def evaluate(context: StepContext) -> Draft:
    """After the contact attempts: a plan is offered where the debt can be split, else the case goes on.

    The record's reason names the step that is asked for; inputs are in the event.
    """
    facts, limits = context.facts, context.rules.policy.plan
    owed, paid = facts.balance.total, facts.paid
    can_be_split = owed.minor >= 2 * limits.min_instalment.minor
    asked = Step.OFFER_PLAN.value if can_be_split else "continue"
    event = case_event(
        context.case,
        context.occasion,
        "case.evaluated",
        outcome=asked,
        owed_minor=str(owed.minor),
        paid_minor=str(paid.minor),
        contacts=str(len(facts.contacts)),
    )
    return Draft(context.case.with_step(context.record("performed", asked)), events=(event,))


def break_plan(context: StepContext) -> Draft:
    """An instalment was missed beyond grace: the timeline resumes where it stood."""
    plan = context.case.plan
    if plan is None:
        raise ValueError("a plan is broken only where there is one")
    broken = replace(context.case, plan=replace(plan, status="broken"))
    event = case_event(context.case, context.occasion, "plan.broken", plan_id=plan.plan_id)
    return Draft(broken.with_step(context.record("performed", "instalment_missed")), events=(event,))


def end_hold(context: StepContext) -> Draft:
    """Holds whose last day has passed are over; what they stopped goes on with the next decision."""
    case, today = context.case, context.today
    over = [hold for hold in case.active_holds if hold.until is not None and hold.until < today]
    kept = tuple(hold.released(today) if hold in over else hold for hold in case.holds)
    ids = ",".join(hold.hold_id for hold in over)
    events = (case_event(case, context.occasion, "hold.ended", hold_ids=ids),)
    return Draft(
        replace(case, holds=kept).with_step(context.record("performed", "hold_over")), events=events
    )


def expire_approval(context: StepContext) -> Draft:
    """Nobody answered in time: that is a no, and what was asked for is not done."""
    open_one = context.case.open_approval
    if open_one is None:
        raise ValueError("an approval expires only where one is open")
    expired = replace(open_one, outcome=ApprovalOutcome.EXPIRED, answered_at=context.facts.now)
    kept = tuple(expired if item is open_one else item for item in context.case.approvals)
    event = case_event(
        context.case,
        context.occasion,
        "approval.expired",
        approval_id=open_one.approval_id,
        about=open_one.about,
    )
    noted = replace(context.case, approvals=kept).with_step(context.record("performed", "approval_expired"))
    return Draft(noted, events=(event,))


def close(context: StepContext) -> Draft:
    """The end, with its reason: paid, a plan kept to the end, or returned to the client."""
    reason = _CLOSURES.get(context.act.reason, Closure.UNCOLLECTABLE)
    noted = context.case.with_step(context.record("performed", context.act.reason))
    return close_as(noted, reason, context)


def close_as(case: Case, reason: Closure, context: StepContext) -> Draft:
    closed = replace(case, closure=reason, closed_at=context.facts.now)
    event = case_event(case, context.occasion, "case.closed", reason=reason.value)
    return Draft(closed, events=(event,))
