"""The due index and the life of a message, over both tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sovinto.domain.case import Closure, Dispute, DisputeKind
from sovinto.domain.communication import Communication, Permit, SendingState
from sovinto.domain.driving import Turn
from sovinto.errors import NotFound
from sovinto.ids import CaseId
from sovinto.ports import Change

from tests.support.aws import moto_table
from tests.support.people import START
from tests.support.world import World

DAY = timedelta(days=1)


@pytest.fixture(params=["memory", "dynamo"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "memory":
        yield World()
        return
    with moto_table() as table:
        yield World(table=table)


def stop(world: World, case_id: CaseId, **change: object) -> None:
    case = world.cases.load(case_id)
    world.cases.commit(Change(case=replace(case, version=case.version + 1, **change)))  # type: ignore[arg-type]


def test_a_new_case_is_due_at_once(world: World) -> None:
    case = world.place()
    assert [wake.case_id for wake in world.wakes.due(START, 10)] == [case.case_id]
    assert world.wakes.of(case.case_id).execution == 0
    assert world.wakes.due(START - DAY, 10) == ()
    with pytest.raises(NotFound):
        world.wakes.of(CaseId("case_none"))


def test_a_parked_case_is_due_when_its_day_comes(world: World) -> None:
    case = world.place()
    later = START + 3 * DAY
    assert world.wakes.park(case.case_id, Turn("t", 1, START), version=1, wake_at=later)
    assert world.wakes.due(later - DAY, 10) == ()
    (wake,) = world.wakes.due(later, 10)
    assert (wake.token, wake.execution, wake.wake_at) == ("t", 1, later)


def test_no_case_is_parked_on_an_old_view(world: World) -> None:
    case = world.place()
    stop(world, case.case_id)
    assert not world.wakes.park(case.case_id, Turn("t", 1, START), version=1, wake_at=START + DAY)
    assert world.wakes.of(case.case_id).token == ""


def test_a_token_is_used_once_and_a_newer_one_is_kept(world: World) -> None:
    case = world.place()
    world.wakes.park(case.case_id, Turn("old", 1, START), version=1, wake_at=START)
    old = world.wakes.of(case.case_id)
    world.wakes.park(case.case_id, Turn("new", 2, START), version=1, wake_at=START)
    world.wakes.woken(old, driven_at=START)
    assert world.wakes.of(case.case_id).token == "new"
    world.wakes.woken(world.wakes.of(case.case_id), driven_at=START, execution=3)
    assert (world.wakes.of(case.case_id).token, world.wakes.of(case.case_id).execution) == ("", 3)


def test_a_sleeper_is_moved_only_on_a_fresh_view_and_only_by_its_token(world: World) -> None:
    case = world.place()
    world.wakes.park(case.case_id, Turn("t", 1, START), version=1, wake_at=START)
    wake = world.wakes.of(case.case_id)
    assert wake.entered_at == START
    assert world.wakes.postpone(wake, version=1, wake_at=START + DAY)
    assert not world.wakes.postpone(replace(wake, token="old"), version=1, wake_at=START + 2 * DAY)
    stop(world, case.case_id)
    assert not world.wakes.postpone(wake, version=1, wake_at=START + 2 * DAY)
    moved = world.wakes.of(case.case_id)
    assert (moved.token, moved.wake_at) == ("t", START + DAY)


def test_a_finished_case_is_never_due(world: World) -> None:
    case = world.place()
    assert world.wakes.finished(case.case_id, version=case.version)
    assert world.wakes.due(START + 1000 * DAY, 10) == ()
    assert world.wakes.of(case.case_id).wake_at.year == 9999


def test_a_case_that_moved_since_its_end_was_seen_stays_due(world: World) -> None:
    case = world.place()
    assert not world.wakes.finished(case.case_id, version=case.version - 1)
    assert [wake.case_id for wake in world.wakes.due(world.clock.now(), 10)] == [case.case_id]


def test_due_cases_come_oldest_first_and_bounded(world: World) -> None:
    made = []
    for number in range(4):
        made.append(world.place(reference=f"R{number}").case_id)
        world.clock.advance(minutes=1)
    assert [wake.case_id for wake in world.wakes.due(world.clock.now(), 3)] == made[:3]


def planned(world: World) -> Communication:
    case = world.place()
    world.drive(case.case_id)
    (item,) = world.messages(case.case_id, "reminder")
    return item


def test_a_message_is_claimed_once(world: World) -> None:
    item = planned(world)
    assert isinstance(item.permit, Permit)
    assert world.sendings.claim(item)
    assert not world.sendings.claim(item)
    taken = world.cases.communication(item.case_id, item.communication_id)
    assert taken == replace(item, state=SendingState.SENDING)


@pytest.mark.parametrize(
    "change",
    [
        {"dispute": Dispute(DisputeKind.NOT_MINE, "", START, START.date())},
        {"closure": Closure.PAID, "closed_at": START},
    ],
    ids=["disputed", "closed"],
)
def test_a_stop_that_was_committed_wins_over_a_permit(world: World, change: dict[str, object]) -> None:
    item = planned(world)
    stop(world, item.case_id, **change)
    assert not world.sendings.claim(item)


def test_a_message_without_permit_goes_to_a_stopped_case(world: World) -> None:
    """The client's receipt, the thanks for a payment: they are no demand."""
    case = world.place()
    (receipt,) = world.messages(case.case_id, "case_receipt")
    stop(world, case.case_id, closure=Closure.PAID)
    assert world.sendings.claim(receipt)


def test_pending_is_what_has_no_outcome(world: World) -> None:
    item = planned(world)
    names = {waiting.communication_id for waiting in world.sendings.pending()}
    assert item.communication_id in names
    world.sendings.record(replace(item, state=SendingState.SENT))
    assert item.communication_id not in {w.communication_id for w in world.sendings.pending()}
