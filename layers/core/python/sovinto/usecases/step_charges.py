"""What a letter may cost the debtor: the fee of the step itself, and the one that a notice announces."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.law import fees
from sovinto.domain.law.kinds import FeeKind, LetterKind
from sovinto.domain.law.waits import SentLetter, earliest_on
from sovinto.domain.ledger import Entry, balance_of, debtor_account
from sovinto.domain.money import Money
from sovinto.domain.policy import PolicyStep
from sovinto.domain.posting import charge, interest_to
from sovinto.domain.reach import sent_letters
from sovinto.domain.standing_fees import standing_fees
from sovinto.domain.succession import NEW_DEBTOR
from sovinto.usecases.step_context import StepContext


def charges(context: StepContext, planned: PolicyStep) -> tuple[Entry, ...]:
    """Interest up to today and the step's fee, where the law gives one. Raises LawMissing."""
    case, facts, pack = context.case, context.facts, context.rules.pack
    accrued = interest_to(case, facts.entries, pack, context.occasion, until=context.today)
    if planned.fee is None or _was_charged(context, planned):
        return accrued
    sent = _sent(context)
    decision = _least(planned.fee, planned.letter, context, context.today, sent, facts.entries)
    if not decision.amount:
        return accrued
    fee = charge(
        case,
        context.occasion,
        claim_class=ClaimClass.FEE,
        kind="fee_charged",
        label=planned.fee.value,
        amount=decision.amount,
        value_on=context.today,
        explanation=decision.explanation,
    )
    return (*accrued, fee)


def _was_charged(context: StepContext, planned: PolicyStep) -> bool:
    """The letter goes to a new debtor of the same debt: its fee, which stands, is owed once."""
    before = {
        record.event_id
        for record in context.case.steps
        if record.step is planned.step and record.reason == NEW_DEBTOR and record.event_id is not None
    }
    fees_of = (
        event for fee in standing_fees(context.facts.entries) for event in (fee.event_id, fee.source)
    )
    return any(event in before for event in fees_of)


def announced_fee(context: StepContext, pay_by: date, entries: Sequence[Entry]) -> Money:
    """What the next letter with a fee will add when nothing is paid through `pay_by`; zero for none.

    Worked out for the first day on which the law lets that letter go, the letters before it sent;
    `entries` are the books with what the notice itself costs. Raises LawMissing.
    """
    case, steps = context.case, context.rules.policy.steps
    here = [item.step for item in steps].index(context.act.step)
    ahead = next((at for at in range(here + 1, len(steps)) if steps[at].fee is not None), None)
    if ahead is None or (fee := steps[ahead].fee) is None:
        return Money.zero(case.currency)
    following = steps[ahead]
    between = (item.letter for item in steps[here:ahead] if item.letter is not None)
    sent = (*_sent(context), *(SentLetter(kind, context.today) for kind in between))
    on = _first_day(following, context, pay_by, sent)
    return _least(fee, following.letter, context, on, sent, entries).amount


def _first_day(
    following: PolicyStep, context: StepContext, pay_by: date, sent: Sequence[SentLetter]
) -> date:
    after = pay_by + timedelta(days=1)
    if following.letter is None:
        return after
    lawful = earliest_on(
        context.rules.pack,
        kind=following.letter,
        debtor_type=context.case.debtor.debtor_type,
        due_on=context.case.due_on,
        sent=sent,
    )
    return max(after, lawful.on)


def _sent(context: StepContext) -> tuple[SentLetter, ...]:
    return sent_letters(context.case, context.rules)


def _least(
    kind: FeeKind,
    letter: LetterKind | None,
    context: StepContext,
    on: date,
    sent: Sequence[SentLetter],
    entries: Sequence[Entry],
) -> fees.FeeDecision:
    """The least that any claim of the case allows: each has its own due date and its own notice."""
    case = context.case
    owed = balance_of(case.case_id, case.currency, entries).principal
    decisions = [
        fees.fee_for(
            context.rules.pack,
            fees.FeeFacts(
                case.debtor.debtor_type,
                case.principal,
                is_vat_deductible=context.client.is_vat_deductible,
                outstanding=max(owed, Money.zero(case.currency)),
            ),
            kind=kind,
            on=on,
            charged=_charged(entries, context),
            letter=letter,
            due_on=claim.due_on,
            invoiced_on=claim.invoiced_on,
            sent=sent,
        )
        for claim in case.claims
    ]
    return min(decisions, key=lambda decision: decision.amount.minor)


def _charged(entries: Sequence[Entry], context: StepContext) -> tuple[fees.ChargedFee, ...]:
    """The fees that stand: one whose letter never left was reversed and does not count.

    Where a lump sum covered the fee of a letter that left, nothing was posted: it counts as zero, so
    that the sum of the fees is known when the next one is asked.
    """
    reversed_ids = {entry.reverses for entry in entries}
    account = debtor_account(context.case.case_id, ClaimClass.FEE)
    posted = tuple(
        fees.ChargedFee(
            FeeKind(entry.label), entry.value_on, entry.amount_on(account, context.case.currency)
        )
        for entry in entries
        if entry.kind == "fee_charged" and entry.entry_id not in reversed_ids
    )
    kinds = {fee.kind for fee in posted}
    return (*posted, *_absorbed(context, kinds)) if FeeKind.LUMP_SUM in kinds else posted


def _absorbed(context: StepContext, posted: Collection[FeeKind]) -> tuple[fees.ChargedFee, ...]:
    earned = {item.step: item.fee for item in context.rules.policy.steps if item.fee is not None}
    nothing = Money.zero(context.case.currency)
    return tuple(
        fees.ChargedFee(earned[record.step], record.on, nothing)
        for record in context.case.steps
        if record.outcome == "performed" and record.step in earned and earned[record.step] not in posted
    )
