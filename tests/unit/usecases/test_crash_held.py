"""Held files killed at every call in turn, and done again: the hold, each decision, the run after it.

The same rows and files must be there in the end, and no line twice.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sovinto.domain.held_file import HeldFile, HeldState

from tests.support.book_world import prove
from tests.support.books import check_books
from tests.support.held import (
    DAY,
    a_second_zero_day,
    ask,
    deliver,
    held,
    reject,
    release,
    retry,
    run,
)
from tests.support.money_crash import fused_money_world, storm
from tests.support.statements import camt053, line
from tests.support.world import World

BROKEN = camt053(line(100, on=DAY), change=5)


def test_a_file_is_held() -> None:
    world = fused_money_world()
    world.bank.write("inbox/day.xml", BROKEN, "application/xml")
    assert storm(world, lambda: run(world), is_run=True) > 5
    assert held(world).state is HeldState.HELD


@pytest.mark.parametrize("decide", [retry, reject, ask], ids=lambda one: one.__name__)
def test_a_decision(decide: Callable[[World], HeldFile]) -> None:
    world = fused_money_world()
    a_second_zero_day(world)
    assert storm(world, lambda: decide(world)) > 2
    assert held(world).revision == 2


def test_a_release() -> None:
    world = fused_money_world()
    a_second_zero_day(world)
    ask(world)
    assert storm(world, lambda: release(world)) > 10
    assert held(world).state is HeldState.RELEASED


@pytest.mark.parametrize("decide", [release, retry, reject], ids=lambda one: one.__name__)
def test_the_run_after_a_decision(decide: Callable[[World], HeldFile]) -> None:
    world = fused_money_world()
    a_second_zero_day(world)
    if decide is release:
        ask(world)
    decide(world)
    assert storm(world, lambda: run(world), is_run=True) > 5
    run(world)
    assert [entry.kind for entry in world.ledger()].count("suspense_received") == (
        4 if decide is release else 2
    )
    assert [file.state for file in world.cases.held_files()] == [HeldState.HELD] * (decide is retry)
    assert prove(world).breaks == ()
    check_books(world.ledger())


def test_the_bank_sends_it_again_while_it_is_released() -> None:
    world = fused_money_world()
    a_second_zero_day(world)
    ask(world)
    release(world)
    data = world.bank.read(held(world).key)
    world.bank.write("inbox/again.xml", data, "application/xml")
    assert storm(world, lambda: run(world), is_run=True) > 20
    assert world.cases.held_files() == ()
    assert prove(world).breaks == ()
    assert deliver(world, data, "later.xml") == {"repeated": 2}
