"""Typical lives of a case, lived from the reviewed state machine and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache

from sovinto.domain.case import Case, Closure, Step
from sovinto.domain.plan import Plan

from tests.support.execution import Execution
from tests.support.firm_steps import attempt, say, under_v2
from tests.support.meter import MeteredTable
from tests.support.moves import agree, owed, pay
from tests.support.people import CLIENT
from tests.support.world import World

DAY = timedelta(days=1)


@dataclass
class Life:
    """One case with its driver. `days` and `closure` are known when it is over."""

    world: World
    driver: Execution
    table: MeteredTable

    @property
    def case(self) -> Case:
        return self.world.cases.load(self.driver.case_id)

    @property
    def counts(self) -> Counter[str]:
        return self.driver.counts + self.table.counts

    @property
    def closure(self) -> Closure | None:
        return self.case.closure

    @property
    def days(self) -> int:
        closed_at = self.case.closed_at
        return (closed_at - self.case.placed_at).days if closed_at is not None else 0

    def until(self, moment: datetime) -> None:
        """Wakes the case at every moment it asked for, up to this one; states may end before."""
        world, driver = self.world, self.driver
        driver.settle()
        while self.case.is_open:
            wake, rest = world.wakes.of(driver.case_id).wake_at, driver.rest
            is_over = rest is not None and rest.ends_at < wake
            following = rest.ends_at if rest is not None and is_over else wake
            if following > moment:
                break
            world.clock.at = max(following, world.clock.now())
            self.table.forget(world.clock.now())
            (driver.run_out if is_over else driver.wake)()
            driver.settle()
        world.clock.at = max(moment, world.clock.now())

    def act(self, what: Callable[[], object]) -> None:
        """Something from outside: one more call of a function that people or banks reach."""
        self.driver.counts["front_door"] += 1
        what()
        self.driver.settle()


def begun(place: Callable[[World], Case], *, longest_plan: int | None = None) -> Life:
    table = MeteredTable()
    world = World(table=table, client=replace(CLIENT, plan_max_instalments=longest_plan))
    table.counts.clear()
    case = place(world)
    life = Life(world, Execution(world, case.case_id), table)
    life.act(lambda: None)
    return life


def consumer(world: World) -> Case:
    return world.place(principal=180_000)


def paid_after_reminder() -> Life:
    life = begun(consumer)
    life.until(life.world.clock.now() + 6 * DAY)
    life.act(lambda: pay(life.world, life.case, owed(life.world, life.case)))
    return life


def full_ladder() -> Life:
    life = begun(consumer)
    life.until(life.world.clock.now() + 200 * DAY)
    return life


def published() -> Life:
    """A firm under the newer policy; the client and a person of the agency say yes, and it is published."""
    life = begun(under_v2)
    for _ in range(250):
        if not life.case.is_open:
            break
        life.until(life.world.clock.now() + DAY)
        if (asked := life.case.open_approval) is not None:
            life.act(lambda asked=asked: say(life.world, life.case, asked))  # type: ignore[misc]
        if life.case.performed(Step.ATTEMPT_CONTACT) is not None and not life.case.calls:
            life.act(lambda: attempt(life.world, life.case))
    return life


def plan_of(count: int, *, early: bool = False) -> Life:
    """Agreed ten days after placement; paid on each due day, or two days before."""
    life = begun(consumer, longest_plan=24)
    life.until(life.world.clock.now() + 10 * DAY)
    life.act(lambda: agree(life.world, life.case, count))
    plan = life.case.plan
    assert plan is not None
    for number, (on, minor) in enumerate(_payments(plan)):
        moment = datetime.combine(on, time(13), tzinfo=life.world.clock.now().tzinfo)
        life.until(moment - 2 * DAY if early else moment)
        life.act(lambda minor=minor, number=number: _pay(life, minor, number))  # type: ignore[misc]
    return life


def _payments(plan: Plan) -> Iterable[tuple[date, int]]:
    return ((i.due_on, i.amount.minor) for i in plan.instalments)


def _pay(life: Life, minor: int, number: int) -> None:
    pay(life.world, life.case, minor, name=f"pay_{number}")


LIVES: dict[str, Callable[[], Life]] = {
    "paid after the reminder": paid_after_reminder,
    "nobody pays: the full ladder to the end": full_ladder,
    "firm, newer policy: tratta with both approvals, published": published,
    "plan of 12 months, paid two days early": lambda: plan_of(12, early=True),
    "plan of 12 months, paid on the due day": lambda: plan_of(12),
    "plan of 18 months, paid two days early": lambda: plan_of(18, early=True),
    "plan of 18 months, paid on the due day": lambda: plan_of(18),
}


@cache
def lived(name: str) -> Life:
    return LIVES[name]()
