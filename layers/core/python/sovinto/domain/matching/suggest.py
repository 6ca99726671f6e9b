"""Ranked guesses for a person, each with its reasons in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from sovinto.domain.matching.facts import Candidate, Picture
from sovinto.domain.matching.names import is_like
from sovinto.domain.matching.verdict import Suggestion
from sovinto.domain.money import Money

MOST = 5
LARGEST_BANK_FEE = 4_000
"""Minor units: what banks on the way take off a transfer from abroad, at most."""


def suggestions(seen: Picture) -> tuple[Suggestion, ...]:
    """The likeliest first; of equal ones the oldest case."""
    rated = [_rated(seen, case) for case in seen.cases]
    likely = sorted(
        (item for item in rated if item.score > 0), key=lambda item: (-item.score, item.case_id)
    )
    return tuple(likely[:MOST])


def _rated(seen: Picture, case: Candidate) -> Suggestion:
    found = [*_by_words(seen, case), *_by_payer(seen, case), *_by_sum(seen.line.amount, case)]
    if not case.is_open:
        found.append((-20, "the case is closed"))
    amount = min(seen.line.amount, case.owed) if case.owed.minor > 0 else seen.line.amount
    score = sum(points for points, _ in found)
    return Suggestion(case.case_id, amount, score, tuple(reason for _, reason in found))


def _by_words(seen: Picture, case: Candidate) -> Iterator[tuple[int, str]]:
    if case in seen.named:
        yield 60, "the reference names this case"
    elif case in seen.near:
        yield 45, "its reference is one slip away from what is written"
    if seen.invoiced([case]):
        yield 25, "the text has its invoice number"


def _by_payer(seen: Picture, case: Candidate) -> Iterator[tuple[int, str]]:
    if case in seen.by_name:
        yield 25, "the payer has the debtor's name"
    elif any(is_like(seen.payer_key, name) for name in case.names):
        yield 10, "the payer's name is like the debtor's"
    if seen.has_paid(case):
        yield 25, "the payer's account paid it before"


def _by_sum(amount: Money, case: Candidate) -> Iterator[tuple[int, str]]:
    if amount in case.asked:
        yield 30, "a letter asked for this sum"
    elif amount == case.owed:
        yield 30, "this is what is owed"
    elif any(0 < asked.minor - amount.minor <= LARGEST_BANK_FEE for asked in case.sums):
        yield 8, "the sum is a little less than asked, as after a bank's fee"
