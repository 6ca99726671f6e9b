"""One format may tell as one sum what another tells as its parts: a release is refused for it too."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sovinto.errors import RuleRefused

from tests.support.books import by_account
from tests.support.held import DAY, ask, deliver, look, release, run
from tests.support.people import AGENCY
from tests.support.statements import camt, camt053, itemised, line
from tests.support.world import World
from tests.unit.usecases.test_import_formats import ktl

PARTS = ((10_000, "1232"), (10_000, "12345672"), (10_000, "1009"))
BEFORE = DAY - timedelta(days=3)


def swift(*minors: int, opening: str = "50,00", closing: str = "350,00", on: date = DAY) -> bytes:
    lines = [
        f":61:{on:%y%m%d%m%d}C{minor // 100},{minor % 100:02d}NTRFNONREF//Z{n}\r\n:86:"
        for n, minor in enumerate(minors)
    ]
    head = (":20:S", f":25:{AGENCY.iban}", ":28C:2/1", f":60F:C260104EUR{opening}")
    return "\r\n".join((*head, *lines, f":62F:C260105EUR{closing}", "-", "")).encode()


def of_two_days(*of_the_last: str, change: int = 30_000) -> bytes:
    """So that its balances are not those of the second format, which tells the last day alone."""
    first = line(5_000, bank_id="X0", on=BEFORE, payer="Matti Meikäläinen")
    return camt053(first, *of_the_last, change=5_000 + change, opening=0)


def refused(world: World, alike: int) -> None:
    assert look(world).found.alike == alike
    with pytest.raises(RuleRefused, match="would be posted twice"):
        ask(world, alike=alike)


def test_a_sum_of_which_the_books_have_the_parts_is_alike() -> None:
    world = World()
    assert deliver(world, of_two_days(itemised(30_000, *PARTS, bank_id="B1", on=DAY))) == {"suspense": 4}
    assert deliver(world, swift(30_000), "b.sta") == {"held": 1}
    refused(world, alike=1)


def test_parts_of_which_the_books_have_the_sum_are_alike() -> None:
    world = World()
    assert deliver(world, swift(30_000), "a.sta") == {"suspense": 1}
    assert deliver(world, of_two_days(itemised(30_000, *PARTS, bank_id="B1", on=DAY))) == {"held": 1}
    refused(world, alike=3)


def test_a_sum_that_is_split_otherwise_is_alike() -> None:
    world = World()
    deliver(world, of_two_days(itemised(30_000, *PARTS, bank_id="B1", on=DAY)))
    assert deliver(world, ktl((300, "1232"), (700, "12345672")), "k") == {"suspense": 2}
    other = camt("054", itemised(1_000, bank_id="N", on=DAY))
    assert deliver(world, other, "n.xml") == {"held": 1}
    assert look(world).found.alike == 1


def test_parts_in_a_detail_file_of_which_the_books_have_the_sum_are_alike() -> None:
    world = World()
    assert deliver(world, camt("054", itemised(1_000, bank_id="N", on=DAY)), "n.xml") == {"suspense": 1}
    assert deliver(world, ktl((300, "1232"), (700, "12345672")), "k") == {"held": 1}
    refused(world, alike=2)


def test_each_sum_in_the_books_is_like_one_sum_of_the_file() -> None:
    world = World()
    deliver(world, of_two_days(itemised(30_000, *PARTS, bank_id="B1", on=DAY)))
    assert deliver(world, swift(30_000, 30_000, closing="650,00"), "b.sta") == {"held": 1}
    assert (look(world).found.new, look(world).found.alike) == (2, 1)


def test_a_sum_that_clears_what_waits_for_it_is_not_told_twice() -> None:
    """A detail file told the parts, and nothing its sum yet: the second format may."""
    world = World()
    assert deliver(world, ktl((300, "1232"), (700, "12345672")), "k") == {"suspense": 2}
    assert deliver(world, of_two_days(line(900, bank_id="X1", on=DAY, payer="A A"), change=900))
    assert deliver(world, swift(1_000, closing="60,00"), "b.sta") == {"held": 1}
    assert look(world).found.alike == 0
    ask(world)
    release(world)
    run(world)
    assert by_account(world.ledger()).get("bank:details", 0) == 0


def test_a_sum_that_a_statement_cleared_part_by_part_is_told_twice() -> None:
    world = World()
    assert deliver(world, ktl((300, "1232"), (700, "12345672")), "k") == {"suspense": 2}
    parts = [
        line(m, bank_id=f"X{m}", on=DAY, reference=ref) for m, ref in ((300, "1232"), (700, "12345672"))
    ]
    deliver(world, of_two_days(*parts, change=1_000))
    assert by_account(world.ledger()).get("bank:details", 0) == 0
    assert deliver(world, swift(1_000, closing="60,00"), "b.sta") == {"held": 1}
    refused(world, alike=1)


def apart(*minors: int) -> list[str]:
    """Payments that the statement books one by one."""
    return [
        line(minor, bank_id=f"P{n}", on=DAY, payer=f"Payer {n}", reference="1232")
        for n, minor in enumerate(minors)
    ]


def test_a_sum_of_what_the_books_have_as_entries_is_alike() -> None:
    world = World()
    deliver(world, of_two_days(*apart(10_000, 10_000, 10_000)))
    assert deliver(world, swift(30_000), "b.sta") == {"held": 1}
    refused(world, alike=1)


def test_entries_that_come_to_what_the_books_have_as_a_sum_are_alike() -> None:
    world = World()
    assert deliver(world, swift(30_000), "a.sta") == {"suspense": 1}
    assert deliver(world, of_two_days(*apart(11_000, 9_000, 10_000))) == {"held": 1}
    refused(world, alike=3)


def test_what_is_left_of_the_day_is_compared_once_its_like_lines_are_taken() -> None:
    world = World()
    deliver(world, of_two_days(*apart(10_000, 10_000, 10_000, 700, -400), change=30_300))
    assert deliver(world, swift(700, 30_000, closing="357,00"), "b.sta") == {"held": 1}
    refused(world, alike=2)


def test_a_sum_beside_new_money_is_alike() -> None:
    world = World()
    deliver(world, of_two_days(*apart(10_000, 10_000, 10_000)))
    assert deliver(world, swift(30_000, 4_500, closing="395,00"), "b.sta") == {"held": 1}
    refused(world, alike=1)


def test_the_day_may_be_one_near_it() -> None:
    world = World()
    world.clock.advance(days=2)
    deliver(world, of_two_days(*apart(10_000, 10_000, 10_000)))
    both = swift(30_000).replace(b":61:2601050105", b":61:2601070105")
    assert deliver(world, both, "b.sta") == {"held": 1}
    refused(world, alike=1)


def test_other_money_of_that_day_is_not_alike() -> None:
    world = World()
    deliver(world, of_two_days(*apart(10_000, 10_000, 10_000)))
    assert deliver(world, swift(25_000, closing="300,00"), "b.sta") == {"held": 1}
    assert (look(world).found.alike, look(world).may_be_released) == (0, True)
