"""The driver: the due index is the truth, an execution only follows it; nothing is lost if one dies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sovinto.domain.case import Case, Step
from sovinto.errors import NotFound
from sovinto.ids import CaseId
from sovinto.usecases import drive_case
from sovinto.usecases.drive_case import continue_as_new, decide_next, park_case, tick, wake_case

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

    def __post_init__(self) -> None:
        self.case = self.known or self.world.place()

    def park(self, execution: int = 1) -> bool:
        self.world.timeline.tokens.add(self.token)
        return park_case(
            self.case.case_id,
            token=self.token,
            execution=execution,
            cases=self.world.cases,
            wakes=self.world.wakes,
            timeline=self.world.timeline,
            clock=self.world.clock,
        )

    def wake(self) -> str:
        return wake_case(
            self.case.case_id,
            wakes=self.world.wakes,
            timeline=self.world.timeline,
            real_now=self.world.clock.now(),
        )


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


def test_something_that_happens_while_parking_wakes_at_once() -> None:
    table = RacingTable()
    driver = Driver(World(table=table))
    driver.world.drive(driver.case.case_id)
    table.before = [lambda: object_to(driver.world, driver.case)]
    assert not driver.park()
    assert driver.world.timeline.resumed == ["token-1"]


@pytest.mark.parametrize("event", ["payment", "objection"])
def test_an_event_makes_a_parked_case_due_now(event: str) -> None:
    driver = Driver()
    world, case = driver.world, driver.case
    world.drive(case.case_id)
    driver.park()
    if event == "payment":
        pay(world, case, owed(world, case))
    else:
        object_to(world, case)
    assert driver.wake() == "resumed"


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
    timeline.at_start = lambda: driver.park(execution=2)
    continue_as_new(case_id, 2, wakes=world.wakes, timeline=timeline, real_now=world.clock.now())
    wake = world.wakes.of(case_id)
    assert (wake.token, wake.execution) == (driver.token, 2)
    assert driver.wake() == "resumed"


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
    done = tick(
        wakes=world.wakes,
        timeline=timeline,
        clock=world.clock,
        real_now=world.clock.now(),
        tell=lambda case_id, error: told.append(f"{case_id}: {error}"),
    )
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
    done = tick(
        wakes=world.wakes,
        timeline=timeline,
        clock=world.clock,
        real_now=world.clock.now(),
        tell=lambda case_id, _: told.append(case_id),
    )
    assert done == {"failed": 3, "started": 2}
    assert told == due[:3]
    assert {case_id for case_id, _ in timeline.running} == set(made) - set(told)
