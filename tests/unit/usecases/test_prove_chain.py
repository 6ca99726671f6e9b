"""Statements follow one another by their balances, and 0.00 is a balance as any other."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from sovinto.domain.held_file import OTHER_FORMAT, OTHER_NAMES
from sovinto.usecases.check_statement import check_statement
from sovinto.usecases.import_statement import import_statement

from tests.support.book_world import prove
from tests.support.held import DAY, books_of, deliver
from tests.support.statements import camt053, line
from tests.support.world import World

BASES = pytest.mark.parametrize("base", [0, 100], ids=["from 0.00", "from 1.00"])


def statement(minor: int, opening: int, name: str, days: int = 0) -> bytes:
    booked = line(minor, bank_id=name, on=DAY + timedelta(days=days), payer="Matti Meikäläinen")
    return camt053(booked, change=minor, opening=opening, statement_id=name)


def let_in(world: World, data: bytes, name: str) -> None:
    """As somebody would who passes over every reason to hold a file."""
    checked = check_statement(BytesIO(data), world.agency)
    import_statement(
        lambda: BytesIO(data),
        checked,
        books=books_of(world),
        has_time=lambda: True,
        overruled=frozenset({OTHER_FORMAT, OTHER_NAMES}),
    )
    world.bank.write(f"processed/{name}", data, "application/xml")


@BASES
def test_a_missing_statement_is_named(base: int) -> None:
    world = World()
    deliver(world, statement(5_000, base, "1"), "1.xml")
    deliver(world, statement(-8_000 - base, base + 8_000, "3", days=2), "3.xml")
    (found,) = prove(world).unchecked
    assert "the balance moves by 30.00 EUR that no file tells" in found.reason


@BASES
def test_lines_that_moved_the_balance_twice_are_named(base: int) -> None:
    world = World()
    deliver(world, statement(5_000, base, "1"), "1.xml")
    let_in(world, statement(5_000, base, "2"), "2.xml")
    messages = [found.message for found in prove(world).breaks]
    assert ["the ledger has lines of both" in message for message in messages] == [True, False]
    assert "a statement that another file has under other names" in messages[1]


@BASES
def test_a_balance_that_the_ledger_does_not_come_to_is_named(base: int) -> None:
    world = World()
    deliver(world, statement(5_000, base, "1"), "1.xml")
    # No run read it: the balances say that money moved, and the ledger has none of it.
    world.bank.write("processed/2.xml", statement(-5_000 - base, base + 5_000, "2", days=1), "text/xml")
    apart = [found.message for found in prove(world).breaks if found.check == "bank_balance"]
    assert ["the ledger by 0.00" in message for message in apart] == [True]


def test_a_statement_without_balances_leaves_nothing_to_the_next_one() -> None:
    """Of two statements in a file, the first without balances, each is compared by its own lines."""
    world = World()
    deliver(world, statement(5_000, 100, "2"), "2.xml")
    first = statement(700, 0, "1").decode()
    bare = first[first.index("<Stmt>") : first.index("</BkToCstmrStmt>")]
    bare = bare[: bare.index("<Bal>")] + bare[bare.rindex("</Bal>") + len("</Bal>") :]
    both = statement(5_000, 100, "2").decode().replace("<Stmt>", f"{bare}<Stmt>", 1).encode()
    world.bank.write("processed/both.xml", both, "text/xml")
    messages = [found.message for found in prove(world).breaks]
    assert not any("under other names" in message for message in messages)


def test_files_of_a_day_are_followed_by_their_balances_and_not_by_their_names() -> None:
    world = World()
    world.clock.advance(days=1)
    deliver(world, statement(-500, 500, "z", days=-1), "z.xml")
    for name, (minor, opening) in {"c": (5_000, 0), "b": (3_000, 5_000), "a": (-8_000, 8_000)}.items():
        deliver(world, statement(minor, opening, name), f"{name}.xml")
    deliver(world, statement(700, 0, "d", days=1), "d.xml")
    assert (prove(world).breaks, prove(world).unchecked) == ((), ())


def test_a_day_that_goes_back_to_nothing_may_begin_again() -> None:
    world = World()
    moves = [(5_000, 0, "1"), (-2_000, 5_000, "2"), (-3_000, 3_000, "3"), (5_000, 0, "4")]
    for minor, opening, name in moves:
        let_in(world, statement(minor, opening, name), f"{name}.xml")
    messages = [found.message for found in prove(world).breaks if found.check == "bank_balance"]
    assert (messages, prove(world).unchecked) == ([], ())
    let_in(world, statement(5_000, 0, "5"), "5.xml")
    messages = [found.message for found in prove(world).breaks if found.check == "bank_balance"]
    assert ["the ledger has lines of both" in message for message in messages] == [True]
