"""When the law gives no fee at all: too many, too early, or without the notice it asks for."""

from __future__ import annotations

from datetime import date

from sovinto.domain.explanation import Explanation
from sovinto.domain.law.fee_facts import FeeDecision, FeeQuestion, tariff_row
from sovinto.domain.law.kinds import LetterKind
from sovinto.domain.law.model import explain, find_unless_ended
from sovinto.domain.law.rows import FeeCountRow, FeeRow
from sovinto.domain.law.waits import SentLetter, broken_invoice_notice, earliest_on
from sovinto.errors import LawMissing, RuleRefused


def refused_by_count(question: FeeQuestion) -> FeeDecision | None:
    """Zero when the claim carries as many such fees as it may, else None."""
    row = find_unless_ended(
        question.pack,
        FeeCountRow,
        debtor_type=question.debtor_type,
        on=question.on,
        what=f"how many of a {question.kind.value}",
        where=lambda row: question.kind in row.kinds,
    )
    if row is None:
        return None
    count = sum(fee.kind in row.kinds for fee in question.charged)
    if count < row.max_count:
        return None
    why = explain(row.citation, "charged < maximum", charged=count, maximum=row.max_count)
    reason = f"{count} of at most {row.max_count} such fees are charged already"
    return _nothing(question, why, reason)


def refused_by_wait(question: FeeQuestion, row: FeeRow, letter: LetterKind | None) -> FeeDecision | None:
    """Zero when the letter is too early or a milder one is missing, else None. Raises LawMissing."""
    if letter is None or question.due_on is None:
        return None
    try:
        earliest = earliest_on(
            question.pack,
            kind=letter,
            debtor_type=question.debtor_type,
            due_on=question.due_on,
            sent=_letters_behind(question),
        )
    except LawMissing:
        raise
    except RuleRefused as refused:
        return _nothing(question, explain(row.citation, "milder letter first"), refused.message)
    if question.on < earliest.on:
        return _nothing(question, earliest.explanation, f"no fee before {earliest.on.isoformat()}")
    return _refused_by_notice(question, letter, question.due_on)


def _refused_by_notice(question: FeeQuestion, letter: LetterKind, due_on: date) -> FeeDecision | None:
    if question.invoiced_on is None:
        return None
    broken = broken_invoice_notice(
        question.pack,
        kind=letter,
        debtor_type=question.debtor_type,
        on=question.on,
        invoiced_on=question.invoiced_on,
        due_on=due_on,
    )
    return None if broken is None else _nothing(question, broken, "the invoice left too little time to pay")


def _letters_behind(question: FeeQuestion) -> tuple[SentLetter, ...]:
    """The letters known to be sent, and those that the charged fees stand for.

    A kind that several letters can earn says nothing of which one left: those must be in `sent`.
    """
    rows = [
        (fee, tariff_row(question.pack, question.facts, fee.kind, fee.sender, fee.on))
        for fee in question.earned
    ]
    behind = tuple(
        SentLetter(next(iter(row.letters)), fee.on) for fee, row in rows if len(row.letters) == 1
    )
    return (*question.sent, *behind)


def _nothing(question: FeeQuestion, why: Explanation, reason: str) -> FeeDecision:
    return FeeDecision(question.nothing, why, reason)
