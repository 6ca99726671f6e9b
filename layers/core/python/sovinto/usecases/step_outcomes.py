"""Steps that decide: evaluation, a broken plan, closing."""

from __future__ import annotations

from dataclasses import replace

from sovinto.domain.case import Case, Closure, Step
from sovinto.usecases.step_context import Draft, StepContext, case_event


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


def close(context: StepContext) -> Draft:
    """The end, with its reason: paid, a plan kept to the end, or returned to the client."""
    is_paid = context.act.reason in ("paid", "plan_kept")
    reason = Closure.PAID if is_paid else Closure.UNCOLLECTABLE
    noted = context.case.with_step(context.record("performed", context.act.reason))
    return close_as(noted, reason, context)


def close_as(case: Case, reason: Closure, context: StepContext) -> Draft:
    closed = replace(case, closure=reason, closed_at=context.facts.now)
    event = case_event(case, context.occasion, "case.closed", reason=reason.value)
    return Draft(closed, events=(event,))
