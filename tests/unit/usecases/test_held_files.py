"""A held bank file has a way out: looked at, read again, released by two people, or put aside."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from sovinto.domain.agency import OwnAccount
from sovinto.domain.held_file import HeldState
from sovinto.errors import InvalidInput, NotAllowed, NotFound, RuleRefused
from sovinto.ports import Change
from sovinto.usecases import settle_held
from sovinto.usecases.check_statement import check_statement
from sovinto.usecases.import_inbox import import_inbox
from sovinto.usecases.import_statement import import_statement

from tests.support.book_world import prove
from tests.support.books import by_account, check_books
from tests.support.held import (
    DAY,
    a_second_zero_day,
    ask,
    books_of,
    deliver,
    held,
    look,
    reject,
    release,
    retry,
    run,
    zero_day,
)
from tests.support.orders import status_report
from tests.support.people import AGENCY
from tests.support.race import RacingTable
from tests.support.statements import camt, camt053, itemised, line
from tests.support.world import World
from tests.unit.usecases.test_import_formats import by_camt, by_swift, cases, ktl, mt940

STRANGER = "FI7944052020036082"


def places(world: World) -> list[str]:
    return [re.sub(r"-[0-9a-f]{12}(?=\.)", "", key) for key in world.bank.keys("")]


def bank(world: World) -> int:
    return by_account(world.ledger()).get("bank:collection", 0)


def test_a_held_file_is_listed_with_reason_sums_and_age() -> None:
    world = World()
    deliver(world, camt053(line(100, on=DAY), change=5))
    world.clock.advance(days=3)
    ((file, days),) = settle_held.list_held(books_of(world))
    assert (file.name, file.codes, file.state, days) == ("day.xml", ("balance_chain",), HeldState.HELD, 3)
    (part,) = file.sums
    assert (part.account, part.lines, part.credits.minor, part.debits.minor) == (AGENCY.iban, 1, 100, 0)
    assert part.opening is not None
    assert part.closing is not None
    assert part.closing.minor - part.opening.minor == 5
    assert file.key == world.bank.keys("held/")[0]


def test_the_same_bytes_again_are_one_held_file() -> None:
    world = World()
    for name in ("one.xml", "two.xml"):
        assert deliver(world, b"no statement", name) == {"held": 1}
    assert held(world).revision == 1
    assert places(world) == ["held/one.xml", "held/one.xml.reason.txt"]


def test_a_file_is_read_again_when_its_cause_is_mended() -> None:
    world = World()
    deliver(world, camt053(line(100, on=DAY), change=100, iban=STRANGER))
    assert [reason.code for reason in look(world).reasons] == ["unknown_account"]
    world.agency = replace(AGENCY, accounts=(OwnAccount(STRANGER),))
    assert look(world).reasons == ()
    assert look(world).found.new == 1
    assert bank(world) == 0
    assert retry(world).state is HeldState.RETRIED
    assert run(world) == {"suspense": 1}
    assert (bank(world), world.cases.held_files()) == (100, ())
    assert places(world) == ["processed/day.xml", "shown/day.xml.reason.txt"]


def test_a_retry_that_helps_nothing_holds_it_again() -> None:
    world = World()
    deliver(world, camt053(line(100, on=DAY), change=5))
    retry(world)
    assert retry(world).revision == 2
    assert run(world) == {"held": 1}
    assert (held(world).state, held(world).revision) == (HeldState.HELD, 3)
    assert run(world) == {}
    assert places(world) == ["held/day.xml", "held/day.xml.reason.txt"]


def test_a_file_whose_bank_sends_it_again_when_it_is_right_leaves_the_list() -> None:
    world = World()
    data = camt053(line(100, on=DAY), change=100, iban=STRANGER)
    deliver(world, data)
    world.agency = replace(AGENCY, accounts=(OwnAccount(STRANGER),))
    assert deliver(world, data, "again.xml") == {"suspense": 1}
    assert world.cases.held_files() == ()
    assert world.bank.keys("held/") == ()


@pytest.mark.parametrize(
    "data",
    [
        camt053(line(100), change=5),
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        camt053(line(100), change=100, iban=STRANGER),
        status_report("bat-nobody", ("rem-1", "RJCT", "AM04")),
    ],
    ids=["balances", "hostile", "stranger", "status report"],
)
def test_no_two_people_overrule_a_file_that_is_wrong(data: bytes) -> None:
    world = World()
    deliver(world, data)
    assert not held(world).may_be_overruled
    with pytest.raises(NotAllowed, match="nobody may overrule"):
        ask(world)
    assert look(world).reasons == held(world).reasons
    with pytest.raises(InvalidInput, match="whose release was asked for"):
        release(world)
    assert reject(world).state is HeldState.REJECTED


def test_a_true_second_statement_of_a_day_is_released_by_two_people() -> None:
    world = World()
    a_second_zero_day(world)
    assert held(world).codes == ("told_by_other_names",)
    looked = look(world)
    assert (looked.found.new, looked.found.alike, looked.may_be_released) == (2, 0, True)
    ask(world)
    assert run(world) == {}
    with pytest.raises(NotAllowed, match="somebody else"):
        release(world, by="col_1")
    release(world)
    assert run(world) == {"suspense": 2}
    assert world.cases.held_files() == ()
    proof = prove(world)
    assert proof.breaks == ()
    (told,) = proof.released
    assert (told.asked_by, told.released_by, told.why) == ("col_1", "col_2", "the bank says so")
    check_books(world.ledger())


def test_what_two_people_decided_is_on_the_record() -> None:
    world = World()
    a_second_zero_day(world)
    digest = held(world).digest
    ask(world)
    release(world)
    run(world)
    file = world.cases.held_file(digest)
    assert file is not None
    assert (file.state, file.asked_by, file.released_by) == (HeldState.IMPORTED, "col_1", "col_2")
    events = [str(row["body"]) for row in world.table.query(f"BANK_FILE#{digest}", "OUTBOX#")]
    assert sum('"bank_file.decided"' in body for body in events) == 2
    assert sum('"bank_file.held"' in body for body in events) == 1


def test_to_ask_or_release_twice_is_to_do_it_once() -> None:
    world = World()
    a_second_zero_day(world)
    assert ask(world) == ask(world)
    with pytest.raises(InvalidInput, match="asked for by col_1 already"):
        ask(world, by="col_2")
    assert release(world) == release(world)
    assert run(world) == {"suspense": 2}
    assert run(world) == {}


def test_lines_that_look_like_others_have_to_be_confirmed_by_both() -> None:
    world = World()
    deliver(world, zero_day("A1", "A2"), "first.xml")
    deliver(world, zero_day("B1", "B2", statement_id="S2"), "second.xml")
    assert look(world).found.alike == 2
    with pytest.raises(InvalidInput, match="2 lines look like lines in the books") as told:
        ask(world)
    assert "30.00 EUR of 2026-01-05" in told.value.message
    ask(world, alike=2)
    with pytest.raises(InvalidInput, match="alike must be 2"):
        release(world)
    release(world, alike=2)
    assert run(world) == {"suspense": 2}
    assert prove(world).breaks == ()


def test_a_line_with_its_own_name_is_not_posted_again_by_a_release() -> None:
    world = World()
    deliver(world, zero_day("A1", "A2"), "first.xml")
    deliver(world, zero_day("A1", "B2", statement_id="S2"), "second.xml")
    looked = look(world)
    assert (looked.found.seen, looked.found.new) == (1, 1)
    ask(world, alike=looked.found.alike)
    release(world, alike=looked.found.alike)
    assert run(world) == {"repeated": 1, "suspense": 1}


def test_a_day_in_a_second_format_is_not_released_where_its_lines_are_in_the_books() -> None:
    world = World()
    (case, minor), _ = cases(world)
    deliver(world, by_camt(case, minor), "first.xml")
    assert deliver(world, by_swift(case, minor), "other.sta") == {"held": 1}
    assert held(world).codes == ("told_in_other_format",)
    assert not look(world).may_be_released
    with pytest.raises(RuleRefused, match="would be posted twice"):
        ask(world)
    assert bank(world) == minor


def test_a_day_in_a_second_format_with_other_lines_is_released() -> None:
    world = World()
    deliver(world, camt053(line(500, on=DAY), change=500), "first.xml")
    assert deliver(world, mt940(7_000), "other.sta") == {"held": 1}
    ask(world)
    release(world)
    assert run(world) == {"suspense": 1}
    assert bank(world) == 7_500
    assert prove(world).breaks == ()


def test_books_that_moved_since_it_was_asked_for_are_looked_at_again() -> None:
    world = World()
    deliver(world, camt053(line(500, on=DAY), change=500), "first.xml")
    deliver(world, mt940(7_000), "other.sta")
    ask(world)
    late = camt053(line(7_000, on=DAY, bank_id="L1"), change=7_000, statement_id="S2", opening=1_000_500)
    deliver(world, late, "late.xml")
    with pytest.raises(RuleRefused, match="would be posted twice"):
        release(world)


def test_a_rejected_file_is_put_aside_and_stays_so() -> None:
    world = World()
    data = camt053(line(100, on=DAY), change=5)
    deliver(world, data)
    done = reject(world)
    assert (done.rejected_by, done.why) == ("col_1", "the bank sends another")
    assert reject(world) == done
    assert run(world) == {}
    assert places(world) == ["rejected/day.xml", "rejected/day.xml.reason.txt"]
    assert world.cases.held_files() == ()
    assert deliver(world, data) == {"rejected": 1}
    assert places(world) == ["rejected/day.xml", "rejected/day.xml.reason.txt"]


def test_a_file_that_is_decided_is_not_decided_otherwise() -> None:
    world = World()
    a_second_zero_day(world)
    ask(world)
    release(world)
    for other in (retry, reject, ask):
        with pytest.raises(InvalidInput, match="the file is released"):
            other(world)


def test_a_file_that_nobody_holds_is_not_found() -> None:
    with pytest.raises(NotFound, match="no held bank file"):
        settle_held.retry_file("0" * 64, by="col_1", books=books_of(World()))


def test_a_release_holds_for_its_own_bytes_only() -> None:
    world = World()
    a_second_zero_day(world)
    ask(world)
    release(world)
    run(world)
    third = zero_day("C1", "C2", minor=900, statement_id="S3")
    assert deliver(world, third, "third.xml") == {"held": 1}
    same_lines = zero_day("B1", "B2", minor=4_500, statement_id="S9")
    assert deliver(world, same_lines, "same.xml") == {"repeated": 2}


def test_the_proof_finds_a_statement_that_nobody_released() -> None:
    world = World()
    deliver(world, zero_day("A1", "A2"), "first.xml")
    deliver(world, mt940(7_000), "other.sta")
    first, other = world.bank.keys("processed/")[0], held(world).key
    world.bank.write("processed/z-other.sta", world.bank.read(other), "text/plain")
    second = zero_day("B1", "B2", minor=4_500, statement_id="S2")
    world.bank.write("processed/z-second.xml", second, "application/xml")
    found = [b.message for b in prove(world).breaks if b.check == "bank_file"]
    assert [message.split(",")[0] for message in found] == [
        "the file tells a day that another file tells in another format",
        "the file tells a statement that another file has under other names",
    ]
    assert first not in {b.where for b in prove(world).breaks}


def test_the_proof_finds_a_release_by_one_person_alone() -> None:
    world = World()
    a_second_zero_day(world)
    ask(world)
    alone = replace(release(world), released_by="col_1", revision=4)
    world.cases.commit(Change(held_files=(alone,)))
    run(world)
    assert ["released by one person alone" in b.message for b in prove(world).breaks] == [True]


def test_two_statements_of_a_day_in_one_file_are_released_together() -> None:
    world = World()
    one, other = (
        zero_day(f"{name}1", f"{name}2", minor=minor, statement_id=name).decode()
        for name, minor in (("A", 3_000), ("B", 4_500))
    )
    second = other[other.index("<Stmt>") : other.index("</BkToCstmrStmt>")]
    both = one.replace("</BkToCstmrStmt>", f"{second}</BkToCstmrStmt>").encode()
    assert deliver(world, both) == {"held": 1}
    assert held(world).codes == ("told_by_other_names",)
    assert [part.lines for part in held(world).sums] == [2, 2]
    ask(world)
    release(world)
    assert run(world) == {"suspense": 4}
    assert prove(world).breaks == ()
    assert deliver(world, both, "again.xml") == {"repeated": 4}


def test_a_detail_file_in_a_second_format_is_not_released_where_the_statement_has_its_payments() -> None:
    world = World()
    (case, _), _ = cases(world)
    paid: dict[str, Any] = {"payer": "Matti Meikäläinen", "on": DAY}
    deliver(world, camt053(line(3_000, bank_id="S", **paid), change=3_000), "statement.xml")
    deliver(world, camt("054", line(500, bank_id="N", **paid)), "notice.xml")
    assert deliver(world, ktl((3_000, case.payment_reference)), "list.ktl") == {"held": 1}
    assert held(world).codes == ("told_in_other_format",)
    with pytest.raises(RuleRefused, match="would be posted twice"):
        ask(world)


def right_by_now(world: World, lines: int = 1) -> None:
    """A held file of an account that was named since, and which the bank sends again."""
    booked = [line(100, on=DAY, bank_id=f"L{number}", payer="X") for number in range(lines)]
    data = camt053(*booked, change=100 * lines, iban=STRANGER)
    deliver(world, data)
    world.agency = replace(AGENCY, accounts=(OwnAccount(STRANGER),))
    world.bank.write("inbox/again.xml", data, "application/xml")


def test_a_rejection_before_the_first_line_stands() -> None:
    world = World(table=RacingTable())
    right_by_now(world)
    assert isinstance(world.table, RacingTable)
    world.table.before = [lambda: reject(world)]
    run(world)
    assert (bank(world), prove(world).breaks) == (0, ())
    assert world.cases.guard("BANK_DAY", f"{STRANGER}#EUR#record#{DAY}") is None
    run(world)
    assert (world.cases.held_files(), world.bank.keys("processed/")) == ((), ())


@pytest.mark.parametrize("lines", [3, 250])
def test_a_file_of_which_lines_are_in_the_books_is_not_rejected(lines: int) -> None:
    world = World()
    right_by_now(world, lines)
    time = iter(range(lines - 1))
    import_inbox(
        bank=world.bank,
        agency=world.agency,
        cases=world.cases,
        clock=world.clock,
        has_time=lambda: next(time, None) is not None,
    )
    assert (bank(world), held(world).state) == (100 * (lines - 2), HeldState.RETRIED)
    with pytest.raises(InvalidInput, match=r"in the books|is retried"):
        reject(world)
    run(world)
    assert (bank(world), world.cases.held_files()) == (100 * lines, ())
    assert prove(world).breaks == ()


def let_in_by_hand(world: World) -> None:
    """As a release did that did not look at balances."""
    file, data = held(world), world.bank.read(held(world).key)
    done = replace(file, asked_by="col_1", released_by="col_2").imported()
    world.cases.commit(Change(held_files=(done,)))
    checked = check_statement(BytesIO(data), world.agency)
    import_statement(
        lambda: BytesIO(data),
        checked,
        books=books_of(world),
        has_time=lambda: True,
        overruled=frozenset(file.codes),
    )
    world.bank.write("processed/second.xml", data, "application/xml")


def told_as_a_sum_and_as_its_parts(world: World) -> bytes:
    """One day and its balances: first as one sum, then as three payments."""
    whole = camt053(itemised(30_000, bank_id="B1", on=DAY), change=30_000)
    assert deliver(world, whole, "first.xml") == {"suspense": 1}
    parts = [line(10_000, on=DAY, bank_id=f"X{number}", payer=f"P {number}") for number in range(3)]
    return camt053(*parts, change=30_000)


def test_a_statement_that_moves_the_balance_is_not_released_beside_its_like() -> None:
    world = World()
    deliver(world, told_as_a_sum_and_as_its_parts(world), "second.xml")
    looked = look(world)
    assert (held(world).codes, looked.found.alike) == (("told_by_other_names",), 3)
    assert not looked.may_be_released
    with pytest.raises(RuleRefused, match="it moves the balance, and would move it twice"):
        ask(world)


def test_the_proof_finds_a_statement_that_moved_the_balance_twice() -> None:
    world = World()
    deliver(world, told_as_a_sum_and_as_its_parts(world), "second.xml")
    let_in_by_hand(world)
    messages = [b.message for b in prove(world).breaks]
    assert ["the ledger has lines of both" in message for message in messages] == [True]


def released_in_a_second_format(world: World) -> bytes:
    """70.00 of a day come in by a release; the bytes are the right statement, which comes late."""
    deliver(world, camt053(line(500, on=DAY), change=500), "first.xml")
    deliver(world, mt940(7_000), "other.sta")
    ask(world)
    release(world)
    booked = line(7_000, on=DAY, bank_id="L1")
    return camt053(booked, change=7_000, statement_id="S2", opening=1_000_500)


@pytest.mark.parametrize("is_same_run", [False, True])
def test_a_day_with_a_released_format_is_closed_to_the_first_one_too(is_same_run: bool) -> None:
    world = World()
    late = released_in_a_second_format(world)
    first = {} if is_same_run else run(world)
    counts = Counter(first) + Counter(deliver(world, late, "late.xml"))
    assert counts == {"suspense": 1, "held": 1}
    assert bank(world) == 7_500
    assert held(world).codes == ("told_in_other_format",)
    with pytest.raises(RuleRefused, match="would be posted twice"):
        ask(world)


def test_a_released_format_is_noted_beside_the_first() -> None:
    world = World()
    released_in_a_second_format(world)
    run(world)
    key = f"{AGENCY.iban}#EUR#record#{DAY}"
    noted = [world.cases.guard("BANK_DAY", place) for place in (key, f"{key}#1", f"{key}#2")]
    assert noted == ["camt053", "mt940", None]


def two_of_the_same_money_are_released(world: World) -> None:
    """Each alone is no copy of what is in the books, as long as the other is not there."""
    deliver(world, zero_day("A1", "A2"), "first.xml")
    for name in ("B", "C"):
        deliver(world, zero_day(f"{name}1", f"{name}2", minor=4_500, statement_id="S2"), f"{name}.xml")
    ports: dict[str, Any] = {"bank": world.bank, "book": world.book, "books": books_of(world)}
    for file in world.cases.held_files():
        settle_held.ask_release(file.digest, by="col_1", why="x", alike=0, **ports)
    for file in world.cases.held_files():
        settle_held.release_file(file.digest, by="col_2", alike=0, **ports)


def test_of_two_released_files_of_the_same_money_one_is_held_anew() -> None:
    world = World()
    two_of_the_same_money_are_released(world)
    assert run(world) == {"suspense": 2}
    assert held(world).state is HeldState.RELEASED
    assert run(world) == {"held": 1}
    assert (held(world).state, held(world).released_by) == (HeldState.HELD, "")
    assert look(world).found.alike == 2
    assert prove(world).breaks == ()


def test_a_released_file_that_the_bank_sends_again_waits_for_its_turn() -> None:
    world = World()
    two_of_the_same_money_are_released(world)
    for file in world.cases.held_files():
        world.bank.write(f"inbox/{file.digest}.xml", world.bank.read(file.key), "application/xml")
    assert run(world) == {"suspense": 2, "repeated": 2}
    assert run(world) == {"held": 2}
    assert held(world).state is HeldState.HELD


def test_money_that_comes_between_a_release_and_the_run_holds_the_file_anew() -> None:
    world = World()
    a_second_zero_day(world)
    ask(world)
    release(world)
    record = held(world)
    kept = replace(record, state=HeldState.IMPORTED, is_moved=True, revision=record.revision + 1)
    world.cases.commit(Change(held_files=(kept,)))
    same = camt053(line(4_500, bank_id="L1", on=DAY), change=4_500, statement_id="S5")
    deliver(world, same, "same.xml")
    world.cases.commit(Change(held_files=(replace(record, revision=kept.revision + 1),)))
    assert run(world) == {"held": 1}
    assert look(world).found.alike == 1


def test_a_released_file_that_has_begun_is_brought_in_to_its_end() -> None:
    world = World()
    a_second_zero_day(world)
    ask(world)
    release(world)
    import_inbox(
        bank=world.bank,
        agency=world.agency,
        cases=world.cases,
        clock=world.clock,
        book=world.book,
        has_time=lambda: len(world.book.suspense()) < 3,
    )
    assert run(world) == {"suspense": 1, "repeated": 1}
    assert (prove(world).breaks, world.cases.held_files()) == ((), ())


def test_without_the_book_nothing_is_let_in() -> None:
    world = World()
    a_second_zero_day(world)
    ask(world)
    release(world)
    done = import_inbox(bank=world.bank, agency=world.agency, cases=world.cases, clock=world.clock)
    assert (done["unfinished"], done["suspense"]) == (1, 0)
    assert held(world).state is HeldState.RELEASED


@pytest.mark.parametrize("is_moved", [False, True])
def test_a_file_that_was_rejected_by_mistake_is_read_again(is_moved: bool) -> None:
    world = World()
    right_by_now(world)
    digest = held(world).digest
    reject(world)
    if is_moved:
        assert run(world) == {"rejected": 1}
        (aside, *_) = [item.reason for item in prove(world).unchecked if "was rejected by" in item.reason]
        assert f"({digest}) was rejected by col_1" in aside
        assert (
            settle_held.look_at(digest, bank=world.bank, book=world.book, books=books_of(world)).found.new
            == 1
        )
    settle_held.retry_file(digest, by="col_2", books=books_of(world))
    counts = Counter(run(world)) + Counter(run(world))
    assert (counts["suspense"], bank(world)) == (1, 100)
    assert (prove(world).breaks, world.cases.held_files()) == ((), ())
    assert not [item for item in prove(world).unchecked if "was rejected by" in item.reason]
    assert "processed/day.xml" in places(world)


def test_a_rejected_file_that_is_still_wrong_lies_with_the_held_ones_again() -> None:
    world = World()
    deliver(world, camt053(line(100, on=DAY), change=5))
    digest = held(world).digest
    reject(world)
    run(world)
    settle_held.retry_file(digest, by="col_1", books=books_of(world))
    assert run(world) == {"held": 1}
    assert held(world).state is HeldState.HELD
    assert "held/day.xml" in places(world)
    assert "rejected/day.xml" not in places(world)
