"""Two formats of a bank that give one line other days: the booking day in one, the day of value in both."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sovinto.errors import InvalidInput, RuleRefused

from tests.support.book_world import prove
from tests.support.books import by_account
from tests.support.held import DAY, ask, books_of, deliver, held, look, release, run
from tests.support.memory_table import MemoryTable
from tests.support.people import AGENCY
from tests.support.statements import camt053, line
from tests.support.world import World
from tests.unit.usecases.test_prove_chain import let_in

VALUE = DAY + timedelta(days=2)


def camt(*minors: int, value: date | None = VALUE, opening: int = 10_000, booked: date = DAY) -> bytes:
    told = f"<ValDt><Dt>{booked}</Dt></ValDt>"
    valued = f"<ValDt><Dt>{value}</Dt></ValDt>" if value else ""
    lines = [
        line(minor, bank_id=f"X{number}", on=booked, payer="Matti Meikäläinen").replace(told, valued)
        for number, minor in enumerate(minors)
    ]
    return camt053(*lines, change=sum(minors), opening=opening)


def swift(*minors: int, value: date = VALUE, opening: int = 10_000, booked: date | None = None) -> bytes:
    """An MT940 whose lines have no entry date, but for `booked`."""
    entry = f"{booked:%m%d}" if booked else ""
    lines = [
        f":61:{value:%y%m%d}{entry}C{shown(minor)}NTRFNONREF//Z{n}\r\n:86:/NAME/A"
        for n, minor in enumerate(minors)
    ]
    head = (":20:S", f":25:{AGENCY.iban}", ":28C:2/1", f":60F:C260104EUR{shown(opening)}")
    tail = (f":62F:C260105EUR{shown(opening + sum(minors))}", "-", "")
    return "\r\n".join((*head, *lines, *tail)).encode()


def shown(minor: int) -> str:
    return f"{minor // 100},{minor % 100:02d}"


def later() -> World:
    world = World()
    world.clock.advance(days=3)
    return world


@pytest.mark.parametrize("is_swift_first", [False, True])
@pytest.mark.parametrize("value", [VALUE, None], ids=["days of value", "booking days alone"])
def test_a_line_without_a_booking_day_is_held_where_another_format_has_it(
    is_swift_first: bool, value: date | None
) -> None:
    world = later()
    pair = [camt(5_000, value=value), swift(5_000)]
    first, second = reversed(pair) if is_swift_first else pair
    deliver(world, first, "first")
    assert deliver(world, second, "second") == {"held": 1}
    assert set(held(world).codes) == {"told_in_other_format"}
    assert by_account(world.ledger()).get("bank:collection") == 5_000
    if value is not None:
        with pytest.raises(InvalidInput, match="1 lines look like lines in the books"):
            ask(world)


@pytest.mark.parametrize("is_swift_first", [False, True])
def test_a_bank_may_tell_more_or_less_in_one_statement_of_each_format(is_swift_first: bool) -> None:
    """The balances are not the same: the day of value tells."""
    world = later()
    pair = [camt(5_000, 700), swift(5_000)]
    first, second = reversed(pair) if is_swift_first else pair
    deliver(world, first, "first")
    assert deliver(world, second, "second") == {"held": 1}
    assert "day of value 2026-01-07" in held(world).reasons[0].message


@pytest.mark.parametrize("is_swift_first", [False, True])
@pytest.mark.parametrize(
    ("value", "guessed"),
    [(None, VALUE), (VALUE, VALUE + timedelta(days=1)), (DAY, DAY + timedelta(days=1))],
)
def test_a_day_that_is_only_guessed_may_be_any_booking_day_near_it(
    is_swift_first: bool, value: date | None, guessed: date
) -> None:
    """Other balances, and no day of value that is told in both."""
    world = later()
    pair = [camt(5_000, value=value), swift(1_000, 5_000, opening=9_000, value=guessed)]
    first, second = reversed(pair) if is_swift_first else pair
    deliver(world, first, "first")
    assert deliver(world, second, "second") == {"held": 1}
    assert set(held(world).codes) == {"told_in_other_format"}
    looked = look(world)
    assert (looked.found.alike, looked.may_be_released) == (1, True)


def test_a_guessed_day_holds_what_was_noted_without_days_of_value() -> None:
    world = later()
    deliver(world, camt(5_000), "first")
    assert isinstance(world.table, MemoryTable)
    for key in [key for key in world.table.items if key[0] == "BANK_DAY" and key[1].endswith("#value")]:
        del world.table.items[key]
    assert deliver(world, swift(1_000, 5_000, opening=9_000), "second") == {"held": 1}


def test_far_from_the_days_of_the_other_format_nothing_is_held() -> None:
    world = later()
    world.clock.advance(days=10)
    deliver(world, camt(5_000), "first")
    last = DAY + timedelta(days=12)
    assert deliver(world, swift(5_000, opening=15_000, value=last), "second") == {"suspense": 1}


def test_rows_from_before_days_of_value_were_noted_still_hold() -> None:
    world = later()
    deliver(world, camt(5_000), "first")
    assert isinstance(world.table, MemoryTable)
    for key in [key for key in world.table.items if key[0] == "BANK_DAY" and key[1].endswith("#value")]:
        del world.table.items[key]
    assert deliver(world, swift(5_000), "second") == {"held": 1}


def test_a_usual_sum_across_the_change_of_format_is_let_in_by_its_number() -> None:
    """The last line of the old format is of value on the first day of the new one."""
    world = later()
    deliver(world, camt(5_000), "first")
    deliver(world, swift(5_000, opening=15_000), "second")
    assert look(world).may_be_released
    ask(world, alike=1)
    release(world, alike=1)
    assert run(world) == {"suspense": 1}
    assert (prove(world).breaks, prove(world).unchecked) == ((), ())


def test_a_sum_of_a_booking_day_that_both_formats_tell_is_refused() -> None:
    world = later()
    deliver(world, camt(5_000), "first")
    deliver(world, swift(5_000, opening=15_000, booked=DAY), "second")
    with pytest.raises(RuleRefused, match="another format names otherwise, and would be posted twice"):
        ask(world, alike=1)


def swept(day: int, *, is_swift: bool) -> bytes:
    """The account is empty each evening."""
    on = DAY + timedelta(days=day)
    if not is_swift:
        lines = [line(m, bank_id=f"{m}", on=on, payer="Matti Meikäläinen") for m in (5_000, -5_000)]
        return camt053(*lines, change=0, opening=0, statement_id=f"{day}")
    told = swift(5_000, opening=0, value=on, booked=on).decode().replace("//Z0", f"//Z{day}")
    back = f":61:{on:%y%m%d%m%d}D50,00NTRFNONREF//Y{day}\r\n:86:/NAME/Own\r\n:62F:C{on:%y%m%d}EUR0,00"
    return f"{told[: told.index(':62F:')]}{back}\r\n-\r\n".encode()


def test_an_account_that_is_swept_each_day_may_change_its_format() -> None:
    world = later()
    world.clock.advance(days=3)
    assert deliver(world, swept(0, is_swift=False), "first") == {"suspense": 2}
    assert deliver(world, swept(1, is_swift=True), "second") == {"suspense": 2}
    assert deliver(world, swept(2, is_swift=True), "third") == {"suspense": 2}
    assert (prove(world).breaks, prove(world).unchecked) == ((), ())


def test_the_proof_looks_away_where_the_import_does() -> None:
    """A day in both formats, which two people let in; the day after it moves between the same balances."""
    world = later()
    deliver(world, camt(5_000, opening=0), "first")
    deliver(world, swift(700, opening=5_000, booked=DAY), "second")
    ask(world)
    release(world)
    assert run(world) == {"suspense": 1}
    on = DAY + timedelta(days=1)
    out = f":61:{on:%y%m%d%m%d}D57,00NTRFNONREF//Q\r\n:86:/NAME/Own\r\n:62F:C{on:%y%m%d}EUR0,00\r\n-\r\n"
    emptied = swift(opening=5_700).decode()
    assert deliver(world, f"{emptied[: emptied.index(':62F:')]}{out}".encode(), "third")
    again = swift(5_000, opening=0, value=on, booked=on).replace(b"//Z0", b"//R")
    assert deliver(world, again, "fourth") == {"suspense": 1}
    assert prove(world).breaks == ()


def test_a_day_of_value_holds_no_other_format_that_has_booking_days() -> None:
    """An account may change its format: the last line of the old one is of value on the new one's day."""
    world = later()
    deliver(world, camt(5_000), "first")
    new = swift(700, opening=15_000, value=VALUE, booked=VALUE)
    assert deliver(world, new, "second") == {"suspense": 1}


def test_the_same_format_goes_on_over_days_of_value() -> None:
    world = later()
    for number in range(3):
        told = swift(5_000, opening=10_000 + number * 5_000).replace(b"//Z0", f"//Q{number}".encode())
        assert deliver(world, told, f"{number}.sta") == {"suspense": 1}
    assert prove(world).breaks == ()


def test_a_release_lets_other_lines_of_that_day_in() -> None:
    world = later()
    deliver(world, camt(5_000), "first")
    deliver(world, swift(700, opening=15_000), "second")
    ask(world)
    release(world)
    assert run(world) == {"suspense": 1}
    assert (prove(world).breaks, prove(world).unchecked) == ((), ())
    assert books_of(world).cases.held_files() == ()


@pytest.mark.parametrize("value", [VALUE, None])
def test_the_proof_names_one_statement_of_two_formats(value: date | None) -> None:
    world = later()
    deliver(world, camt(5_000, value=value), "first")
    let_in(world, swift(5_000), "second")
    proof = prove(world)
    assert ["in another format by other days" in found.message for found in proof.breaks] == [True]


def test_the_proof_names_lines_that_begin_where_others_began() -> None:
    world = later()
    deliver(world, camt(5_000), "first")
    let_in(world, swift(700), "second")
    (found,) = prove(world).unchecked
    assert "the balance moves by -50.00 EUR that no file tells" in found.reason


def test_a_statement_that_grows_during_the_day_is_one() -> None:
    world = later()
    deliver(world, camt(5_000), "first")
    assert deliver(world, camt(5_000, 700), "second") == {"repeated": 1, "suspense": 1}
    assert (prove(world).breaks, prove(world).unchecked) == ((), ())
