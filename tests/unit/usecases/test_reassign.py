"""Owners by load, cases that change hands, and nobody left without one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from sovinto.domain.assignment import AGENCY, Collector, ReassignReason
from sovinto.domain.case import Case, Closure
from sovinto.errors import InvalidInput, NotFound, RuleRefused
from sovinto.ids import CaseId
from sovinto.ports import Change
from sovinto.usecases.loads import loads_by_owner, strangers
from sovinto.usecases.reassign_case import reassign_case, release_collector
from sovinto.usecases.stop_case import stop_case

from tests.support.memory_table import MemoryTable
from tests.support.world import World

STAFF = (
    Collector("col_1", "Aino", ("FI",), ("fi",), share=2),
    Collector("col_2", "Erik", ("FI",), ("fi",)),
    Collector("col_3", "Olga", ("FI",), ("fi",)),
)


def staffed(*collectors: Collector) -> World:
    return World(collectors=collectors or STAFF)


def owner(world: World, case: Case) -> str:
    found = world.cases.load(case.case_id).owner
    assert found is not None
    return found.collector_id


def told(world: World) -> dict[str, Any]:
    return {
        "by": "col_1",
        "collectors": world.collectors,
        "cases": world.cases,
        "clients": world.clients,
        "clock": world.clock,
    }


def give(world: World, case: Case, to: str) -> Case:
    return reassign_case(case.case_id, to, reason=ReassignReason.WORKLOAD, **told(world))


def loads(world: World) -> dict[str, int]:
    return loads_by_owner(world.cases, world.collectors)


def test_cases_go_to_who_has_least_for_their_share() -> None:
    world = staffed()
    placed = [world.place(reference=f"A-{number}") for number in range(12)]
    assert Counter(owner(world, case) for case in placed) == {"col_1": 6, "col_2": 3, "col_3": 3}
    assert loads(world) == {"col_1": 6, "col_2": 3, "col_3": 3, AGENCY: 0}


def test_a_closed_case_is_no_load_and_makes_room() -> None:
    world = staffed(*STAFF[1:])
    placed = [world.place(reference=f"A-{number}") for number in range(4)]
    theirs = [case for case in placed if owner(world, case) == "col_3"]
    for case in theirs:
        stop_case(case.case_id, Closure.WITHDRAWN, by="col_2", cases=world.cases, clock=world.clock)
    assert loads(world) == {"col_2": 2, "col_3": 0, AGENCY: 0}
    assert [owner(world, world.place(reference=f"B-{number}")) for number in range(2)] == ["col_3"] * 2


def test_a_case_is_given_to_a_colleague_once() -> None:
    world = staffed()
    case = world.place()
    to = next(one.collector_id for one in STAFF if one.collector_id != owner(world, case))
    newer = give(world, case, to)
    assert (owner(world, case), newer.version) == (to, case.version + 1)
    assert newer.owner is not None
    assert newer.owner.reason == "reassigned: workload"
    assert give(world, newer, to).version == newer.version, "the same again changes nothing"
    assert loads(world)[to] == 1
    assert sum(loads(world).values()) == 1
    assert isinstance(world.table, MemoryTable)
    told = [item["body"] for (_, sk), item in world.table.items.items() if sk.startswith("OUTBOX#")]
    assert sum("case.reassigned" in str(body) for body in told) == 1


def test_whom_a_case_is_not_given_to() -> None:
    world = staffed(STAFF[0], replace(STAFF[1], conflicts=("cli_demo",)))
    case = world.place()
    with pytest.raises(RuleRefused, match="conflict"):
        give(world, case, "col_2")
    with pytest.raises(InvalidInput, match=r"to must be a collector of this agency \(col_1, col_2\)"):
        give(world, case, "col_9")
    with pytest.raises(NotFound):
        reassign_case(CaseId("case_none"), "col_2", reason=ReassignReason.LEFT, **told(world))
    stop_case(case.case_id, Closure.WITHDRAWN, by="col_1", cases=world.cases, clock=world.clock)
    with pytest.raises(RuleRefused, match="closed"):
        give(world, case, "col_2")


def test_all_cases_of_one_who_leaves_in_batches() -> None:
    world = staffed()
    placed = [world.place(reference=f"A-{number}") for number in range(12)]
    first = release_collector("col_1", limit=4, **told(world))
    assert (first.moved, first.is_all) == (4, False)
    second = release_collector("col_1", limit=4, **told(world))
    assert (second.moved, second.is_all) == (2, True)
    assert release_collector("col_1", **told(world)).moved == 0
    assert Counter(owner(world, case) for case in placed) == {"col_2": 6, "col_3": 6}
    assert all(world.cases.load(case.case_id).is_open for case in placed)


def test_who_leaves_alone_leaves_nobody() -> None:
    world = staffed(STAFF[0])
    with pytest.raises(InvalidInput, match="only collector"):
        release_collector("col_1", **told(world))


def test_an_owner_who_is_no_collector_any_more_is_named() -> None:
    world = staffed(STAFF[0])
    case = world.place()
    world.collectors = STAFF[1:]
    assert strangers(world.cases, world.collectors) == {"col_1": 1}
    assert loads(world)["col_1"] == 1
    release_collector("col_1", **told(world))
    assert strangers(world.cases, world.collectors) == {}
    assert owner(world, case) in {"col_2", "col_3"}


def test_the_case_whose_collectors_all_have_a_conflict_goes_to_the_agency() -> None:
    barred = [replace(one, conflicts=("cli_demo",)) for one in STAFF[1:]]
    world = staffed(STAFF[0], *barred)
    case = world.place()
    release_collector("col_1", **told(world))
    assert owner(world, case) == AGENCY
    assert loads(world)[AGENCY] == 1


def test_a_case_that_was_stored_without_an_owner_gets_one() -> None:
    world = staffed(STAFF[0])
    case = world.place()
    world.cases.commit(Change(case=replace(case, owner=None, version=case.version + 1)))
    give(world, case, "col_1")
    assert owner(world, case) == "col_1"


def test_what_only_the_agency_may_have_stays_and_the_rest_is_given_away() -> None:
    barred = replace(STAFF[1], conflicts=("cli_demo",))
    world = staffed()
    world.collectors = ()
    placed = [world.place(reference=f"A-{number}") for number in range(3)]
    world.collectors = (barred,)
    before = [world.cases.load(case.case_id).version for case in placed]
    done = release_collector(AGENCY, limit=2, **told(world))
    assert (done.moved, done.is_all) == (0, True)
    assert [world.cases.load(case.case_id).version for case in placed] == before
    world.collectors = (barred, STAFF[2])
    assert release_collector(AGENCY, **told(world)).moved == 3
    assert {owner(world, case) for case in placed} == {STAFF[2].collector_id}
