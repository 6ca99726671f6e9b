"""Money whose owner is unknown: what is told about it, and its four ways out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sovinto.domain.case import Case
from sovinto.domain.money import Money
from sovinto.domain.order import PaymentOrder
from sovinto.domain.payment import UnallocatedPayment
from sovinto.errors import InvalidInput, LawMissing, NotFound, RuleRefused, StaleVersion
from sovinto.ids import CaseId, PaymentId
from sovinto.usecases.suspense import (
    Settled,
    Waiting,
    list_suspense,
    oldest_days,
    post_suspense,
    return_suspense,
    split_suspense,
)

from tests.support.books import by_account, check_books
from tests.support.power import examples
from tests.support.race import RacingTable
from tests.support.stored import all_events
from tests.support.suspense import check_suspense, into_suspense
from tests.support.world import AGENCY, World

BY = "col_1"


def shown(world: World) -> tuple[Waiting, ...]:
    return list_suspense(country="FI", book=world.book, cases=world.cases, clock=world.clock)


def post(world: World, row: UnallocatedPayment, case: Case) -> Settled:
    return post_suspense(
        row.payment.payment_id,
        case.case_id,
        by=BY,
        book=world.book,
        cases=world.cases,
        clock=world.clock,
    )


def split(world: World, row: UnallocatedPayment, *shares: tuple[Case, int]) -> Settled:
    return split_suspense(
        row.payment.payment_id,
        tuple((case.case_id, Money(minor, "EUR")) for case, minor in shares),
        by=BY,
        book=world.book,
        cases=world.cases,
        clock=world.clock,
    )


def give_back(world: World, row: UnallocatedPayment) -> PaymentOrder:
    return return_suspense(
        row.payment.payment_id,
        by=BY,
        payee="Payer",
        agency=AGENCY,
        book=world.book,
        cases=world.cases,
        clock=world.clock,
    )


def test_posted_to_a_case_once_in_one_transaction_by_whom() -> None:
    world = World()
    case = world.place()
    world.clock.advance(days=4)
    row = into_suspense(world, 2_500)
    assert post(world, row, case) == Settled((case.case_id,))
    assert by_account(world.ledger())["suspense"] == 0
    assert shown(world) == ()
    check_books(world.ledger())
    check_suspense(world)
    assert post(world, row, case).is_repeat
    (event,) = (e for e in all_events(world.table) if e.type == "suspense.settled")  # type: ignore[arg-type]
    assert dict(event.data)["by"] == BY
    assert event.subject_id == row.payment.payment_id


def test_the_debt_counts_it_from_the_day_it_came() -> None:
    world = World()
    case = world.place()
    row = into_suspense(world, 2_500)
    world.clock.advance(days=40)
    post(world, row, case)
    (entry,) = (e for e in world.cases.entries(case.case_id) if e.kind == "payment_allocated")
    assert entry.value_on == row.payment.value_on
    assert entry.source == row.payment.payment_id


def test_posted_elsewhere_it_is_refused() -> None:
    world = World()
    one, two = world.place(), world.place(reference="A-2")
    row = into_suspense(world, 2_500)
    post(world, row, one)
    with pytest.raises(RuleRefused, match="another way"):
        post(world, row, two)
    with pytest.raises(RuleRefused, match="another way"):
        split(world, row, (one, 1_000), (two, 1_500))


def test_one_transfer_for_two_cases() -> None:
    world = World()
    one, two = world.place(), world.place(reference="A-2")
    row = into_suspense(world, 5_000)
    done = split(world, row, (one, 2_000), (two, 3_000))
    assert set(done.posted) == {one.case_id, two.case_id}
    assert not done.waiting
    assert by_account(world.ledger())["suspense"] == 0
    check_books(world.ledger())
    check_suspense(world)
    again = split(world, row, (two, 3_000), (one, 2_000))
    assert again.is_repeat
    assert by_account(world.ledger())["bank:collection"] == 5_000


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [(2_000, 2_999, "add up to 50.00, not 49.99"), (5_001, -1, "above zero"), (0, 5_000, "above zero")],
)
def test_shares_that_do_not_come_to_the_whole(first: int, second: int, told: str) -> None:
    world = World()
    one, two = world.place(), world.place(reference="A-2")
    row = into_suspense(world, 5_000)
    with pytest.raises(InvalidInput, match=told):
        split(world, row, (one, first), (two, second))
    with pytest.raises(InvalidInput, match="each case once"):
        split(world, row, (one, 2_000), (one, 3_000))
    check_suspense(world)


def test_a_case_in_another_currency_or_none_at_all() -> None:
    world = World()
    case = world.place()
    row = into_suspense(world, 2_500, currency="SEK")
    with pytest.raises(InvalidInput, match="in SEK, not EUR"):
        post(world, row, case)
    with pytest.raises(NotFound):
        post(world, row, replace(case, case_id=CaseId("case_none")))
    with pytest.raises(NotFound):
        post(world, replace(row, payment=replace(row.payment, payment_id=PaymentId("pay_none"))), case)


def test_sent_back_by_an_order_it_waits_no_more() -> None:
    world = World()
    case = world.place()
    row = into_suspense(world, 2_500)
    order = give_back(world, row)
    assert order.amount == row.payment.amount
    assert order.iban == row.payment.payer_iban
    assert shown(world) == ()
    check_suspense(world)
    with pytest.raises(NotFound):
        post(world, row, case)
    with pytest.raises(NotFound):
        give_back(world, row)
    assert by_account(world.ledger())["bank:in_transit"] == -2_500


def test_money_that_the_bank_took_is_no_payment() -> None:
    world = World()
    case = world.place()
    row = into_suspense(world, -500)
    with pytest.raises(RuleRefused, match="left the account"):
        post(world, row, case)
    with pytest.raises(RuleRefused, match="cannot be sent back"):
        give_back(world, row)


def test_a_case_without_the_law_of_that_day_keeps_the_money_waiting() -> None:
    world = World()
    case = world.place()
    row = into_suspense(world, 2_500)
    world.clock.advance(days=365 * 30)
    late = into_suspense(world, 2_500, key="L2")
    with pytest.raises(LawMissing, match="the money waits on: case"):
        post(world, late, case)
    assert len(shown(world)) == 2
    check_suspense(world)
    assert row in [item.row for item in shown(world)]


def test_what_waits_is_told_with_its_age_and_suggestions_of_today() -> None:
    world = World()
    into_suspense(world, 10_000, payer="Testinen, Tiina", text="lasku I-A-1")
    world.clock.advance(days=8)
    into_suspense(world, 700, key="L2")
    case = world.place()
    first, second = shown(world)
    assert (first.days, first.bracket) == (8, "8-30 days")
    assert (second.days, second.bracket) == (0, "0-7 days")
    assert first.suggestions[0].case_id == case.case_id
    assert "the text has its invoice number" in first.suggestions[0].reasons
    world.clock.advance(days=30)
    assert shown(world)[0].bracket == "over 30 days"


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.integers(0, 2)), max_size=12))
def test_suspense_never_loses_a_cent(moves: list[tuple[int, int, int]]) -> None:
    """Whatever people do, in any order and twice: the account holds what the rows say."""
    world = World()
    cases = [world.place(reference=f"A-{number}") for number in range(3)]
    rows = [into_suspense(world, 3_000, key=f"K{number}") for number in range(3)]
    for act, which, case in moves:
        row, one, two = rows[which], cases[case], cases[(case + 1) % 3]
        try:
            if act == 0:
                post(world, row, one)
            elif act == 1:
                split(world, row, (one, 1_000), (two, 2_000))
            elif act == 2:
                give_back(world, row)
            else:
                world.clock.advance(days=act)
        except (RuleRefused, NotFound):
            pass
        check_suspense(world)
        check_books(world.ledger())
    assert by_account(world.ledger())["bank:collection"] == 9_000


def test_the_entry_tells_who_posted_it() -> None:
    world = World()
    case = world.place()
    row = into_suspense(world, 2_500)
    post(world, row, case)
    (entry,) = (e for e in world.cases.entries(case.case_id) if e.kind == "payment_allocated")
    assert entry.explanation is not None
    told = dict(entry.explanation.inputs)
    assert told["matched_by"] == "matching.by_hand"
    assert (told["by"], told["payment_id"]) == (BY, row.payment.payment_id)


@pytest.mark.parametrize("is_post_first", [True, False])
def test_posted_and_sent_back_at_once_only_one_wins(*, is_post_first: bool) -> None:
    """Both have read the row before either stores anything."""
    table = RacingTable()
    world = World(table=table)
    case = world.place()
    row = into_suspense(world, 2_500)
    acts: list[Callable[[], object]] = [lambda: post(world, row, case), lambda: give_back(world, row)]
    first, second = acts if is_post_first else acts[::-1]
    table.before = [first]
    with pytest.raises((RuleRefused, NotFound, InvalidInput, StaleVersion)):
        second()
    sums = by_account(world.ledger())
    assert sums["suspense"] == 0
    assert sums.get("bank:in_transit", 0) == (0 if is_post_first else -2_500)
    paid = [e for e in world.cases.entries(case.case_id) if e.kind == "payment_allocated"]
    assert len(paid) == int(is_post_first)
    check_books(world.ledger())
    check_suspense(world)


def test_days_are_those_of_the_agency_not_of_utc() -> None:
    """23:30 UTC is the next day in Helsinki: the list and the alarm count from there."""
    world = World()
    world.clock.at = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)
    into_suspense(world, 2_500)
    world.clock.at = datetime(2026, 1, 6, 21, 30, tzinfo=UTC)
    assert (shown(world)[0].days, oldest(world)) == (0, 0)
    world.clock.at = datetime(2026, 1, 6, 22, 30, tzinfo=UTC)
    assert (shown(world)[0].days, oldest(world)) == (1, 1)
    world.clock.advance(days=30)
    assert (shown(world)[0].bracket, oldest(world)) == ("over 30 days", 31)


def test_where_nothing_waits_nothing_is_old() -> None:
    assert oldest(World()) == 0


def oldest(world: World) -> int:
    return oldest_days(country="FI", book=world.book, clock=world.clock)
