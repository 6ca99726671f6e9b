"""Held files under any deliveries, decisions and kills: no line twice, nothing without two people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sovinto.domain import accounts
from sovinto.domain.held_file import OVERRULED, HeldState
from sovinto.errors import SovintoError
from sovinto.usecases import settle_held
from sovinto.usecases.alike_lines import Found

from tests.support.book_world import prove
from tests.support.books import check_books
from tests.support.held import DAY, books_of, run, zero_day
from tests.support.money_crash import fused_money_world, killed
from tests.support.statements import camt053, line
from tests.support.stored import all_entries
from tests.support.world import World
from tests.unit.usecases.test_import_formats import mt940

WRONG = 77_700
FILES = {
    "first": zero_day("A1", "A2"),
    "second": zero_day("B1", "B2", minor=4_500, statement_id="S2"),
    "second again": zero_day("B1", "B2", minor=4_500, statement_id="S9"),
    "alike": zero_day("C1", "C2", statement_id="S3"),
    "half": zero_day("A1", "D2", statement_id="S4"),
    "other format": mt940(7_000),
    "other format, same sum": mt940(3_000),
    "wrong": camt053(line(WRONG, bank_id="W", on=DAY), change=5),
}
ACTS = ("deliver", "deliver", "run", "ask", "ask", "release", "release", "release", "retry", "reject")
PEOPLE = ("col_1", "col_2")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(ACTS), st.sampled_from(sorted(FILES)), st.sampled_from(PEOPLE), st.integers(0, 90)
    ),
    min_size=6,
    max_size=20,
)


def act_of(world: World, what: str, name: str, by: str) -> Callable[[], object]:
    """Decisions are about one of the files that wait, and as bold as the looked-at lines allow."""
    if what == "deliver":
        return partial(_deliver, world, name)
    if what == "run":
        return partial(run, world)
    return partial(_decide, world, what, by, name)


def _deliver(world: World, name: str) -> None:
    world.bank.write(f"inbox/{name}", FILES[name], "text/plain")
    run(world)


def _decide(world: World, what: str, by: str, name: str) -> None:
    asked = [file for file in world.cases.held_files() if file.state is HeldState.ASKED]
    waiting = asked if what == "release" else [f for f in world.cases.held_files() if f not in asked]
    if not waiting:
        return
    digest, books = waiting[len(name) % len(waiting)].digest, books_of(world)
    sources: dict[str, Any] = {"bank": world.bank, "book": world.book, "books": books}
    try:
        found = settle_held.look_at(digest, **sources).found if what in ("ask", "release") else Found()
        if what == "ask":
            settle_held.ask_release(digest, by=by, why="so it is", alike=found.alike, **sources)
        elif what == "release":
            settle_held.release_file(digest, by=by, alike=found.alike, **sources)
        elif what == "retry":
            settle_held.retry_file(digest, by=by, books=books)
        else:
            settle_held.reject_file(digest, by=by, why="no", books=books)
    except SovintoError:
        return


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_no_line_twice_and_nothing_without_two_people(steps: list[tuple[str, str, str, int]]) -> None:
    world = fused_money_world()
    _deliver(world, "first")
    for what, name, by, kill in steps:
        act = act_of(world, what, name, by)
        if not killed(world, act, kill + 1, is_after=bool(kill % 2)):
            continue
        run(world)
    for _ in FILES:
        # Each run lets in one of the released files.
        run(world)
    check(world)


def check(world: World) -> None:
    entries = all_entries(world.table)  # type: ignore[arg-type]
    check_books(entries)
    posted = Counter(e.source for e in entries if any(line.account == accounts.BANK for line in e.lines))
    assert all(count == 1 for count in posted.values())
    assert all(abs(line.amount.minor) != WRONG for entry in entries for line in entry.lines)
    assert prove(world).breaks == ()
    assert (world.bank.keys("inbox/"), world.bank.keys("importing/")) == ((), ())
    waiting = {file.key for file in world.cases.held_files()}
    assert waiting == {key for key in world.bank.keys("held/") if not key.endswith(".reason.txt")}
    for file in world.cases.held_files():
        assert file.state in (HeldState.HELD, HeldState.ASKED)
    for one in prove(world).released:
        assert one.asked_by != one.released_by
        assert OVERRULED.issuperset(one.codes)
