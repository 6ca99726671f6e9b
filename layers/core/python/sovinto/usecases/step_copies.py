"""Copies of a letter for those who owe the same debt: joint debtors and guarantors, each at home."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from sovinto.domain.case import Case, Step, StepRecord
from sovinto.domain.communication import Channel, Communication, Permit
from sovinto.domain.copies import PASSING
from sovinto.domain.debtor import CoDebtor, DebtorType, Liability
from sovinto.domain.event import Event
from sovinto.domain.law import waits
from sovinto.domain.letter import Letter
from sovinto.domain.parties import as_party, copy_facts, waiting_for
from sovinto.domain.policy import PolicyStep
from sovinto.domain.posting import Occasion
from sovinto.domain.reach import channel_for
from sovinto.domain.send_permit import Refusal, permit
from sovinto.errors import LawMissing
from sovinto.ids import EventId, derived
from sovinto.usecases.compose_letter import payment_details
from sovinto.usecases.step_context import Draft, StepContext, case_event, communicate

# A bill of exchange is drawn on the debtor alone: its letters are nobody else's.
_COPIED = (
    Step.SEND_REMINDER,
    Step.SEND_NOTICE,
    Step.SEND_DEMAND,
    Step.SEND_SECOND_DEMAND,
    Step.OFFER_PLAN,
)
_DEMANDS = (Step.SEND_DEMAND, Step.SEND_SECOND_DEMAND)


def with_copies(draft: Draft, context: StepContext) -> Draft:
    """The draft of a letter step with a copy for each co-debtor, planned in the same transaction.

    One ledger, so one fee: a copy repeats the lines of the debtor's letter. Each has a permit of its
    own, asked for the address, language and contacts of that person. Where none is given the letter
    still goes to the others, and event `copy.withheld` says which check failed. A copy that bounces
    leaves the step as it is. Raises nothing.
    """
    letter = next((item.letter for item in draft.communications if item.letter is not None), None)
    planned = context.rules.policy.step(context.act.step)
    if letter is None or planned is None or context.act.step not in _COPIED:
        return draft
    for party in _receivers(context):
        draft = with_copy(draft, party, letter, planned, context)
    return draft


def with_copy(
    draft: Draft,
    party: CoDebtor,
    letter: Letter,
    planned: PolicyStep,
    context: StepContext,
    of: StepRecord | None = None,
) -> Draft:
    """The draft with this person's copy; where time alone stands in its way, it waits in the case.

    `of` is the record of the debtor's letter, where that went before.
    """
    made, event = _copy(party, letter, planned, context, of)
    waits = isinstance(made, Refusal) and made.check in PASSING
    return replace(
        draft,
        case=waiting_for(draft.case, party.party_id, planned.step.value if waits else ""),
        communications=(
            draft.communications if isinstance(made, Refusal) else (*draft.communications, made)
        ),
        events=(*draft.events, event),
    )


def _receivers(context: StepContext) -> Iterator[CoDebtor]:
    """Joint debtors from the first letter on; guarantors once the debtor did not pay when reminded."""
    case = context.case
    is_demanded = context.act.step in _DEMANDS or any(case.performed(step) for step in _DEMANDS)
    for party in case.co_debtors:
        if not party.is_released and (party.liability is Liability.JOINT or is_demanded):
            yield party


def _copy(
    party: CoDebtor,
    letter: Letter,
    planned: PolicyStep,
    context: StepContext,
    of: StepRecord | None = None,
) -> tuple[Communication | Refusal, Event]:
    """The copy and the event that gets it sent, or why there is none and the event that says so."""
    occasion = Occasion(
        EventId(derived("evt", context.occasion.event_id, party.party_id)), context.facts.now
    )
    seen = as_party(context.case, party)
    granted = _permitted(seen, planned, occasion, context)
    if isinstance(granted, Refusal):
        data = {"party_id": party.party_id, "template": letter.template, "check": granted.check}
        return granted, case_event(seen, occasion, "copy.withheld", **data)
    channel, own = granted
    item, event = communicate(
        seen,
        occasion,
        channel=channel,
        template=letter.template,
        permit=own,
        letter=_addressed(letter, seen, channel, planned, context),
        facts=copy_facts(party, of or context.record("performed")),
    )
    # Without the change's id: a copy that bounces must not undo the debtor's own step and its fee.
    return replace(item, event_id=None), event


def _permitted(
    seen: Case, planned: PolicyStep, occasion: Occasion, context: StepContext
) -> tuple[Channel, Permit] | Refusal:
    """Missing law for this kind of person stops their copy, not the debtor's letter."""
    rules = context.rules
    try:
        channel = channel_for(planned, seen, rules, context.today)
        if channel is None:
            return Refusal("no_channel", "no lawful channel reaches this co-debtor")
        permit_id = derived("prm", occasion.event_id, planned.step.value)
        facts = replace(context.facts, case=seen)
        granted = permit(facts, rules, step=planned.step, channel=channel, permit_id=permit_id)
    except LawMissing as missing:
        return Refusal("law_missing", missing.message)
    return granted if isinstance(granted, Refusal) else (channel, granted)


def _addressed(
    letter: Letter, seen: Case, channel: Channel, planned: PolicyStep, context: StepContext
) -> Letter:
    """The debtor's letter to another person. Nobody gets less time to answer than the law gives them."""
    pay_by = max(letter.object_by, _answer_by(seen, channel, planned, context))
    return replace(
        letter,
        language=seen.debtor.language,
        debtor_name=seen.debtor.name,
        debtor_address=seen.debtor.address,
        is_consumer=seen.debtor.debtor_type is DebtorType.CONSUMER,
        payment=payment_details(seen, context.sender, letter.payment.amount, pay_by),
        object_by=pay_by,
    )


def _answer_by(seen: Case, channel: Channel, planned: PolicyStep, context: StepContext) -> date:
    """By the law of their kind of debtor; the debtor's own day where it has none for this letter."""
    if planned.letter is None:
        return context.today
    try:
        days, _ = waits.response_days(
            context.rules.pack,
            planned.letter,
            seen.debtor.debtor_type,
            on=context.today,
            channel=channel,
        )
    except LawMissing:
        return context.today
    return context.today + timedelta(days=days)
