"""How fast decisions are taken over cases in every state, beside a floor that reads the same facts."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from sovinto.domain.facts import Facts, Rules
from sovinto.domain.timeline import Act, Done, Wait, decide
from sovinto.usecases.case_file import facts_of

from tests.support.situations import NAMES, STACKS, situation

ROUNDS = 20
Looked = tuple[Facts, Rules]


def mixed() -> list[Looked]:
    """One case of every situation: holds, disputes, plans, promises, approvals, each step that is due."""
    found = [situation(name) for name in (*NAMES, *STACKS)]
    return [facts_of(item.case_id, item.world.cases, item.world.clock.now()) for item in found]


def floor(facts: Facts, rules: Rules) -> bool:
    """A function call that reads what every decision reads, and decides nothing."""
    case = facts.case
    is_still = case.closure is not None or case.is_disputed or bool(case.active_holds)
    return is_still or facts.balance.total.minor <= 0 or facts.now >= rules.morning(case.due_on)


def per_second(work: Callable[[Facts, Rules], object], cases: Sequence[Looked]) -> float:
    """The best of three, so that a busy machine tells less of itself."""
    best = 0.0
    for _ in range(3):
        begun = time.perf_counter()
        for _ in range(ROUNDS):
            for facts, rules in cases:
                work(facts, rules)
        best = max(best, ROUNDS * len(cases) / (time.perf_counter() - begun))
    return best


def test_decisions_of_every_kind() -> None:
    cases = mixed()
    kinds = {type(decide(facts, rules)) for facts, rules in cases}
    rate, least = per_second(decide, cases), per_second(floor, cases)
    print(f"\ndecide, {len(cases)} situations: {rate:,.0f}/s; reading the facts alone: {least:,.0f}/s")
    assert kinds == {Act, Wait, Done}
    assert 0 < rate < least
