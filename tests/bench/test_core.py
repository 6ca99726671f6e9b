"""How fast the core is, as ratios beside a bare loop that multiplies and rounds (the floor)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

from sovinto.countries import load_calendar, load_pack, load_policy
from sovinto.domain.debt import debt_on
from sovinto.domain.debtor import DebtorType
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.money import Money
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


def floor(number: int) -> int:
    """Two half-years of interest: what no engine can do without."""
    principal = 10_000 + number
    first = (principal * 95 * 107 * 2 + 365_000) // (2 * 365_000)
    return first + (principal * 95 * 92 * 2 + 365_000) // (2 * 365_000)


def test_debt_at_a_date() -> None:
    pack, due_on = load_pack("FI"), date(2025, 3, 15)
    types = tuple(DebtorType)

    def debt(number: int) -> object:
        return debt_on(
            pack,
            debtor_type=types[number % 2],
            principal=Money(10_000 + number, "EUR"),
            due_on=due_on + timedelta(days=number % 90),
            on=date(2025, 9, 30),
        )

    bare, engine = per_second(floor), per_second(debt, CASES // 10)
    print(f"\ndebt at a date: {engine:,.0f} cases/s, {engine / bare:.4f} of the floor ({bare:,.0f}/s)")
    assert engine > 0


def test_decisions() -> None:
    world = World()
    case = world.place()
    rules = Rules(load_pack("FI"), load_policy("FI", DebtorType.CONSUMER), load_calendar("FI"))
    facts = Facts(case, world.cases.entries(case.case_id), (), world.clock.now())
    rate = per_second(lambda _: decide(facts, rules))
    print(f"\ndecide: {rate:,.0f} decisions/s")
    assert rate > 0
