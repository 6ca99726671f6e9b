"""Steps beyond letters, each behind a yes: ask, announce and publish a tratta, hand over; and the watch."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sovinto.domain import evaluation
from sovinto.domain.agreement import Approval, ApprovalKind, ApprovalOutcome
from sovinto.domain.case import Case, Closure, Step
from sovinto.domain.communication import Channel
from sovinto.domain.evaluated import Outcome
from sovinto.domain.event import Event
from sovinto.domain.hold import Hold, HoldReason
from sovinto.domain.lapsed import has_to_be_asked_anew
from sovinto.domain.legal_action import (
    LegalAction,
    action_of,
    fitting,
    is_worth_it,
    is_yes,
    publication_asked,
)
from sovinto.domain.posting import interest_to
from sovinto.domain.send_permit import Refusal
from sovinto.ids import derived
from sovinto.usecases.plan_terms import debt_now
from sovinto.usecases.step_context import Draft, StepContext, case_event, communicate
from sovinto.usecases.step_messages import send_letter
from sovinto.usecases.step_outcomes import close_as, decided

WATCH_DAYS = 90


def ask_approval(context: StepContext) -> Draft | Refusal:
    """A second look at the case, and where a legal step is best: may we? Asked of the client by e-mail.

    While the debtor keeps paying nobody is asked; the case is looked at again once nothing was paid for
    PAYING_DAYS (`domain/evaluation.py`).
    """
    found = evaluation.evaluate(context.facts, context.rules)
    if found.rule == "keeps_paying":
        return Refusal("keeps_paying", "the debtor is paying; nothing firmer is asked for")
    case, events = _looked_again(context, found)
    action = fitting(context.facts, context.rules)
    if found.outcome is not Outcome.LEGAL_STEP or action is None:
        return Draft(case.with_step(context.record("not_needed", found.rule)), events=events)
    kind = action.approval_kind
    approval = _question(context, kind, action.step.step)
    noted = replace(case, approvals=(*case.approvals, approval))
    noted = noted.with_step(context.record("performed", kind.value))
    owed = debt_now(context.facts, context.rules).total
    item, planned = communicate(
        noted,
        context.occasion,
        channel=Channel.EMAIL,
        template="approval_request",
        audience="client",
        to=context.client.email,
        language=context.client.language,
        facts=(
            ("approval_id", approval.approval_id),
            ("expires_on", approval.expires_on.isoformat()),
            ("legal_step", action.step.step),
            ("total", f"{owed.decimal()} {owed.currency}"),
        ),
    )
    return Draft(noted, (), (item,), (*events, _asked(context, approval), planned))


def _looked_again(context: StepContext, found: evaluation.Evaluation) -> tuple[Case, tuple[Event, ...]]:
    """The second look is a decision of its own where another rule speaks than the first time."""
    earlier = context.case.evaluations
    if earlier and earlier[-1].rule == found.rule:
        return context.case, ()
    case, event = decided(context, found)
    return case, (event,)


def _question(context: StepContext, kind: ApprovalKind, about: str) -> Approval:
    return Approval(
        approval_id=derived("apr", context.occasion.event_id, kind.value),
        kind=kind,
        about=about,
        asked_at=context.facts.now,
        expires_on=context.today + timedelta(days=context.rules.policy.approval_days),
    )


def _asked(context: StepContext, approval: Approval) -> Event:
    return case_event(
        context.case,
        context.occasion,
        "approval.asked",
        approval_id=approval.approval_id,
        approval_kind=approval.kind.value,
        about=approval.about,
    )


def announce_tratta(context: StepContext) -> Draft | Refusal:
    """The letter that gives the debtor the protest period. It asks for the publication that may follow."""
    closed = _not_open(context)
    if closed is not None:
        return closed
    sent = send_letter(context)
    if isinstance(sent, Refusal) or sent.case.steps[-1].outcome != "performed":
        return sent
    *before, record = sent.case.steps
    asks = replace(record, reason=Step.PUBLISH_TRATTA.value)
    return replace(sent, case=replace(sent.case, steps=(*before, asks)))


def _not_open(context: StepContext) -> Draft | None:
    """What the law or the client's answer lacks today; the step is then not needed, and says why."""
    action = _action(context)
    if not is_worth_it(context.facts, context.rules):
        return _not_needed(context, "too_little_left")
    if action is not None and action.step.is_open:
        return None if _is_of_size(action, context) else _not_needed(context, "out_of_size")
    lacking = ", ".join(sorted(action.step.lacking)) if action else ""
    return _not_needed(context, f"not_open: {lacking or 'no such step'}")


def _is_of_size(action: LegalAction, context: StepContext) -> bool:
    """By what is left of the principal."""
    return action.planned.is_for(context.facts.balance.principal)


def _action(context: StepContext) -> LegalAction | None:
    """The legal step behind this step of the policy; the publication ends what the announcement began."""
    step = Step.ANNOUNCE_TRATTA if context.act.step is Step.PUBLISH_TRATTA else context.act.step
    planned = context.rules.policy.step(step)
    return None if planned is None else action_of(planned, context.facts, context.rules)


def _not_needed(context: StepContext, reason: str) -> Draft:
    return Draft(context.case.with_step(context.record("not_needed", reason)))


def publish_tratta(context: StepContext) -> Draft:
    """After the protest period: first the question to a named person of the agency, then the publication.

    The publication is an event for now: no register is told, because no port to one exists yet.
    """
    closed = _not_open(context)
    if closed is not None:
        return closed
    approval = publication_asked(context.case)
    if approval is None or has_to_be_asked_anew(approval, context.case):
        return _ask_to_publish(context)
    if approval.outcome is not ApprovalOutcome.APPROVED:
        told = approval.outcome.value if approval.outcome else "unanswered"
        return _not_needed(context, f"publication_{told}")
    if not is_yes(approval, context.case, context.rules, context.today):
        return _not_needed(context, "publication_lapsed")
    event = case_event(
        context.case,
        context.occasion,
        "tratta.published",
        approval_id=approval.approval_id,
        approved_by=approval.answered_by,
        owed_minor=str(context.facts.balance.total.minor),
    )
    return Draft(context.case.with_step(context.record("performed", "published")), events=(event,))


def _ask_to_publish(context: StepContext) -> Draft:
    approval = _question(context, ApprovalKind.PUBLICATION, Step.PUBLISH_TRATTA.value)
    asking = replace(context.record("performed", ApprovalKind.PUBLICATION.value), step=Step.ASK_APPROVAL)
    noted = replace(context.case, approvals=(*context.case.approvals, approval)).with_step(asking)
    return Draft(noted, events=(_asked(context, approval),))


def hand_to_legal(context: StepContext) -> Draft:
    """The case leaves amicable collection, with its interest counted to the day."""
    action = _action(context)
    closed = _not_open(context)
    if closed is not None or action is None:
        return closed or _not_needed(context, "not_open: no such step")
    facts, pack = context.facts, context.rules.pack
    accrued = interest_to(context.case, facts.entries, pack, context.occasion, until=context.today)
    event = case_event(
        context.case,
        context.occasion,
        "case.handed_to_legal",
        legal_step=action.step.step,
        rule_id=action.step.explanation.rule_id,
    )
    noted = context.case.with_step(context.record("performed", action.step.step))
    left = close_as(noted, Closure.HANDED_TO_LEGAL, context)
    return replace(left, entries=accrued, events=(event, *left.events))


def watch_insolvency(context: StepContext) -> Draft:
    """Contacts stop, and the case is looked at again after WATCH_DAYS."""
    case, until = context.case, context.today + timedelta(days=WATCH_DAYS)
    hold = _watch(context, until)
    noted = replace(case, holds=(*case.holds, hold)).with_step(context.record("performed", "watched"))
    event = case_event(
        case,
        context.occasion,
        "hold.placed",
        hold_id=hold.hold_id,
        from_on=hold.from_on.isoformat(),
        until=until.isoformat(),
    )
    return Draft(noted, events=(event,))


def _watch(context: StepContext, until: date) -> Hold:
    return Hold(
        hold_id=derived("hold", context.occasion.event_id),
        reason=HoldReason.INSOLVENCY_WATCH,
        from_on=context.today,
        until=until,
        placed_at=context.facts.now,
        placed_by="engine",
    )
