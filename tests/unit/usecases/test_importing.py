"""A run ends in the middle of a file, and the bank delivers another by that name before the next run."""

from __future__ import annotations

from itertools import count

import pytest
from sovinto.ports import Opened
from sovinto.usecases.bank_line import BankLine, Books
from sovinto.usecases.import_inbox import import_inbox
from sovinto.usecases.partly import PartlyFailed
from sovinto.usecases.post_bank_line import post_line

from tests.support.book_world import prove
from tests.support.books import by_account
from tests.support.crash import Killed
from tests.support.held import DAY, held, reject
from tests.support.held import run as run_all
from tests.support.statements import camt053, itemised, line
from tests.support.world import World
from tests.unit.usecases.test_import_formats import ktl
from tests.unit.usecases.test_prove_chain import let_in

PAYMENTS = tuple((1_000 + number, "1232") for number in range(6))
TOTAL = sum(minor for minor, _ in PAYMENTS)


def statement(names: str) -> bytes:
    lines = [
        line(minor, bank_id=f"{names}{place}", on=DAY, payer=f"P{place} X")
        for place, (minor, _) in enumerate(PAYMENTS)
    ]
    return camt053(*lines, change=TOTAL)


def cut_short(world: World, data: bytes, name: str, entries: int = 3) -> dict[str, int]:
    world.bank.write(f"inbox/{name}", data, "application/xml")
    asked = count()
    return import_inbox(
        bank=world.bank,
        agency=world.agency,
        cases=world.cases,
        clock=world.clock,
        has_time=lambda: next(asked) <= entries,
    )


def test_the_first_is_finished_before_the_other_is_judged() -> None:
    world = World()
    done = cut_short(world, statement("A"), "day.xml")
    assert (done["unfinished"], done["suspense"]) == (1, 3)
    assert (world.bank.keys("inbox/"), len(world.bank.keys("importing/"))) == ((), 1)
    world.bank.write("inbox/day.xml", statement("B"), "application/xml")
    assert run_all(world) == {"held": 1, "suspense": 3, "repeated": 3}
    assert held(world).codes == ("told_by_other_names",)
    assert by_account(world.ledger())["bank:collection"] == TOTAL
    reject(world)
    run_all(world)
    assert (prove(world).breaks, world.bank.keys("importing/")) == ((), ())


def test_a_detail_file_in_other_bytes_tells_nothing_new_once_the_first_is_whole() -> None:
    world = World()
    cut_short(world, ktl(*PAYMENTS), "day.ktl")
    world.bank.write("inbox/day.ktl", ktl(*PAYMENTS).rstrip() + b"\r\n\r\n", "text/plain")
    assert run_all(world)["suspense"] == 3
    assert by_account(world.ledger()) == {"bank:details": TOTAL, "suspense": -TOTAL}
    world.bank.write("inbox/s.xml", camt053(itemised(TOTAL, bank_id="L1", on=DAY), change=TOTAL), "x")
    assert run_all(world) == {"transfers": 1}
    sums = by_account(world.ledger())
    assert (sums["bank:details"], sums["suspense"], sums["bank:collection"]) == (0, -TOTAL, TOTAL)


def test_a_file_that_fails_half_way_keeps_back_only_its_namesake(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    cut_short(world, statement("A"), "day.xml")
    first = world.bank.keys("importing/")
    world.bank.write("inbox/day.xml", statement("B"), "application/xml")
    other = camt053(
        line(700, bank_id="O", on=DAY), change=700, opening=1_000_000 + TOTAL, statement_id="S2"
    )
    world.bank.write("inbox/other.xml", other, "application/xml")

    def fails(told: BankLine, books: Books) -> str:
        if told.found.counterparty:
            raise OSError("no table")
        return post_line(told, books)

    with monkeypatch.context() as patched:
        patched.setattr("sovinto.usecases.import_statement.post_line", fails)
        with pytest.raises(PartlyFailed) as failed:
            run_all(world)
    done = failed.value.done
    assert (done["failed"], done["unfinished"], done["files"], done["suspense"]) == (1, 1, 1, 1)
    assert (world.bank.keys("importing/"), world.bank.keys("inbox/")) == (first, ("inbox/day.xml",))
    assert run_all(world)["held"] == 1
    assert by_account(world.ledger())["bank:collection"] == TOTAL + 700


def test_what_died_between_copy_and_deletion_is_posted_once() -> None:
    world = World()
    cut_short(world, statement("A"), "day.xml")
    world.bank.write("inbox/day.xml", statement("A"), "application/xml")
    assert run_all(world) == {"suspense": 3, "repeated": 9}
    assert by_account(world.ledger())["bank:collection"] == TOTAL
    assert [len(world.bank.keys(place)) for place in ("inbox/", "importing/", "processed/")] == [0, 0, 1]


def test_what_is_held_is_never_taken_out_of_the_inbox_by_half() -> None:
    world = World()
    world.bank.write("inbox/a/day.xml", statement("A"), "application/xml")
    run_all(world)
    world.bank.write("inbox/a/day.xml", statement("B"), "application/xml")
    assert run_all(world) == {"held": 1}
    assert (held(world).name, world.bank.keys("importing/")) == ("a/day.xml", ())


@pytest.mark.parametrize("is_after", [False, True])
def test_nothing_is_noted_of_bytes_that_the_bank_may_still_overwrite(
    monkeypatch: pytest.MonkeyPatch, *, is_after: bool
) -> None:
    world = World()
    world.bank.write("inbox/day.xml", statement("A"), "application/xml")
    move = world.bank.move

    def killed(file: Opened, to: str) -> None:
        if is_after:
            move(file, to)
        raise Killed("move")

    with monkeypatch.context() as patched:
        patched.setattr(world.bank, "move", killed)
        with pytest.raises(Killed):
            run_all(world)
    world.bank.write("inbox/day.xml", statement("B"), "application/xml")
    done = run_all(world)
    assert (done["suspense"], done.get("held", 0)) == (6, int(is_after))
    assert by_account(world.ledger())["bank:collection"] == TOTAL


def test_what_a_twin_brought_in_during_the_move_is_held_out_of_importing() -> None:
    world = World()
    world.bank.write("inbox/day.xml", statement("A"), "application/xml")
    move = world.bank.move

    def slow(file: Opened, to: str) -> None:
        move(file, to)
        if to.startswith("importing/"):
            let_in(world, statement("B"), "twin.xml")

    world.bank.move = slow  # type: ignore[method-assign]
    assert run_all(world) == {"held": 1}
    assert (len(world.bank.keys("held/")), world.bank.keys("importing/")) == (2, ())
    assert held(world).codes == ("told_by_other_names",)
    assert by_account(world.ledger())["bank:collection"] == TOTAL
