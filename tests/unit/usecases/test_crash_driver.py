"""The driver killed before and after every call, and heard again by a clock that is 90 seconds off.

`answer_state`, `wake_case` and `tick` are each lived in calm, then under every kill, and said again, as
the queue and the next tick do. Nothing is left different but when a driver was last heard of.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sovinto.adapters.dynamo import keys
from sovinto.domain.case import Case
from sovinto.domain.driving import Turn
from sovinto.usecases.drive_case import answer_state, decide_next

from tests.support.crash import Fused, Items, Killed, back_to, fused_world, moment_of
from tests.support.moves import owed, pay, take_back
from tests.support.race import RacingTable
from tests.support.world import World

Act = Callable[[], object]
Prepare = Callable[[Fused, Case], Act]
EFFECTS = {"transact", "start", "resume", "stop"}
SKEWS = [timedelta(0), timedelta(seconds=90), timedelta(seconds=-90)]
DEAF = timedelta(minutes=20)


def answering(world: World, case: Case, *, token: str = "token-1") -> Act:
    entered_at = world.clock.now()
    world.timeline.tokens.add(token)

    def act() -> object:
        return answer_state(
            case.case_id,
            Turn(token, 1, entered_at, is_old=False),
            cases=world.cases,
            wakes=world.wakes,
            timeline=world.timeline,
            clock=world.clock,
        )

    return act


def _rests(fused: Fused, case: Case) -> Act:
    fused.world.drive(case.case_id)
    return answering(fused.world, case)


def _goes_on(fused: Fused, case: Case) -> Act:
    return answering(fused.world, case)


def _ends(fused: Fused, case: Case) -> Act:
    world = fused.world
    pay(world, case, owed(world, case))
    world.drive(case.case_id)
    return answering(world, case)


def _sleeping(fused: Fused, case: Case, days: int) -> None:
    world = fused.world
    world.timeline.start(case.case_id, 1)
    _rests(fused, case)()
    world.clock.advance(days=days)


def _woken_in_time(fused: Fused, case: Case) -> Act:
    _sleeping(fused, case, 30)
    return lambda: fused.world.wake(case.case_id)


def _woken_too_early(fused: Fused, case: Case) -> Act:
    _sleeping(fused, case, 1)
    return lambda: fused.world.wake(case.case_id)


def _woken_at_the_end(fused: Fused, case: Case) -> Act:
    _sleeping(fused, case, 1)
    pay(fused.world, case, owed(fused.world, case))
    return lambda: fused.world.wake(case.case_id)


def _begun(fused: Fused, case: Case) -> Act:
    assert case.is_open
    fused.world.clock.advance(minutes=5)
    return fused.world.tick


def _due(fused: Fused, case: Case) -> Act:
    _sleeping(fused, case, 30)
    return fused.world.tick


def _died(fused: Fused, case: Case) -> Act:
    """Its execution is gone; the token leads nowhere."""
    _sleeping(fused, case, 30)
    fused.world.timeline.stop(case.case_id, 1)
    fused.world.timeline.tokens.clear()
    return fused.world.tick


def _deaf(fused: Fused, case: Case) -> Act:
    _sleeping(fused, case, 30)
    fused.world.tick()
    fused.world.clock.at += DEAF
    return fused.world.tick


SITUATIONS: dict[str, Prepare] = {
    "answer_state, rests": _rests,
    "answer_state, goes on": _goes_on,
    "answer_state, ends": _ends,
    "wake, in time": _woken_in_time,
    "wake, too early": _woken_too_early,
    "wake, at the end": _woken_at_the_end,
    "tick, first": _begun,
    "tick, due": _due,
    "tick, died": _died,
    "tick, deaf": _deaf,
}


def told(fused: Fused) -> tuple[object, ...]:
    """All that is left, but for the moment a driver was last heard of."""
    found = moment_of(fused)
    items: Items = {
        key: {name: value for name, value in item.items() if name != "driven_at"}
        if key[1] == keys.TIMELINE
        else item
        for key, item in found.items.items()
    }
    return items, found.running, found.tokens, found.answers


@pytest.mark.parametrize("skew", SKEWS, ids=["same clock", "late clock", "early clock"])
@pytest.mark.parametrize("name", SITUATIONS)
def test_killed_at_every_call_and_said_again_it_ends_the_same(name: str, skew: timedelta) -> None:
    fused = fused_world()
    act = SITUATIONS[name](fused, fused.world.place())
    clock, start = fused.world.clock, moment_of(fused)
    now, kills = clock.at, 0
    fused.fuse.set(None)
    act()
    calls = list(fused.fuse.calls)
    act()
    calm = told(fused)
    for number, call in enumerate(calls, start=1):
        for is_after in (False, True) if call in EFFECTS else (False,):
            back_to(fused, start)
            fused.fuse.set(number, is_after=is_after)
            with pytest.raises(Killed):
                act()
            fused.fuse.set(None)
            clock.at = now + skew
            act()
            clock.at = now
            act()
            assert told(fused) == calm, f"killed {'after' if is_after else 'before'} {number} ({call})"
            kills += 1
    assert kills >= 4


def test_a_case_opened_again_while_its_end_is_noted_is_not_lost() -> None:
    table = RacingTable()
    world = World(table=table)
    case = world.place()
    world.drive(case.case_id)
    pay(world, case, owed(world, case))
    table.before = [lambda: take_back(world, case, "pay_1")]
    found = decide_next(case.case_id, cases=world.cases, wakes=world.wakes, clock=world.clock)
    assert found.step != "done"
    assert [wake.case_id for wake in world.wakes.due(world.clock.now(), 10)] == [case.case_id]


def test_a_sleeper_opened_again_while_it_is_woken_for_its_end_is_driven_again() -> None:
    table = RacingTable()
    world = World(table=table)
    case = world.place()
    world.timeline.start(case.case_id, 1)
    world.drive(case.case_id)
    answering(world, case)()
    pay(world, case, owed(world, case))
    table.before = [lambda: take_back(world, case, "pay_1")]
    world.wake(case.case_id)
    world.timeline.stop(case.case_id, 1)
    world.clock.advance(days=1)
    assert world.tick() == {"started": 1}
