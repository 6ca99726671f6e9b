"""One transfer for several cases: the one way in which their sums add up to it, if there is just one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

from sovinto.domain.matching.facts import Candidate
from sovinto.domain.money import Money
from sovinto.ids import CaseId

MOST_CASES = 6
MOST_SUMS = 4
Shares = tuple[tuple[CaseId, Money], ...]


def ways(cases: Sequence[Candidate], amount: Money) -> list[Shares]:
    """Every way to give each of the cases one of its sums so that they add up; none for too many cases."""
    if not 0 < len(cases) <= MOST_CASES or not all(case.sums for case in cases):
        return []
    choices = [case.sums[:MOST_SUMS] for case in cases]
    return [
        tuple((case.case_id, sum_) for case, sum_ in zip(cases, chosen, strict=True))
        for chosen in product(*choices)
        if sum(sum_.minor for sum_ in chosen) == amount.minor
    ]


def the_way(cases: Sequence[Candidate], amount: Money) -> Shares | None:
    """None where there is no way or more than one."""
    found = ways(cases, amount)
    return found[0] if len(found) == 1 else None


def the_subset(fixed: Candidate, others: Sequence[Candidate], amount: Money) -> Shares | None:
    """`fixed` with some of the others, where just one choice of them adds up."""
    found = subsets(fixed, others, amount)
    return found[0] if len(found) == 1 else None


def subsets(fixed: Candidate, others: Sequence[Candidate], amount: Money) -> list[Shares]:
    """Every way in which `fixed` and one or more of the others add up; none for too many cases."""
    if len(others) >= MOST_CASES:
        return []
    return [
        way
        for count in range(1, len(others) + 1)
        for chosen in combinations(others, count)
        for way in ways((fixed, *chosen), amount)
    ]
