"""Held files of any size have a way out: few requests to look at one, and few reasons on its row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sovinto.domain.held_file import OTHER_FORMAT, OTHER_NAMES
from sovinto.usecases.import_inbox import import_inbox

from tests.support.book_world import prove
from tests.support.held import DAY, ask, deliver, held, look, release, run, zero_day
from tests.support.memory_table import MemoryTable
from tests.support.people import AGENCY
from tests.support.statements import camt053, line
from tests.support.world import World

FIRST = date(2025, 11, 3)
DAYS = 12


class Counting(MemoryTable):
    """Counts requests to read."""

    def __init__(self) -> None:
        super().__init__()
        self.requests = 0

    def get(self, *given: Any, **named: Any) -> Any:
        self.requests += 1
        return super().get(*given, **named)

    def several(self, *given: Any, **named: Any) -> Any:
        before = self.requests
        found = super().several(*given, **named)
        self.requests = before + 1
        return found


def big(name: str, lines: int = 300) -> bytes:
    booked = [
        line((-1) ** n * (1_000 + n // 2), bank_id=f"{name}{n}", on=DAY, payer=f"P{n}", end_to_end=f"E{n}")
        for n in range(lines)
    ]
    return camt053(*booked, change=0, statement_id=name)


def days_of(minor: int, names: str = "A") -> bytes:
    booked = [
        line(minor, bank_id=f"{names}{n}", on=FIRST + timedelta(days=n), payer="Matti Meikäläinen")
        for n in range(DAYS)
    ]
    return camt053(*booked, change=minor * DAYS, statement_id=names, opening=10_000)


def swift_days(minor: int, opening: int = 10_000) -> bytes:
    days = [FIRST + timedelta(days=n) for n in range(DAYS)]
    lines = [f":61:{on:%y%m%d%m%d}C{minor // 100},{minor % 100:02d}NTRFNONREF//B{on:%m%d}" for on in days]
    head = (":20:S", f":25:{AGENCY.iban}", ":28C:2/1", f":60F:C251102EUR{opening // 100},00")
    closing = opening + minor * DAYS
    tail = (f":62F:C251231EUR{closing // 100},{closing % 100:02d}", "-", "")
    return "\r\n".join((*head, *lines, *tail)).encode()


def test_a_big_file_is_looked_at_in_few_requests() -> None:
    table = Counting()
    world = World(table=table)
    deliver(world, zero_day("A1", "A2"), "first.xml")
    assert deliver(world, big("B"), "big.xml") == {"held": 1}
    table.requests = 0
    assert look(world).found.new == 300
    assert table.requests < 60


def test_reasons_of_many_days_are_the_first_and_a_number() -> None:
    world = World()
    assert deliver(world, days_of(5_000), "a.xml") == {"suspense": DAYS}
    assert deliver(world, swift_days(700, opening=90_000), "b.sta") == {"held": 1}
    file = held(world)
    assert [reason.code for reason in file.reasons] == [OTHER_FORMAT] * 6
    assert file.reasons[-1].message == "and 7 more like these"
    ask(world)
    release(world)
    assert run(world) == {"suspense": DAYS}
    assert prove(world).breaks == ()


def test_no_code_is_left_out() -> None:
    """Both are overruled by a release, or the file would be held anew for the other one."""
    world = World()
    deliver(world, days_of(5_000), "a.xml")
    deliver(world, swift_days(5_000), "b.sta")
    assert set(held(world).codes) == {OTHER_FORMAT, OTHER_NAMES}


def test_a_run_without_time_leaves_a_released_file_to_the_next_one() -> None:
    world = World()
    deliver(world, zero_day("A1", "A2"), "first.xml")
    deliver(world, big("B"), "big.xml")
    alike = look(world).found.alike
    ask(world, alike=alike)
    release(world, alike=alike)
    done = _run_with(world, _so_often(3))
    assert (done["unfinished"], done["held"], done["suspense"]) == (1, 0, 0)
    assert run(world) == {"suspense": 300}


def _so_often(times: int) -> Callable[[], bool]:
    left = iter([True] * times)
    return lambda: next(left, False)


def _run_with(world: World, has_time: Callable[[], bool]) -> dict[str, int]:
    return import_inbox(
        bank=world.bank,
        agency=world.agency,
        cases=world.cases,
        clock=world.clock,
        orders=world.orders,
        clients=world.clients,
        book=world.book,
        has_time=has_time,
    )
