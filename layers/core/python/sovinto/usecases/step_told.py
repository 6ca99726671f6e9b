"""Steps that tell somebody where they stand: a late answer, a rejected objection, a broken plan."""

from __future__ import annotations

from dataclasses import replace

from sovinto.domain.case import Case, Dispute
from sovinto.domain.communication import Channel, Communication, Permit
from sovinto.domain.event import Event
from sovinto.domain.fairness import CALL_NOT_MADE, letter_channel, to_be_evaluated
from sovinto.domain.letter import Letter
from sovinto.domain.plan import BROKEN, Instalment
from sovinto.domain.reach import reaches
from sovinto.domain.send_permit import Refusal
from sovinto.usecases.compose_letter import Occurrence, compose_letter
from sovinto.usecases.step_context import Draft, StepContext, case_event, communicate
from sovinto.usecases.step_messages import ask_permit, plan_call


def remind_client(context: StepContext) -> Draft:
    """The client did not answer a dispute in time: it is asked once more, and the owner sees it.

    Nothing resumes by it. Raises ValueError where no dispute is open.
    """
    case = context.case
    dispute = _dispute(case)
    noted = case.with_step(context.record("performed", context.act.reason))
    item, planned = communicate(
        noted,
        context.occasion,
        channel=Channel.EMAIL,
        template="dispute_late",
        audience="client",
        to=context.client.email,
        language=context.client.language,
        facts=(("answer_by", dispute.answer_by.isoformat()), ("dispute_kind", dispute.kind.value)),
    )
    owner = {"collector_id": case.owner.collector_id} if case.owner and case.owner.collector_id else {}
    late = case_event(
        case, context.occasion, "dispute.answer_late", answer_by=dispute.answer_by.isoformat(), **owner
    )
    return Draft(noted, (), (item,), (late, planned))


def tell_rejection(context: StepContext) -> Draft | Refusal:
    """The client says no to the objection: the debtor reads that, with the reason, before all else.

    Raises LawMissing where no time to answer is known.
    """
    dispute, channel = _dispute(context.case), letter_channel(context.case)
    if channel is None:
        return Draft(context.case.with_step(context.record("not_needed", "no_channel")))
    granted = ask_permit(context, channel)
    if isinstance(granted, Refusal):
        return granted
    noted = context.case.with_step(context.record("performed", context.act.reason))
    letter = replace(_letter(noted, "dispute_rejected", channel, context), reason=dispute.reason)
    item, planned = _told(noted, letter, channel, context, granted)
    return Draft(noted, (), (replace(item, facts=(("reason", dispute.reason),)),), (planned,))


def break_plan(context: StepContext) -> Draft:
    """An instalment was missed beyond grace: the debtor is told, and the timeline resumes where it stood.

    An evaluation from before is made anew. Raises LawMissing where the letter cannot be written: the
    plan then stands for another day.
    """
    plan = context.case.plan
    if plan is None:
        raise ValueError("a plan is broken only where there is one")
    broken = replace(to_be_evaluated(context.case), plan=replace(plan, status=BROKEN))
    noted = broken.with_step(context.record("performed", "instalment_missed"))
    events = [case_event(context.case, context.occasion, "plan.broken", plan_id=plan.plan_id)]
    channel, messages = letter_channel(context.case), []
    if channel is not None:
        letter = _letter(noted, "plan_broken", channel, context)
        missed = next((i for i in plan.instalments if i.number == context.act.instalment), None)
        item, planned = _told(noted, replace(letter, missed=missed), channel, context)
        messages.append(replace(item, facts=_missed(missed)))
        events.append(planned)
    return Draft(noted, (), messages, events)


def attempt_contact(context: StepContext) -> Draft | Refusal:
    """Between the announcement of a protest and its publication somebody tries to reach the debtor.

    By phone; without a number, or where nobody made the call in time, by e-mail, else by post. The
    reason of the record names the channel.
    """
    if reaches(context.case, Channel.CALL) and context.act.reason != CALL_NOT_MADE:
        asked = plan_call(context)
        return asked if isinstance(asked, Refusal) else _by(Channel.CALL, asked)
    channel = letter_channel(context.case)
    if channel is None:
        return Draft(context.case.with_step(context.record("not_needed", "no_channel")))
    granted = ask_permit(context, channel)
    if isinstance(granted, Refusal):
        return granted
    noted = context.case.with_step(context.record("performed"))
    letter = _letter(noted, "tratta_reminder", channel, context)
    item, planned = _told(noted, letter, channel, context, granted)
    return _by(channel, Draft(noted, (), (item,), (planned,)))


def _by(channel: Channel, draft: Draft) -> Draft:
    *before, record = draft.case.steps
    if record.outcome != "performed":
        return draft
    return replace(draft, case=replace(draft.case, steps=(*before, replace(record, reason=channel.value))))


def _dispute(case: Case) -> Dispute:
    if case.dispute is None:
        raise ValueError("a dispute is told of only where there is one")
    return case.dispute


def _letter(case: Case, template: str, channel: Channel, context: StepContext) -> Letter:
    """What is owed today, with the time to answer of the letter sent before."""
    what = Occurrence(template, context.today, channel)
    return compose_letter(case, context.facts.entries, context.client, context.sender, context.rules, what)


def _missed(instalment: Instalment | None) -> tuple[tuple[str, str], ...]:
    """Which instalment the e-mail names; what is owed it takes from the letter."""
    if instalment is None:
        return ()
    amount = instalment.amount
    return (
        ("missed_amount", f"{amount.decimal()} {amount.currency}"),
        ("missed_on", instalment.due_on.isoformat()),
    )


def _told(
    case: Case, letter: Letter, channel: Channel, context: StepContext, permit: Permit | None = None
) -> tuple[Communication, Event]:
    return communicate(
        case, context.occasion, channel=channel, template=letter.template, permit=permit, letter=letter
    )
