"""What one letter, plan or extension may cost the debtor: never above a cap, never twice too often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sovinto.domain.explanation import Explanation
from sovinto.domain.law.fee_caps import cap_for, lump_sum_for, lump_sum_row
from sovinto.domain.law.fee_facts import (
    ChargedFee,
    FeeDecision,
    FeeFacts,
    FeeQuestion,
    charged_of,
    tariff_row,
    worked_fee,
)
from sovinto.domain.law.fee_limits import refused_by_count, refused_by_wait
from sovinto.domain.law.figures import figure_text
from sovinto.domain.law.kinds import FeeKind, LetterKind, Sender
from sovinto.domain.law.model import Pack, explain, least_certain
from sovinto.domain.law.rows import Citation, FeeRow
from sovinto.domain.law.waits import SentLetter
from sovinto.domain.money import Money, total
from sovinto.errors import InvalidInput

__all__ = ["ChargedFee", "FeeDecision", "FeeFacts", "cap_for", "fee_for", "lump_sum_for"]


def fee_for(
    pack: Pack,
    facts: FeeFacts,
    *,
    kind: FeeKind,
    on: date,
    charged: Sequence[ChargedFee],
    letter: LetterKind | None = None,
    sender: Sender = Sender.AGENCY,
    due_on: date | None = None,
    invoiced_on: date | None = None,
    sent: Sequence[SentLetter] = (),
) -> FeeDecision:
    """The most that `kind` may cost on that day, zero with a reason when the law gives none.

    `facts` are the claim's, `charged` all fees it carries, `letter` what would earn the fee where
    several could. Where `due_on` is given the waiting times are checked too, against `sent` and the
    letters behind the charged fees; `invoiced_on` adds the notice the invoice must have given.
    Raises LawMissing when no tariff covers the day and InvalidInput for a negative principal.
    """
    if facts.principal.minor < 0:
        raise InvalidInput("principal must not be negative; leave out what is over.", field="principal")
    if kind is FeeKind.LUMP_SUM:
        return lump_sum_for(pack, facts, due_on=due_on, on=on, charged=charged)
    question = FeeQuestion(
        pack=pack,
        kind=kind,
        facts=facts,
        sender=sender,
        on=on,
        charged=tuple(charged),
        due_on=due_on,
        invoiced_on=invoiced_on,
        sent=tuple(sent),
    )
    row = tariff_row(pack, facts, kind, sender, on)
    earning = letter or next(iter(sorted(row.letters)), None)
    return refused_by_count(question) or refused_by_wait(question, row, earning) or _limited(question, row)


def _limited(question: FeeQuestion, row: FeeRow) -> FeeDecision:
    """The tariff, less what it includes, cut to what the lump sum and the total cap leave."""
    decision = _by_tariff(question, row)
    if not decision.amount:
        return decision
    return _within_cap(question, _beyond_lump_sum(question, row, decision))


def _by_tariff(question: FeeQuestion, row: FeeRow) -> FeeDecision:
    worked = worked_fee(question.pack, question.facts, row, question.on, question.sender)
    included = charged_of(question.charged, row.includes, question.pack.currency)
    amount = max(worked.amount - included, question.nothing)
    inputs = dict(worked.inputs) | {"tariff": worked.amount.decimal()}
    formula = worked.formula
    if row.includes:
        inputs["charged_before"] = included.decimal()
        formula += " - what it includes"
    why = replace(
        explain(row.citation, formula, unrounded=figure_text(worked.exact), **inputs),
        certainty=least_certain((row.citation, *worked.rules)),
    )
    reason = "" if amount else row.citation.note or "no fee"
    return FeeDecision(amount, why, reason, (row.citation, *worked.rules))


def _within_cap(question: FeeQuestion, decision: FeeDecision) -> FeeDecision:
    cap = cap_for(question.pack, question.facts, on=question.on, sender=question.sender)
    if cap is None:
        return decision
    counted = question.charged_total if _lump_is_offset(question) else _total_of(question.earned, question)
    left = max(cap.amount - counted, question.nothing)
    if left >= decision.amount:
        return decision
    reason = f"all fees together may come to {cap.amount.decimal()}"
    return FeeDecision(left, cap.explanation, reason, (*decision.rules, *cap.rules))


def _beyond_lump_sum(question: FeeQuestion, row: FeeRow, decision: FeeDecision) -> FeeDecision:
    """The part of a fee that a lump sum charged before does not cover yet.

    All in all the debtor owes the larger of the lump sum and the fees, so what this fee adds is
    that larger sum less what is charged.
    """
    lump = charged_of(question.charged, frozenset({FeeKind.LUMP_SUM}), question.pack.currency)
    citation = _offsetting_rule(question)
    if not lump or citation is None:
        return decision
    owed = max(lump, _tariffs_with(question, row))
    beyond = min(decision.amount, max(owed - question.charged_total, question.nothing))
    if beyond == decision.amount:
        return decision
    why: Explanation = replace(
        explain(citation, "fees beyond the lump sum"), inputs=decision.explanation.inputs
    )
    reason = "the lump sum charged before is counted against it"
    return FeeDecision(beyond, why, reason, (*decision.rules, citation))


def _tariffs_with(question: FeeQuestion, row: FeeRow) -> Money:
    """What this fee and those charged before come to in full, each included one counted once."""
    rows = [
        (fee, tariff_row(question.pack, question.facts, fee.kind, fee.sender, fee.on))
        for fee in question.earned
    ]
    included = row.includes.union(*(earlier.includes for _, earlier in rows))
    standing = [
        worked_fee(question.pack, question.facts, earlier, fee.on, fee.sender).amount
        for fee, earlier in rows
        if fee.kind not in included
    ]
    whole = worked_fee(question.pack, question.facts, row, question.on, question.sender).amount
    return total([*standing, whole], question.pack.currency)


def _offsetting_rule(question: FeeQuestion) -> Citation | None:
    row = lump_sum_row(question.pack, question.facts, question.due_on or _delay_of_lump(question))
    return row.citation if row is not None and row.offsets else None


def _delay_of_lump(question: FeeQuestion) -> date:
    """Where no due date is given: a lump sum is owed from the first day of delay."""
    days = [fee.on for fee in question.charged if fee.kind is FeeKind.LUMP_SUM]
    return min(days, default=question.on) - timedelta(days=1)


def _lump_is_offset(question: FeeQuestion) -> bool:
    return _offsetting_rule(question) is not None


def _total_of(fees: Sequence[ChargedFee], question: FeeQuestion) -> Money:
    return total((fee.amount for fee in fees), question.pack.currency)
