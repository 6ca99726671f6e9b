"""A payment that goes back as a whole leaves the debt as if it had never come, to the cent, on any day."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.books import check_books
from tests.support.moves import owed, pay, take_back
from tests.support.world import World


@settings(max_examples=max(8, settings().max_examples // 10), deadline=None)
@given(
    principal=st.integers(1, 3_000_000),
    lived=st.integers(0, 40),
    percent=st.integers(1, 140),
    days_ago=st.integers(0, 40),
    gap=st.integers(0, 150),
    later=st.lists(st.integers(0, 40), min_size=1, max_size=3),
    cuts=st.lists(st.integers(1, 99), max_size=3),
)
def test_paid_and_reversed_is_never_paid(
    principal: int,
    lived: int,
    percent: int,
    days_ago: int,
    gap: int,
    later: list[int],
    cuts: list[int],
) -> None:
    world, never = World(), World()
    case, other = world.place(principal=principal), never.place(principal=principal)
    for one, placed in ((world, case), (never, other)):
        one.live(placed.case_id, lived)
        one.clock.advance(hours=1)
    minor = max(1, owed(world, case) * percent // 100)
    pay(world, case, minor, on=world.clock.now().date() - timedelta(days=days_ago))
    world.clock.advance(days=gap)
    never.clock.advance(days=gap)
    left = minor
    for number, cut in enumerate(cuts):
        part = left * cut // 100
        if part:
            take_back(world, case, "pay_1", part, name=f"part_{number}")
            left -= part
            world.clock.advance(hours=1)
    take_back(world, case, "pay_1")
    check_books(world.cases.entries(case.case_id))
    assert world.cases.load(case.case_id).closure is None
    for days in later:
        world.clock.advance(days=days)
        never.clock.advance(days=days)
        assert owed(world, case) == owed(never, other)
