"""How fast a decision is taken."""

from __future__ import annotations

import time
from collections.abc import Callable

from sovinto.countries import load_calendar, load_pack, load_policy
from sovinto.domain.debtor import DebtorType
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.timeline import decide

from tests.support.world import World

CASES = 5_000


def per_second(work: Callable[[int], object], count: int = CASES) -> float:
    """The best of three rounds, so that a busy machine tells less of itself."""
    best = 0.0
    for _ in range(3):
        begun = time.perf_counter()
        for number in range(count):
            work(number)
        best = max(best, count / (time.perf_counter() - begun))
    return best


def test_decisions() -> None:
    world = World()
    case = world.place()
    rules = Rules(load_pack("FI"), load_policy("FI", DebtorType.CONSUMER), load_calendar("FI"))
    facts = Facts(case, world.cases.entries(case.case_id), (), world.clock.now())
    rate = per_second(lambda _: decide(facts, rules))
    print(f"\ndecide: {rate:,.0f} decisions/s")
    assert rate > 0
