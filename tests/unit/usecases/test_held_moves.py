"""An account that is emptied during the day moves between the same balances twice, and truly so."""

from __future__ import annotations

import pytest
from sovinto.errors import RuleRefused

from tests.support.book_world import prove
from tests.support.books import by_account
from tests.support.held import DAY, ask, deliver, held, look, release, run
from tests.support.memory_table import MemoryTable
from tests.support.statements import camt053, line
from tests.support.world import World

PAYERS = {"A": "Matti Meikäläinen", "C": "Liisa Meikäläinen"}


def part(minor: int, opening: int, name: str) -> bytes:
    booked = line(minor, bank_id=name, on=DAY, payer=PAYERS.get(name[0], "Teppo Testaaja"))
    return camt053(booked, change=minor, opening=opening, statement_id=name)


def emptied() -> World:
    """0 to 50, 50 to 20, 20 to 0; then 0 to 50 again, which is held."""
    world = World()
    assert deliver(world, part(5_000, 0, "A"), "1.xml") == {"suspense": 1}
    assert deliver(world, part(-3_000, 5_000, "B1"), "2.xml") == {"suspense": 1}
    assert deliver(world, part(-2_000, 2_000, "B2"), "3.xml") == {"suspense": 1}
    assert deliver(world, part(5_000, 0, "C"), "4.xml") == {"held": 1}
    return world


def let_in(world: World) -> dict[str, int]:
    alike = look(world).found.alike
    ask(world, alike=alike)
    release(world, alike=alike)
    return run(world)


def bank(world: World) -> int:
    return by_account(world.ledger()).get("bank:collection", 0)


def test_what_came_back_in_between_may_be_let_in_by_two_people() -> None:
    world = emptied()
    assert (held(world).codes, look(world).found.alike) == (("told_by_other_names",), 1)
    assert let_in(world) == {"suspense": 1}
    assert bank(world) == 5_000
    assert (prove(world).breaks, prove(world).unchecked) == ((), ())


def test_but_once_only_for_each_time_that_it_came_back() -> None:
    world = emptied()
    let_in(world)
    assert deliver(world, part(5_000, 0, "D"), "5.xml") == {"held": 1}
    assert not look(world).may_be_released
    with pytest.raises(RuleRefused, match="it moves the balance, and would move it twice"):
        ask(world, alike=1)


def test_a_copy_of_a_later_part_of_the_day_is_no_second() -> None:
    world = World()
    deliver(world, part(5_000, 0, "A"), "1.xml")
    deliver(world, part(2_000, 5_000, "B"), "2.xml")
    assert deliver(world, part(2_000, 5_000, "X"), "3.xml") == {"held": 1}
    assert not look(world).may_be_released


def test_a_later_part_may_come_again_where_the_day_came_back_to_it() -> None:
    world = World()
    deliver(world, part(5_000, 0, "A"), "1.xml")
    deliver(world, part(2_000, 5_000, "B"), "2.xml")
    deliver(world, part(-2_000, 7_000, "D"), "3.xml")
    assert deliver(world, part(2_000, 5_000, "X"), "4.xml") == {"held": 1}
    let_in(world)
    assert bank(world) == 7_000
    assert (prove(world).breaks, prove(world).unchecked) == ((), ())


def test_the_whole_day_as_one_statement_brings_in_what_is_new_of_it() -> None:
    world = World()
    deliver(world, part(5_000, 0, "A"), "1.xml")
    deliver(world, part(-5_000, 5_000, "B"), "2.xml")
    lines = [
        line(minor, bank_id=name, on=DAY, payer=PAYERS.get(name, "Teppo Testaaja"))
        for name, minor in (("A", 5_000), ("B", -5_000), ("C", 5_000))
    ]
    assert deliver(world, camt053(*lines, change=5_000, opening=0, statement_id="W")) == {"held": 1}
    assert let_in(world) == {"repeated": 2, "suspense": 1}
    assert bank(world) == 5_000
    assert prove(world).breaks == ()


def test_days_from_before_moves_were_noted_are_known_by_their_balances() -> None:
    world = World()
    deliver(world, part(5_000, 0, "A"), "1.xml")
    deliver(world, part(-5_000, 5_000, "B"), "2.xml")
    assert isinstance(world.table, MemoryTable)
    for key in [key for key in world.table.items if key[0] == "BANK_MOVES"]:
        del world.table.items[key]
    deliver(world, part(5_000, 0, "C"), "3.xml")
    assert look(world).may_be_released


def test_three_parts_of_one_file_are_looked_at_together() -> None:
    world = World()
    first, *more = (
        part(minor, opening, name).decode()
        for minor, opening, name in ((5_000, 0, "A"), (-5_000, 5_000, "B"), (5_000, 0, "C"))
    )
    parts = [text[text.index("<Stmt>") : text.index("</BkToCstmrStmt>")] for text in more]
    whole = first.replace("</BkToCstmrStmt>", f"{''.join(parts)}</BkToCstmrStmt>").encode()
    assert deliver(world, whole) == {"held": 1}
    assert let_in(world) == {"suspense": 3}
    assert bank(world) == 5_000
    assert (prove(world).breaks, prove(world).unchecked) == ((), ())
    assert len([key for key in world.table.items if key[0] == "BANK_MOVES"]) == 3  # type: ignore[attr-defined]


def whole_day(*more: tuple[int, str], change: int = 5_000) -> bytes:
    lines = [
        line(minor, bank_id=name, on=DAY, payer=PAYERS.get(name, "Teppo Testaaja"))
        for minor, name in ((5_000, "A"), *more)
    ]
    return camt053(*lines, change=change, opening=0, statement_id="W")


def test_a_whole_day_that_adds_what_comes_to_nothing_is_let_in() -> None:
    world = World()
    deliver(world, part(5_000, 0, "A"), "1.xml")
    assert deliver(world, whole_day((2_000, "B"), (-2_000, "C")), "2.xml") == {"held": 1}
    assert let_in(world) == {"repeated": 1, "suspense": 2}
    assert bank(world) == 5_000
    deliver(world, part(700, 5_000, "D"), "3.xml")
    assert (prove(world).breaks, prove(world).unchecked) == ((), ())


def test_but_not_where_that_is_true_only_of_the_file_as_a_whole() -> None:
    """One statement of it is a copy, and another, which is new, has as much the other way round."""
    world = World()
    deliver(world, part(2_000, 0, "B"), "1.xml")
    deliver(world, part(5_000, 2_000, "A"), "2.xml")
    first, *more = (
        part(*told).decode() for told in ((5_000, 2_000, "A"), (2_000, 0, "X"), (-2_000, 7_000, "Y"))
    )
    parts = [text[text.index("<Stmt>") : text.index("</BkToCstmrStmt>")] for text in more]
    whole = first.replace("</BkToCstmrStmt>", f"{''.join(parts)}</BkToCstmrStmt>").encode()
    assert deliver(world, whole, "3.xml") == {"held": 1}
    assert (look(world).found.seen, look(world).found.sums) == (1, {"EUR": 0})
    with pytest.raises(RuleRefused, match="it moves the balance, and would move it twice"):
        ask(world, alike=1)


def grown(*, is_last_first: bool = False) -> World:
    """0 to 30; 0 to 50, which has those 30; 50 to 0; then 0 to 50 by other names, which is held."""
    world = World()
    first = line(3_000, bank_id="A", on=DAY, payer="Aino A")
    lines = [first, line(2_000, bank_id="B", on=DAY, payer="Bo B")]
    deliver(world, camt053(first, change=3_000, opening=0), "1.xml")
    whole = camt053(*(lines[::-1] if is_last_first else lines), change=5_000, opening=0, statement_id="2")
    assert deliver(world, whole, "2.xml") == {"repeated": 1, "suspense": 1}
    deliver(world, part(-5_000, 5_000, "C3"), "3.xml")
    assert deliver(world, part(5_000, 0, "D"), "4.xml") == {"held": 1}
    return world


@pytest.mark.parametrize("is_last_first", [False, True])
def test_a_statement_that_grew_left_its_balance_once(is_last_first: bool) -> None:
    world = grown(is_last_first=is_last_first)
    assert let_in(world) == {"suspense": 1}
    assert bank(world) == 5_000
    deliver(world, part(700, 5_000, "E"), "5.xml")
    assert (prove(world).breaks, prove(world).unchecked) == ((), ())
    assert deliver(world, part(5_000, 0, "F"), "6.xml") == {"held": 1}
    assert not look(world).may_be_released


def test_but_where_it_did_not_come_back_it_is_a_copy() -> None:
    world = World()
    first = line(3_000, bank_id="A", on=DAY, payer="Aino A")
    deliver(world, camt053(first, change=3_000, opening=0), "1.xml")
    more = line(2_000, bank_id="B", on=DAY, payer="Bo B")
    deliver(world, camt053(first, more, change=5_000, opening=0, statement_id="2"), "2.xml")
    other = line(2_000, bank_id="X", on=DAY, payer="Bo B")
    again = camt053(first, other, change=5_000, opening=0, statement_id="3")
    assert deliver(world, again, "3.xml") == {"held": 1}
    assert not look(world).may_be_released


def test_two_that_began_alike_and_tell_other_lines_left_it_twice() -> None:
    world = World()
    deliver(world, part(3_000, 0, "A"), "1.xml")
    deliver(world, part(5_000, 0, "B"), "2.xml")
    deliver(world, part(-5_000, 5_000, "C3"), "3.xml")
    assert deliver(world, part(5_000, 0, "D"), "4.xml") == {"held": 1}
    assert not look(world).may_be_released
