"""Steps that decide: evaluation, the end of a hold or a question, closing."""

from __future__ import annotations

from dataclasses import replace

from sovinto.domain import evaluation
from sovinto.domain.agreement import ApprovalOutcome
from sovinto.domain.case import Case, Closure, Step
from sovinto.domain.evaluated import Outcome
from sovinto.domain.event import Event
from sovinto.domain.plan import KEPT
from sovinto.domain.plan_offer import without_proposal
from sovinto.domain.settling import is_rest_tolerated, rest_waived, surplus_given_back
from sovinto.domain.standstill import without_holds
from sovinto.usecases.send_again import planned_again
from sovinto.usecases.step_context import Draft, StepContext, case_event

_ASKED = {
    Outcome.CONTINUE: "continue",
    Outcome.PAYMENT_PLAN: Step.OFFER_PLAN.value,
    Outcome.LEGAL_STEP: Step.ASK_APPROVAL.value,
    Outcome.INSOLVENCY_WATCH: Step.WATCH_INSOLVENCY.value,
    Outcome.CLOSE: "close",
}
_FIGURES = ("owed_minor", "paid_minor", "contacts", "answers", "words_broken")
_CLOSURES = {
    "paid": Closure.PAID,
    "plan_kept": Closure.PAID,
    Closure.TIME_BARRED.value: Closure.TIME_BARRED,
}


def evaluate(context: StepContext) -> Draft:
    """After the contact attempts: what is best now, by the first rule of the table that applies.

    The record's reason names the step that is asked for; the decision itself is kept with the case.
    """
    found = evaluation.evaluate(context.facts, context.rules)
    case, event = decided(context, found)
    return Draft(case.with_step(context.record("performed", _ASKED[found.outcome])), events=(event,))


def decided(context: StepContext, found: evaluation.Evaluation) -> tuple[Case, Event]:
    """The case with the record of the decision, and the event that tells it in figures and rule ids."""
    noted = evaluation.record_of(found, context.facts)
    inputs = dict(noted.inputs)
    event = case_event(
        context.case,
        context.occasion,
        "case.evaluated",
        outcome=_ASKED[found.outcome],
        rule=found.rule,
        alternatives=",".join(found.alternatives),
        decided_by=noted.by,
        position=found.inputs.position.value,
        **{name: inputs[name] for name in _FIGURES},
    )
    return replace(context.case, evaluations=(*context.case.evaluations, noted)), event


def end_hold(context: StepContext) -> Draft:
    """Holds whose last day has passed are over; what they stopped goes on with the next decision.

    A letter that they withheld and no step brings again, such as the confirmation of a plan, is planned
    again.
    """
    case, today = context.case, context.today
    over = [hold for hold in case.active_holds if hold.until is not None and hold.until < today]
    freed = without_holds(
        case, over, last_on=today, at=context.facts.now, by="timeline", calendar=context.rules.calendar
    )
    ids = ",".join(hold.hold_id for hold in over)
    events = (case_event(case, context.occasion, "hold.ended", hold_ids=ids),)
    noted = freed.with_step(context.record("performed", "hold_over"))
    messages, planned = planned_again(noted, context.facts.unheard, context.occasion, today)
    return Draft(noted, (), messages, (*events, *planned))


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
    refused = without_proposal(replace(context.case, approvals=kept), open_one.about)
    noted = refused.with_step(context.record("performed", "approval_expired"))
    return Draft(noted, events=(event,))


def close(context: StepContext) -> Draft:
    """The end, with its reason: paid, a plan kept to the end, or returned to the client.

    Where more than the tolerance is left after a plan that was kept, it is not the end: the plan is over
    and the timeline resumes.
    """
    case, reason = context.case, _CLOSURES.get(context.act.reason, Closure.UNCOLLECTABLE)
    books = (context.facts.entries, context.occasion, context.today)
    if reason is Closure.PAID and case.plan is not None and case.plan.is_active:
        case = replace(case, plan=replace(case.plan, status=KEPT))
    if context.act.reason != "plan_kept":
        noted = case.with_step(context.record("performed", context.act.reason))
        return replace(close_as(noted, reason, context), entries=surplus_given_back(noted, *books))
    if not is_rest_tolerated(context.facts, context.rules):
        return Draft(case.with_step(context.record("skipped", "rest_left")))
    noted = case.with_step(context.record("performed", context.act.reason))
    return replace(close_as(noted, reason, context), entries=rest_waived(noted, *books))


def close_as(case: Case, reason: Closure, context: StepContext) -> Draft:
    closed = replace(case, closure=reason, closed_at=context.facts.now)
    event = case_event(case, context.occasion, "case.closed", reason=reason.value)
    return Draft(closed, events=(event,))
