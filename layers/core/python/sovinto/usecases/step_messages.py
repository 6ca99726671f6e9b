"""Steps that reach the debtor: letters with their fee, SMS, call tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sovinto.domain.case import Step
from sovinto.domain.communication import Channel, Permit
from sovinto.domain.ledger import Entry
from sovinto.domain.letter import Letter
from sovinto.domain.money import total
from sovinto.domain.plan_offer import offers
from sovinto.domain.reach import channel_for, reaches
from sovinto.domain.send_permit import Refusal, permit
from sovinto.domain.settling import covered_since
from sovinto.ids import derived
from sovinto.usecases.call_script import call_script
from sovinto.usecases.compose_letter import Occurrence, compose_letter
from sovinto.usecases.step_charges import announced_fee, charges
from sovinto.usecases.step_context import Draft, StepContext, communicate
from sovinto.usecases.step_copies import with_copies

TEMPLATES = {
    Step.SEND_REMINDER: "reminder",
    Step.SEND_NOTICE: "notice",
    Step.SEND_DEMAND: "demand",
    Step.SEND_SECOND_DEMAND: "second_demand",
    Step.OFFER_PLAN: "plan_offer",
    Step.ANNOUNCE_TRATTA: "tratta",
    Step.REMIND_BY_SMS: "reminder_sms",
    Step.REMIND_INSTALMENT: "instalment_sms",
    Step.CALL_DEBTOR: "call_task",
}


def ask_permit(context: StepContext, channel: Channel) -> Permit | Refusal:
    permit_id = derived("prm", context.occasion.event_id, context.act.step.value)
    return permit(context.facts, context.rules, step=context.act.step, channel=channel, permit_id=permit_id)


def send_letter(context: StepContext) -> Draft | Refusal:
    """Interest to today, the fee the law allows, and the letter that explains both."""
    planned = context.rules.policy.step(context.act.step)
    channel = channel_for(planned, context.case, context.rules, context.today) if planned else None
    if planned is None or channel is None:
        return _unreachable(context)
    granted = ask_permit(context, channel)
    if isinstance(granted, Refusal):
        return granted
    entries = charges(context, planned)
    books = (*context.facts.entries, *entries)
    case = context.case.with_step(context.record("performed"))
    letter = compose_letter(
        case,
        books,
        context.client,
        context.sender,
        context.rules,
        Occurrence(TEMPLATES[planned.step], context.today, channel, planned.letter),
    )
    letter = with_its_own(letter, context, books)
    item, event = communicate(
        case, context.occasion, channel=channel, template=letter.template, permit=granted, letter=letter
    )
    return with_copies(Draft(case, entries, (item,), (event,)), context)


def with_its_own(letter: Letter, context: StepContext, books: Sequence[Entry]) -> Letter:
    """What one kind of letter says and no other: plans to choose from, or the cost that is to come."""
    step = context.act.step
    if step is Step.OFFER_PLAN:
        offered = offers(letter.total, context.rules, context.facts.now, context.client)
        return replace(letter, offers=tuple(plan.instalments for plan in offered))
    if step is Step.SEND_NOTICE:
        return replace(letter, announced=announced_fee(context, letter.payment.pay_by, books))
    return letter


def _unreachable(context: StepContext, reason: str = "no_channel") -> Draft:
    """No lawful way leads to this debtor: the step is not needed, and the case goes on without it."""
    return Draft(context.case.with_step(context.record("not_needed", reason)))


def send_sms(context: StepContext) -> Draft | Refusal:
    """An SMS, or the record that this debtor has no number."""
    case = context.case
    if not reaches(case, Channel.SMS):
        return _unreachable(context, "no_channel" if case.debtor.phone else "no_phone")
    granted = ask_permit(context, Channel.SMS)
    if isinstance(granted, Refusal):
        return granted
    template = TEMPLATES[context.act.step]
    noted = case.with_step(context.record("performed"))
    item, event = communicate(
        noted, context.occasion, channel=Channel.SMS, template=template, permit=granted
    )
    letter = compose_letter(
        noted,
        context.facts.entries,
        context.client,
        context.sender,
        context.rules,
        Occurrence(template, context.today, Channel.SMS),
    )
    return Draft(noted, (), (replace(item, letter=_with_instalment(letter, context)),), (event,))


def _with_instalment(letter: Letter, context: StepContext) -> Letter:
    """On the due day of an instalment the sum to pay is what is open up to it, not the whole debt.

    Never more than is owed: parts that were paid, and credit since, are not asked for again.
    """
    plan, facts = context.case.plan, context.facts
    due = [i for i in plan.instalments if i.number == context.act.instalment] if plan else []
    if plan is None or not due:
        return letter
    asked = total((i.amount for i in plan.instalments if i.number <= due[0].number), facts.case.currency)
    amount = min(asked - covered_since(facts, plan.agreed_at), facts.balance.total)
    return replace(letter, payment=replace(letter.payment, amount=amount, pay_by=due[0].due_on))


def plan_call(context: StepContext) -> Draft | Refusal:
    """A task for a collector to phone; who answers, and what was agreed, is recorded by them."""
    case = context.case
    if not reaches(case, Channel.CALL):
        return _unreachable(context, "no_channel" if case.debtor.phone else "no_phone")
    granted = ask_permit(context, Channel.CALL)
    if isinstance(granted, Refusal):
        return granted
    noted = case.with_step(context.record("performed"))
    item, event = communicate(
        noted,
        context.occasion,
        channel=Channel.CALL,
        template="call_task",
        permit=granted,
        facts=call_script(context),
    )
    return Draft(noted, (), (item,), (event,))
