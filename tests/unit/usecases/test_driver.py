"""The driver: the due index is the truth, an execution only follows it; nothing is lost if one dies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import pytest
from sovinto.domain.case import Case, Step
from sovinto.domain.driving import NextStep, Turn
from sovinto.errors import NotFound, StaleVersion
from sovinto.ids import CaseId
from sovinto.usecases import drive_case
from sovinto.usecases.drive_case import answer_state, continue_as_new, decide_next, tick

from tests.support.firm_steps import under_v2
from tests.support.lawless import world_before_its_law_ends
from tests.support.moves import object_to, owed, pay
from tests.support.outside import MemoryTimeline
from tests.support.race import RacingTable
from tests.support.world import World


@dataclass
class Driver:
    """What Step Functions does with one case."""

    world: World = field(default_factory=World)
    token: str = "token-1"
    known: Case | None = None
    is_old: bool = False

    def __post_init__(self) -> None:
        self.case = self.known or self.world.place()

    def park(self, execution: int = 1) -> bool:
        self.world.timeline.tokens.add(self.token)
        return self.answer(execution).step == "wait"

    def answer(self, execution: int = 1, *, entered_at: datetime | None = None) -> NextStep:
        world = self.world
        return answer_state(
            self.case.case_id,
            Turn(self.token, execution, entered_at or world.clock.now(), self.is_old),
            cases=world.cases,
            wakes=world.wakes,
            timeline=world.timeline,
            clock=world.clock,
        )

    def wake(self) -> str:
        return self.world.wake(self.case.case_id)


def test_the_first_tick_starts_the_case_and_the_second_leaves_it_alone() -> None:
    driver = Driver()
    assert driver.world.tick() == {"started": 1}
    assert driver.world.tick() == {"running": 1}
    assert driver.world.timeline.is_running(driver.case.case_id, 1)


def test_a_parked_case_sleeps_until_its_day() -> None:
    driver = Driver()
    driver.world.drive(driver.case.case_id)
    assert driver.park()
    assert driver.world.tick() == {}
    driver.world.clock.advance(days=7)
    assert driver.world.tick() == {"resumed": 1}
    assert driver.world.timeline.resumed == ["token-1"]


def test_a_case_with_something_to_do_is_not_parked() -> None:
    driver = Driver()
    assert not driver.park()
    assert driver.world.timeline.resumed == ["token-1"]


def test_something_that_happens_while_parking_is_looked_at_at_once() -> None:
    table = RacingTable()
    driver = Driver(World(table=table))
    world, case = driver.world, driver.case
    world.drive(case.case_id)
    table.before = [lambda: pay(world, case, owed(world, case))]
    assert not driver.park()
    assert world.timeline.answers["token-1"].step == "done"


def test_what_happens_while_parking_and_changes_nothing_moves_the_day_only() -> None:
    table = RacingTable()
    driver = Driver(World(table=table))
    world, case = driver.world, driver.case
    world.drive(case.case_id)
    table.before = [lambda: object_to(world, case)]
    assert driver.park()
    assert world.timeline.resumed == []
    assert world.wakes.of(case.case_id).wake_at > world.clock.now()


def test_a_case_that_never_stands_still_is_given_back_to_the_queue() -> None:
    table = RacingTable()
    driver = Driver(World(table=table))
    world, case = driver.world, driver.case
    world.drive(case.case_id)
    numbers = count()

    def somebody_pays() -> None:
        pay(world, case, 10, name=f"pay_{next(numbers)}")
        table.before.append(somebody_pays)

    table.before = [somebody_pays]
    with pytest.raises(StaleVersion):
        driver.park()


def test_an_old_execution_hands_over_instead_of_resting() -> None:
    driver = Driver(is_old=True)
    driver.world.drive(driver.case.case_id)
    assert not driver.park()
    assert driver.world.timeline.answers["token-1"].step == "continue_as_new"


def test_a_message_that_comes_again_after_a_later_state_took_over_changes_nothing() -> None:
    driver = Driver()
    world, case_id = driver.world, driver.case.case_id
    begun = world.clock.now()
    world.drive(case_id)
    world.clock.advance(minutes=1)
    driver.token = "token-2"
    driver.park()
    driver.token = "token-1"
    assert driver.answer(entered_at=begun).step == "left"
    assert world.wakes.of(case_id).token == "token-2"


def test_the_same_message_twice_is_one_rest() -> None:
    driver = Driver()
    driver.world.drive(driver.case.case_id)
    assert driver.park()
    assert driver.park()
    assert driver.world.wakes.of(driver.case.case_id).token == "token-1"


@pytest.mark.parametrize("event", ["payment", "objection", "part"])
def test_an_event_makes_a_parked_case_due_now(event: str) -> None:
    """It is woken only where there is something to do; else its day alone moves."""
    driver = Driver()
    world, case = driver.world, driver.case
    world.drive(case.case_id)
    driver.park()
    happen: dict[str, Callable[[], object]] = {
        "payment": lambda: pay(world, case, owed(world, case)),
        "objection": lambda: object_to(world, case),
        "part": lambda: pay(world, case, 10),
    }
    happen[event]()
    assert [wake.case_id for wake in world.wakes.due(world.clock.now(), 5)] == [case.case_id]
    assert driver.wake() == ("resumed" if event == "payment" else "asleep")
    assert world.wakes.due(world.clock.now(), 5) == ()


def test_a_storm_of_events_moves_nothing_and_the_day_still_comes() -> None:
    driver = Driver()
    world, case = driver.world, driver.case
    world.drive(case.case_id)
    driver.park()
    for number in range(50):
        pay(world, case, 1, name=f"pay_{number}")
        assert {driver.wake(), driver.wake()} == {"asleep"}
    assert world.timeline.resumed == []
    world.clock.advance(days=7)
    assert driver.wake() == "resumed"
    assert world.timeline.answers["token-1"].step == "remind_by_sms"


def test_two_who_wake_at_once_wake_once() -> None:
    """The second finds the token used and the driver on its way."""
    driver = Driver(World(timeline=TwinTimeline()))
    world, case_id = driver.world, driver.case.case_id
    world.tick()
    world.drive(case_id)
    driver.park()
    world.clock.advance(days=7)
    assert isinstance(world.timeline, TwinTimeline)
    world.timeline.twin = driver.wake
    assert driver.wake() == "running"
    assert world.timeline.resumed == ["token-1"]
    assert world.timeline.running == {(case_id, 1)}


def test_a_closed_case_starts_no_driver() -> None:
    driver = Driver()
    pay(driver.world, driver.case, owed(driver.world, driver.case))
    assert driver.wake() == "done"
    assert driver.world.timeline.running == set()


def test_what_is_parked_while_somebody_wakes_it_keeps_its_own_day() -> None:
    table = RacingTable()
    driver = Driver(World(table=table))
    world, case = driver.world, driver.case
    world.drive(case.case_id)
    driver.park()
    driver.token = "token-2"
    table.before = [driver.park]
    assert driver.wake() == "asleep"
    assert world.wakes.of(case.case_id).token == "token-2"


def test_missing_law_wakes_the_driver_which_tells_of_it() -> None:
    world, case = world_before_its_law_ends()
    driver = Driver(world, known=case)
    now = world.clock.now()
    assert world.wakes.park(case.case_id, Turn("token-1", 1, now), version=case.version, wake_at=now)
    world.timeline.tokens.add("token-1")
    world.clock.advance(days=40)
    assert driver.wake() == "resumed"
    assert world.timeline.answers["token-1"].step == "wait"
    assert world.timeline.answers["token-1"].reason.startswith("law_missing: ")


def test_a_driver_that_died_is_replaced() -> None:
    driver = Driver()
    driver.world.tick()
    driver.world.timeline.running.clear()
    assert driver.wake() == "started"
    assert driver.world.wakes.of(driver.case.case_id).execution == 2


def test_a_driver_that_hears_nothing_any_more_is_replaced() -> None:
    """It runs, but the call that should have handed over its token was lost."""
    driver = Driver()
    driver.world.tick()
    driver.world.clock.advance(minutes=14)
    assert driver.wake() == "running"
    driver.world.clock.advance(minutes=1)
    assert driver.wake() == "replaced"
    assert driver.world.timeline.running == {(driver.case.case_id, 2)}


def test_a_token_that_is_gone_does_not_stop_the_case() -> None:
    driver = Driver()
    driver.world.drive(driver.case.case_id)
    driver.park()
    driver.world.timeline.tokens.clear()
    driver.world.clock.advance(days=7)
    assert driver.world.tick() == {"started": 1}


def test_a_fresh_execution_takes_over() -> None:
    driver = Driver()
    driver.world.tick()
    continue_as_new(
        driver.case.case_id,
        2,
        wakes=driver.world.wakes,
        timeline=driver.world.timeline,
        real_now=driver.world.clock.now(),
    )
    assert driver.world.wakes.of(driver.case.case_id).execution == 2
    assert driver.wake() == "running"


class StartingTimeline(MemoryTimeline):
    """The fresh execution runs at once, before the one that started it goes on."""

    def start(self, case_id: CaseId, execution: int) -> None:
        super().start(case_id, execution)
        self.at_start()

    at_start: Callable[[], object] = staticmethod(lambda: None)


def test_a_case_that_parks_while_its_driver_hands_over_keeps_its_token() -> None:
    timeline = StartingTimeline()
    driver = Driver(World(timeline=timeline))
    world, case_id = driver.world, driver.case.case_id
    world.drive(case_id)
    world.clock.advance(seconds=1)
    timeline.at_start = lambda: driver.park(execution=2)
    continue_as_new(case_id, 2, wakes=world.wakes, timeline=timeline, real_now=world.clock.now())
    wake = world.wakes.of(case_id)
    assert (wake.token, wake.execution) == (driver.token, 2)
    assert driver.wake() == "asleep"


def test_a_hand_over_that_is_told_again_leaves_the_fresh_execution_its_token() -> None:
    driver = Driver()
    world, case_id = driver.world, driver.case.case_id
    world.drive(case_id)

    def hand_over() -> None:
        continue_as_new(case_id, 2, wakes=world.wakes, timeline=world.timeline, real_now=world.clock.now())

    hand_over()
    assert driver.park(execution=2)
    hand_over()
    assert world.wakes.of(case_id).token == driver.token
    pay(world, driver.case, owed(world, driver.case))
    assert driver.wake() == "resumed"


class TwinTimeline(MemoryTimeline):
    """Somebody else uses the token first."""

    twin: Callable[[], object] | None = None

    def resume(self, token: str, found: NextStep) -> bool:
        if (twin := self.twin) is not None:
            self.twin = None
            twin()
        return super().resume(token, found)


class PartlyDown(MemoryTimeline):
    """Step Functions refuses one case."""

    refused: str = ""

    def start(self, case_id: CaseId, execution: int) -> None:
        if case_id == self.refused:
            raise RuntimeError("throttled")
        super().start(case_id, execution)


def test_a_case_that_cannot_be_woken_does_not_stop_the_others() -> None:
    timeline = PartlyDown()
    world = World(timeline=timeline)
    first, second = (world.place(reference=name) for name in ("A-1", "A-2"))
    timeline.refused = first.case_id
    told: list[str] = []
    done = tick(world.driver, tell=lambda case_id, error: told.append(f"{case_id}: {error}"))
    assert done == {"failed": 1, "started": 1}
    assert told == [f"{first.case_id}: throttled"]
    assert timeline.is_running(second.case_id, 1)


def test_a_finished_case_leaves_the_index() -> None:
    driver = Driver()
    world, case = driver.world, driver.case
    pay(world, case, owed(world, case))
    found = decide_next(case.case_id, cases=world.cases, wakes=world.wakes, clock=world.clock)
    assert (found.step, found.reason) == ("done", "paid")
    world.clock.advance(days=400)
    assert world.tick() == {}


def test_without_law_a_case_is_looked_at_again_tomorrow() -> None:
    world, case = world_before_its_law_ends()
    driver = Driver(world, known=case)
    world.clock.advance(days=40)
    assert driver.park()
    (wake,) = driver.world.wakes.due(driver.world.clock.now().replace(year=2200), 5)
    assert (wake.wake_at - driver.world.clock.now()).days <= 1


def test_an_unknown_case_is_not_found() -> None:
    world = World()
    with pytest.raises(NotFound):
        decide_next(CaseId("case_none"), cases=world.cases, wakes=world.wakes, clock=world.clock)
    with pytest.raises(NotFound):
        world.perform(CaseId("case_none"), Step.EVALUATE)


def test_the_answer_carries_the_version_it_was_decided_on() -> None:
    driver = Driver()
    case: Case = driver.case
    world = driver.world
    found = decide_next(case.case_id, cases=world.cases, wakes=world.wakes, clock=world.clock)
    assert (found.step, found.version, found.reason) == ("send_reminder", 1, "due")


class AlwaysDownFor(MemoryTimeline):
    """Step Functions refuses a set of cases."""

    refused: frozenset[str] = frozenset()

    def start(self, case_id: CaseId, execution: int) -> None:
        if case_id in self.refused:
            raise RuntimeError("throttled")
        super().start(case_id, execution)


def test_many_that_cannot_be_woken_do_not_starve_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drive_case, "TICK_LIMIT", 3)
    timeline = AlwaysDownFor()
    world = World(timeline=timeline)
    made = [world.place(reference=f"A-{number}").case_id for number in range(5)]
    due = [wake.case_id for wake in world.wakes.due(world.clock.now(), 5)]
    timeline.refused = frozenset(due[:3])
    told: list[str] = []
    done = tick(world.driver, tell=lambda case_id, _: told.append(case_id))
    assert done == {"failed": 3, "started": 2}
    assert told == due[:3]
    assert {case_id for case_id, _ in timeline.running} == set(made) - set(told)


def test_while_the_debtor_pays_the_case_sleeps_until_a_month_after_the_last_payment() -> None:
    world = World()
    case = under_v2(world)
    for month in range(4):
        world.live(case.case_id, 25)
        pay(world, case, 5_000, name=f"pay_{month}")
    paid_at = world.clock.now()
    found = decide_next(case.case_id, cases=world.cases, wakes=world.wakes, clock=world.clock)
    assert (found.reason, found.until) == ("keeps_paying", paid_at + timedelta(days=30))
