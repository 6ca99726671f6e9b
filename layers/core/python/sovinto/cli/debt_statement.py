"""The debt as a statement that people read: each amount with its reason and its statute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sovinto.domain.debt import DatedFee, Debt
from sovinto.domain.law.fees import FeeFacts
from sovinto.domain.law.kinds import FeeKind
from sovinto.domain.money import Money

WIDTH = 14


def statement(debt: Debt, facts: FeeFacts, *, country: str, due_on: date) -> list[str]:
    """The lines of the statement, amounts in front."""
    return [
        f"What a {facts.debtor_type.value} debtor in {country} owes on {debt.on}, "
        "had every letter left on its first lawful day",
        "",
        _line(debt.principal, f"principal, due {due_on}"),
        *_interest(debt),
        *(_fee(fee, debt) for fee in sorted(debt.fees, key=lambda fee: fee.on)),
        _line(debt.total, f"{debt.principal.currency} in all"),
        "",
        *_notes(debt, due_on),
    ]


def _line(amount: Money, words: str) -> str:
    return f"{amount.decimal():>{WIDTH}}  {words}"


def _interest(debt: Debt) -> Iterator[str]:
    for segment in debt.interest.segments:
        span = f"{segment.from_on} to {segment.to_on}, {segment.days} days at {segment.rate} %"
        yield _line(segment.amount, f"interest, {span} ({segment.explanation.statute})")


def _fee(fee: DatedFee, debt: Debt) -> str:
    words = f"{fee.kind.value.replace('_', ' ')}, from {fee.on} ({fee.decision.explanation.statute})"
    reasons = [fee.decision.reason] if fee.decision.reason else []
    if fee.absorbed:
        other = "the fees" if fee.kind is FeeKind.LUMP_SUM else "the lump sum"
        reasons.append(f"{fee.absorbed.decimal()} {debt.principal.currency} is absorbed by {other}")
    return _line(fee.amount, ": ".join([words, "; ".join(reasons)] if reasons else [words]))


def _notes(debt: Debt, due_on: date) -> Iterator[str]:
    if not debt.interest.segments and due_on < debt.on:
        yield "The law gives no interest here; a contract may."
    if debt.cap is None:
        yield "The law names no total for the fees."
    else:
        cited = debt.cap_rules[0].statute
        yield f"Fees may come to {debt.cap.decimal()} {debt.cap.currency} in all ({cited})."
    if debt.unconfirmed:
        yield f"Assumed, and signed off by no lawyer: {', '.join(debt.unconfirmed)}."
    yield "A calculation, not legal advice."
