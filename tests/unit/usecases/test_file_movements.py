"""Entries from before there was the index of the statements: no false sums, and then they are filed."""

from __future__ import annotations

from datetime import date

import pytest
from sovinto.adapters.dynamo.clients import TableBook
from sovinto.countries import load_calendar
from sovinto.errors import UpstreamUnavailable
from sovinto.usecases.client_statement import ClientStatement, client_statement
from sovinto.usecases.file_movements import file_movements, is_filed
from sovinto.usecases.pay_clients import pay_clients

from tests.support.book_world import lived, prove
from tests.support.memory_table import MemoryTable
from tests.support.world import AGENCY, World

NAMES = ("client_key", "client_sort", "moved")


def statement(world: World, first: date = date(2026, 1, 1)) -> ClientStatement:
    days, calendar = (first, date(2026, 12, 31)), load_calendar("FI")
    return client_statement(world.client, *days, book=world.book, cases=world.cases, calendar=calendar)


def moved(world: World) -> list[tuple[str, str]]:
    return [key for key, item in items(world).items() if "moved" in item]


def items(world: World) -> dict[tuple[str, str], dict[str, str | int | bool]]:
    assert isinstance(world.table, MemoryTable)
    return world.table.items


def make_old(world: World, count: int) -> None:
    """The first entries as they lay before."""
    for key in sorted(moved(world), key=lambda key: key[1])[:count]:
        for name in NAMES:
            del items(world)[key][name]


def run(world: World, most: int = 1_000) -> int:
    return file_movements(TableBook(world.table), cases=world.cases, clock=world.clock, most=most)


def test_a_statement_without_its_oldest_entries_is_refused_until_they_are_filed() -> None:
    world = lived()
    whole = statement(world)
    make_old(world, 2)
    with pytest.raises(UpstreamUnavailable, match="not complete"):
        statement(world)
    with pytest.raises(UpstreamUnavailable, match="not complete"):
        statement(world, date(2026, 12, 1))
    assert (run(world), is_filed(world.cases)) == (2, True)
    assert statement(world) == whole and prove(world).holds


def test_a_run_files_so_many_and_the_next_goes_on() -> None:
    world = lived()
    before = {key: dict(item) for key, item in items(world).items()}
    count = len(moved(world))
    make_old(world, count)
    assert (run(world, most=count - 1), is_filed(world.cases)) == (count - 1, False)
    with pytest.raises(UpstreamUnavailable):
        statement(world)
    world.clock.advance(days=40)
    assert (run(world), is_filed(world.cases)) == (1, True)
    assert {key: item for key, item in items(world).items() if key[0] != "FILED"} == before


def test_what_is_taken_away_later_is_never_filed_again() -> None:
    world = lived()
    assert run(world) == 0 and is_filed(world.cases)
    make_old(world, 1)
    assert run(world) == 0
    assert [found.check for found in prove(world).breaks] == ["stored"]


def test_an_entry_that_somebody_altered_is_left_for_the_proof() -> None:
    world = lived()
    key, other = moved(world)[:2]
    items(world)[key]["moved"] = "1 EUR"
    for name in NAMES:
        del items(world)[other][name]
    items(world)[other]["book_id"] = "2026-01-01T00:00:00Z#ent_other"
    assert run(world) == 0
    assert {found.check for found in prove(world).breaks} >= {"stored"}


def test_the_nightly_run_files_them() -> None:
    world = lived()
    make_old(world, 2)
    done = pay_clients(
        agency=AGENCY,
        press=world.press,
        documents=world.documents,
        bank=world.bank,
        cases=world.cases,
        clients=world.clients,
        orders=world.orders,
        clock=world.clock,
        book=world.book,
    )
    assert done["movements_filed"] == 2 and is_filed(world.cases)
