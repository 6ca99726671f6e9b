"""Carry out one step of the timeline: re-read, re-decide, permit, store; all in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sovinto.domain.case import Step
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.posting import Occasion
from sovinto.domain.send_permit import Refusal
from sovinto.domain.timeline import Act, Decision, decide
from sovinto.errors import LawMissing
from sovinto.ids import CaseId
from sovinto.ports import Cases, Change, Clients, Clock
from sovinto.usecases import step_late_copies, step_legal, step_messages, step_outcomes, step_told
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.contact_ledger import contact_guards, not_astray
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.step_context import Draft, Sender, StepContext

HANDLERS: dict[Step, Callable[[StepContext], Draft | Refusal]] = {
    Step.CALL_FIRST: step_messages.plan_call,
    Step.SEND_REMINDER: step_messages.send_letter,
    Step.REMIND_BY_SMS: step_messages.send_sms,
    Step.SEND_NOTICE: step_messages.send_letter,
    Step.SEND_DEMAND: step_messages.send_letter,
    Step.SEND_SECOND_DEMAND: step_messages.send_letter,
    Step.CALL_DEBTOR: step_messages.plan_call,
    Step.EVALUATE: step_outcomes.evaluate,
    Step.OFFER_PLAN: step_messages.send_letter,
    Step.ASK_APPROVAL: step_legal.ask_approval,
    Step.ANNOUNCE_TRATTA: step_legal.announce_tratta,
    Step.PUBLISH_TRATTA: step_legal.publish_tratta,
    Step.HAND_TO_LEGAL: step_legal.hand_to_legal,
    Step.WATCH_INSOLVENCY: step_legal.watch_insolvency,
    Step.REMIND_INSTALMENT: step_messages.send_sms,
    Step.BREAK_PLAN: step_told.break_plan,
    Step.REMIND_CLIENT: step_told.remind_client,
    Step.TELL_REJECTION: step_told.tell_rejection,
    Step.ATTEMPT_CONTACT: step_told.attempt_contact,
    Step.SEND_COPIES: step_late_copies.send_copies,
    Step.END_HOLD: step_outcomes.end_hold,
    Step.EXPIRE_APPROVAL: step_outcomes.expire_approval,
    Step.CLOSE_CASE: step_outcomes.close,
}


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """`outcome`: performed, or skipped with the reason why it was rightly not done."""

    step: Step
    outcome: str
    reason: str


def perform_step(
    case_id: CaseId, step: Step, *, sender: Sender, cases: Cases, clients: Clients, clock: Clock
) -> StepOutcome:
    """Raises NotFound. A step that is no longer due is skipped, not an error, and leaves no record.

    Where the law of the day is missing nothing is done: that is a skip too, looked at again tomorrow.
    """
    return with_fresh_read(
        lambda: _once(case_id, step, sender=sender, cases=cases, clients=clients, clock=clock)
    )


def _once(
    case_id: CaseId, step: Step, *, sender: Sender, cases: Cases, clients: Clients, clock: Clock
) -> StepOutcome:
    try:
        facts, rules = facts_of(case_id, cases, clock.now())
        decision = decide(facts, rules)
    except LawMissing as missing:
        # Nothing to record: the timeline, asked next, waits for the same reason.
        return StepOutcome(step, "skipped", _no_law(missing))
    if not isinstance(decision, Act) or decision.step is not step:
        return StepOutcome(step, "skipped", f"no longer due: {_told(decision)}")
    occasion = Occasion.of_case(facts.case, facts.now)
    client = clients.load(facts.case.client_id)
    context = StepContext(facts, rules, decision, occasion, client, sender)
    draft = drafted(context)
    _store(draft, facts, rules, cases)
    return StepOutcome(step, draft.case.steps[-1].outcome, draft.case.steps[-1].reason)


def drafted(context: StepContext) -> Draft:
    """What the step wants stored; a refusal, or law that is missing, is stored as a skip."""
    try:
        draft = HANDLERS[context.act.step](context)
    except LawMissing as missing:
        draft = Refusal("law_missing", _no_law(missing))
    if isinstance(draft, Refusal):
        return Draft(context.case.with_step(context.record("skipped", draft.reason)))
    return draft


def _no_law(missing: LawMissing) -> str:
    return f"law_missing: {missing.message}"


def _store(draft: Draft, facts: Facts, rules: Rules, cases: Cases) -> None:
    """With the contacts it makes; a detail that was suppressed meanwhile makes it decide afresh."""
    cases.commit(
        Change(
            case=replace(draft.case, version=facts.case.version + 1),
            entries=draft.entries,
            communications=draft.communications,
            events=draft.events,
            guards=contact_guards(facts, rules, draft.communications),
            unless=not_astray(draft.communications),
        )
    )


def _told(decision: Decision) -> str:
    return f"{type(decision).__name__.lower()} ({decision.reason})"
