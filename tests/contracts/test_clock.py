"""Clocks give aware UTC; the test clock is the real one plus a stored offset."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from sovinto.adapters.dynamo import keys
from sovinto.adapters.dynamo.table import Put
from sovinto.adapters.system import RandomIds, SystemClock, TestClock, real_now
from sovinto.ports import Clock

from tests.support.memory_table import MemoryTable
from tests.support.outside import CountingIds, HandClock
from tests.support.people import START

CLOCKS = {"system": SystemClock(), "test": TestClock(MemoryTable()), "by hand": HandClock(START)}


@pytest.mark.parametrize("clock", CLOCKS.values(), ids=CLOCKS)
def test_now_is_aware_and_never_runs_back(clock: Clock) -> None:
    first, second = clock.now(), clock.now()
    assert first.utcoffset() == timedelta(0)
    assert second >= first


def test_the_test_clock_begins_as_the_real_one() -> None:
    assert TestClock(MemoryTable()).offset_seconds() == 0


@pytest.mark.parametrize("days", [1, 400, -3])
def test_the_test_clock_is_moved_for_everybody_who_shares_the_table(days: int) -> None:
    table = MemoryTable()
    offset = days * 24 * 3600
    table.transact([Put({"pk": keys.CLOCK, "sk": keys.CLOCK, "offset_seconds": offset})])
    away = TestClock(table).now() - real_now()
    assert timedelta(days=days) - timedelta(minutes=1) < away <= timedelta(days=days)


@pytest.mark.parametrize("ids", [RandomIds(), CountingIds()], ids=["random", "counting"])
def test_ids_are_prefixed_and_new(ids: RandomIds | CountingIds) -> None:
    made = [ids.new("case") for _ in range(200)]
    assert len(set(made)) == 200
    assert all(name.startswith("case_") for name in made)


def test_random_ids_sort_by_time() -> None:
    """Ten characters of milliseconds come first, so a client's list pages in order of placing."""
    stamps = [RandomIds().new("x")[2:12] for _ in range(50)]
    assert stamps == sorted(stamps)
    assert len(RandomIds().new("x")) == len("x_") + 26
    assert real_now().tzinfo is UTC
