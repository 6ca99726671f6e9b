"""Balances carried forward: by month where we are, once, after everything is filed, and never too much."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sovinto.adapters.dynamo.clients import TableBook
from sovinto.countries import load_calendar
from sovinto.domain.carried_forward import from_text, key_of, month_ends, scope_of
from sovinto.errors import InvalidInput
from sovinto.usecases.carry_forward import Load, carry_forward
from sovinto.usecases.client_statement import ClientStatement, client_statement
from sovinto.usecases.file_movements import file_movements
from sovinto.usecases.pay_clients import pay_clients

from tests.support.book_world import prove
from tests.support.invoicing import world_with
from tests.support.memory_table import MemoryTable
from tests.support.moves import pay, take_back
from tests.support.world import CLIENT, World

SCOPE = scope_of(CLIENT.client_id)
ZONE = load_calendar("FI").zone


def carried(world: World, most: int = 1_000) -> int:
    return carry_forward(
        CLIENT.client_id,
        book=world.book,
        cases=world.cases,
        clock=world.clock,
        zone=ZONE,
        load=Load(most),
    )


def rows(world: World) -> list[tuple[str, int]]:
    """When each ends, and what was held then."""
    found = world.book.carried_rows(CLIENT.client_id, datetime(2099, 1, 1, tzinfo=UTC))
    return [(key, from_text(key, text).held("EUR")) for key, text in found]


def at(world: World, *when: int) -> None:
    world.clock.at = datetime(*when, tzinfo=UTC)  # type: ignore[misc]


def file(world: World) -> None:
    file_movements(TableBook(world.table), cases=world.cases, clock=world.clock)


def statement(world: World, first: date, last: date, after: str = "") -> ClientStatement:
    calendar = load_calendar("FI")
    return client_statement(
        CLIENT, first, last, book=world.book, cases=world.cases, calendar=calendar, after=after
    )


def three_months() -> World:
    """Each movement is at an edge of a month where we are: two hours, later three, before midnight UTC."""
    world = world_with()
    at(world, 2026, 1, 31, 21, 59, 59)
    case = world.place(principal=100_000)
    pay(world, case, 1_000, name="pay_january")
    at(world, 2026, 1, 31, 22)
    pay(world, case, 2_000, name="pay_february")
    at(world, 2026, 2, 28, 22)
    pay(world, case, 4_000, name="pay_march")
    take_back(world, case, "pay_january")
    at(world, 2026, 3, 31, 21)
    pay(world, case, 8_000, name="pay_april")
    file(world)
    return world


ENDS = ["2026-01-31T22:00:00Z", "2026-02-28T22:00:00Z", "2026-03-31T21:00:00Z"]


def test_a_row_is_what_was_held_when_the_month_ended_where_we_are() -> None:
    world = three_months()
    at(world, 2026, 4, 10)
    assert (carried(world), carried(world)) == (3, 0)
    assert rows(world) == list(zip(ENDS, [1_000, 3_000, 6_000], strict=True))
    at(world, 2026, 5, 1, 8)
    assert carried(world) == 1
    assert rows(world)[-1] == ("2026-04-30T21:00:00Z", 14_000)
    assert prove(world).holds


def test_a_month_is_over_an_hour_after_its_end() -> None:
    world = three_months()
    at(world, 2026, 3, 31, 21, 59, 59)
    assert carried(world) == 2
    at(world, 2026, 3, 31, 22)
    assert carried(world) == 1


def test_nothing_is_carried_before_everything_is_filed_or_where_nothing_moved() -> None:
    world = world_with()
    pay(world, world.place(), 1_000)
    world.clock.advance(days=60)
    assert carried(world) == 0
    file(world)
    assert carried(world) > 0
    empty = World()
    file(empty)
    empty.clock.advance(days=60)
    assert (carried(empty), rows(empty)) == (0, [])


def test_a_run_reads_so_much_and_the_next_goes_on_to_the_same_end() -> None:
    world, whole = three_months(), three_months()
    at(world, 2026, 4, 10)
    at(whole, 2026, 4, 10)
    carried(whole)
    made = [carried(world, most=1) for _ in range(6)]
    assert made[-1] == 0 and sum(made) == len(rows(world))
    assert set(rows(whole)) <= set(rows(world))
    assert prove(world).holds


def test_a_second_is_never_cut_in_two() -> None:
    world = world_with()
    case = world.place(principal=100_000)
    for number in range(3):
        pay(world, case, 1_000, name=f"pay_{number}")
    world.clock.advance(minutes=1)
    later = world.clock.now()
    pay(world, case, 1_000, name="pay_later")
    file(world)
    world.clock.advance(days=40)
    assert carried(world, most=2) == 1
    assert rows(world) == [(key_of(later), 3_000)]


def test_a_twin_run_that_was_faster_is_believed() -> None:
    world = three_months()
    at(world, 2026, 4, 10)

    class Late(TableBook):
        """Has seen no rows yet."""

        def carried_rows(self, client_id: object, upto: object) -> tuple[tuple[str, str], ...]:
            return ()

    carried(world)
    before = rows(world)
    late = Late(world.table)
    load = Load(1_000)
    made = carry_forward(
        CLIENT.client_id, book=late, cases=world.cases, clock=world.clock, zone=ZONE, load=load
    )
    assert (made, rows(world)) == (0, before)


def test_the_nightly_run_carries_them_for_every_client() -> None:
    world = three_months()
    at(world, 2026, 4, 10, 8)
    done = pay_clients(
        agency=world.agency,
        press=world.press,
        documents=world.documents,
        bank=world.bank,
        cases=world.cases,
        clients=world.clients,
        orders=world.orders,
        clock=world.clock,
        book=world.book,
    )
    assert done["balances_carried"] == 3 == len(rows(world))


def test_a_statement_begins_at_the_newest_row_and_reads_nothing_before_it() -> None:
    world = three_months()
    march = date(2026, 3, 1), date(2026, 3, 31)
    without = statement(world, *march)
    at(world, 2026, 4, 10)
    carried(world)
    assert isinstance(world.table, MemoryTable)
    for item in world.table.items.values():
        if str(item.get("client_sort", "")) < ENDS[1] and "moved" in item:
            del item["moved"]
    assert statement(world, *march) == without
    assert without.since == date(2026, 1, 31) and without.accounts[0].opening.minor == 3_000


def test_a_page_behind_a_line_of_before_begins_with_the_first_day() -> None:
    world = three_months()
    at(world, 2026, 4, 10)
    carried(world)
    whole = statement(world, date(2026, 1, 1), date(2026, 4, 10))
    march = statement(world, date(2026, 3, 1), date(2026, 3, 31))
    again = statement(world, date(2026, 3, 1), date(2026, 3, 31), after=whole.lines[0].key)
    assert again == march and len(march.lines) == 2
    with pytest.raises(InvalidInput, match="after must be"):
        statement(world, date(2026, 3, 1), date(2026, 3, 31), after="2026-02-31T00:00:00Z#0#ent_1")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"came_in":{"EUR":3000},"went_out":{"EUR":-1},"since":"2026-01-31T21:59:59Z"}', "30.00 and 0.00"),
        ('{"came_in":{"EUR":3000},"went_out":{"EUR":0},"since":"2026-01-30T21:59:59Z"}', "another moment"),
        ('{"came_in":{"euro":3000},"went_out":{},"since":null}', "none as it is stored"),
        ("[]", "none as it is stored"),
    ],
)
def test_the_proof_names_a_row_that_is_not_the_ledger_s(text: str, told: str) -> None:
    world = three_months()
    at(world, 2026, 4, 10)
    carried(world)
    assert isinstance(world.table, MemoryTable)
    world.table.items[SCOPE, ENDS[1]]["payload"] = text
    (found,) = prove(world).breaks
    assert (found.check, found.where) == ("carried", CLIENT.client_id)
    assert ENDS[1] in found.message and told in found.message


def test_an_entry_that_is_taken_away_breaks_every_row_behind_it() -> None:
    world = three_months()
    at(world, 2026, 4, 10)
    carried(world)
    assert isinstance(world.table, MemoryTable)
    items = world.table.items
    first = min((key for key in items if "moved" in items[key]), key=lambda key: str(items[key]["book_id"]))
    del items[first]
    breaks = [found.message for found in prove(world).breaks if found.check == "carried"]
    assert len(breaks) == 3


def test_months_end_at_midnight_there_also_where_clocks_change() -> None:
    now = datetime(2026, 4, 30, 22, tzinfo=UTC) + timedelta(hours=1)
    found = [key_of(end) for end in month_ends(datetime(2026, 1, 31, 22, tzinfo=UTC), now, ZONE)]
    assert found == [*ENDS[1:], "2026-04-30T21:00:00Z"]
