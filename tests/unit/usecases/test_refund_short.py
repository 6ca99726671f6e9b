"""A refund whose money was taken back and which then does not leave is owed to nobody a second time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sovinto.domain import accounts
from sovinto.domain.case import Case
from sovinto.domain.order import OrderKind, OrderState, PaymentOrder
from sovinto.errors import RuleRefused
from sovinto.ids import PaymentId
from sovinto.usecases.order_status import withdraw_order
from sovinto.usecases.release_orders import release_automatically
from sovinto.usecases.suspense_debits import explain_as_expense, undo_payment

from tests.support import orders as bank
from tests.support.book_world import prove
from tests.support.moves import pay, take_back
from tests.support.orders import approve, check_payables, release, status_report, strict_world, sums
from tests.support.people import AGENCY
from tests.support.suspense import as_expense, into_suspense
from tests.support.world import World
from tests.unit.usecases.test_payment_orders import events
from tests.unit.usecases.test_refund_queue import IBAN, OTHER, pay_from, queue, refunding, work


def ordered(minor: int = 30_000) -> tuple[World, Case, PaymentOrder]:
    """Too much was paid, and the refund is proposed."""
    world = strict_world()
    case = world.place(principal=10_000)
    pay_from(world, case, minor)
    work(world)
    (order,) = refunding(world)
    world.clock.advance(minutes=5)
    return world, case, order


def sent(world: World, order: PaymentOrder) -> PaymentOrder:
    approve(world, order.order_id)
    release(world, order.order_id)
    world.pay_clients()
    return world.orders.load(order.order_id)


def withdraw(world: World, order: PaymentOrder) -> None:
    ports = {"cases": world.cases, "orders": world.orders, "clock": world.clock}
    withdraw_order(order.order_id, by="col_1", reason="taken back", **ports)


def lacking(world: World) -> list[int]:
    return [row.payment.amount.minor for row in world.book.suspense()]


def check(world: World) -> None:
    found = sums(world)
    assert found.get("suspense", 0) == -sum(lacking(world))
    check_payables(world)
    assert [b for b in prove(world).breaks if b.check != "bank_line"] == []


def test_withdrawn_after_the_money_was_taken_back_it_ends_what_we_lack() -> None:
    world, case, order = ordered()
    take_back(world, case, "pay_1")
    assert lacking(world) == [-order.amount.minor]
    withdraw(world, order)
    assert lacking(world) == []
    assert queue(world) == ()
    assert events(world, "suspense.settled") == 1
    check(world)


@pytest.mark.parametrize("way", ["refused", "sent back"])
def test_not_paid_by_the_bank_it_ends_what_we_lack(way: str) -> None:
    world, case, order = ordered()
    order = sent(world, order)
    if way == "sent back":
        bank.debit(world, order)
    world.clock.advance(minutes=5)
    take_back(world, case, "pay_1")
    if way == "sent back":
        assert bank.come_back(world, order)
    else:
        bank.hear(world, status_report(order.batch_id, (order.order_id, "RJCT", "AM04")))
    assert (lacking(world), queue(world)) == ([], ())
    world.clock.advance(days=1)
    work(world)
    assert refunding(world) == []
    check_payables(world)


def test_of_a_part_that_was_taken_back_only_the_rest_is_owed_again() -> None:
    world, case, order = ordered()
    take_back(world, case, "pay_1", 5_000)
    assert lacking(world) == [-5_000]
    withdraw(world, order)
    assert lacking(world) == []
    (item,) = queue(world)
    assert item.refund.amount.minor == order.amount.minor - 5_000
    world.clock.advance(days=1)
    assert work(world)["refunds_ordered"] == 1
    check(world)


def test_less_than_we_lack_leaves_the_rest_as_a_row_that_the_next_one_ends() -> None:
    world, case, first = ordered(15_000)
    pay_from(world, case, 20_000, name="pay_2")
    work(world)
    (second,) = [o for o in refunding(world) if o.order_id != first.order_id]
    world.clock.advance(minutes=5)
    take_back(world, case, "pay_2", 20_000)
    take_back(world, case, "pay_1", first.amount.minor, name="back_2")
    whole = first.amount.minor + second.amount.minor
    assert -sum(lacking(world)) == whole
    withdraw(world, first)
    assert -sum(lacking(world)) == second.amount.minor
    check(world)
    world.clock.advance(minutes=5)
    withdraw(world, second)
    assert (lacking(world), queue(world)) == ([], ())
    check(world)


def test_another_payers_refund_makes_nothing_good_and_waits_for_a_person() -> None:
    world, case, mine = ordered()
    pay_from(world, case, 4_000, name="pay_2", iban=OTHER)
    work(world)
    (other,) = [o for o in refunding(world) if o.iban == OTHER]
    world.clock.advance(minutes=5)
    take_back(world, case, "pay_1")
    short = sum(lacking(world))
    withdraw(world, other)
    assert sum(lacking(world)) == short < 0
    (item,) = queue(world)
    assert item.is_short
    assert item.is_waiting
    assert work(world)["payments_stopped"] == len(item.refund.shares)
    check(world)
    withdraw(world, mine)
    assert (lacking(world), queue(world)[0].is_short) == ([], False)
    assert queue(world)[0].refund.amount.minor == 4_000


def test_nothing_of_the_case_is_released_while_something_lacks() -> None:
    world, case, order = ordered()
    approve(world, order.order_id)
    take_back(world, case, "pay_1")
    with pytest.raises(RuleRefused, match="withdraw the order"):
        release(world, order.order_id)
    assert world.orders.load(order.order_id).state is OrderState.APPROVED


def test_the_limit_frees_no_refund_while_something_lacks() -> None:
    world, case, order = ordered()
    take_back(world, case, "pay_1")
    generous = replace(AGENCY, release_limit_minor=1_000_000)
    done = release_automatically(
        agency=generous, cases=world.cases, clients=world.clients, orders=world.orders, clock=world.clock
    )
    assert (done, world.orders.load(order.order_id).state) == (0, OrderState.PROPOSED)


@pytest.mark.parametrize("way", ["expense", "undo"])
def test_a_later_surplus_waits_until_a_person_has_ended_the_row(way: str) -> None:
    world, case, order = ordered()
    bank.debit(world, sent(world, order))
    world.clock.advance(minutes=5)
    take_back(world, case, "pay_1")
    world.clock.advance(days=1)
    pay_from(world, case, 40_000, name="pay_2")
    before = queue(world)[0].refund.amount.minor
    assert work(world)["payments_stopped"] == 1
    assert refunding(world) == []
    (row,) = world.book.suspense()
    given: Any = {
        "by": "col_1",
        "book": world.book,
        "cases": world.cases,
        "clock": world.clock,
        "orders": world.orders,
    }
    if way == "expense":
        explain_as_expense(row.payment.payment_id, **given)
    else:
        undo_payment(row.payment.payment_id, PaymentId("pay_2"), case.case_id, **given)
    assert work(world)["refunds_ordered"] == 1
    (after,) = refunding(world)
    assert after.amount.minor == before - (order.amount.minor if way == "undo" else 0)
    assert after.kind is OrderKind.REFUND
    check(world)


def test_what_a_person_took_as_an_expense_is_none_when_the_refund_comes_back() -> None:
    world, case, order = ordered()
    bank.debit(world, sent(world, order))
    world.clock.advance(minutes=5)
    take_back(world, case, "pay_1")
    (row,) = world.book.suspense()
    as_expense(world, row)
    assert sums(world)[accounts.BANK_CHARGES] == order.amount.minor
    world.clock.advance(minutes=5)
    assert bank.come_back(world, world.orders.load(order.order_id))
    assert (queue(world), accounts.BANK_CHARGES in sums(world)) == ((), False)
    check(world)


@pytest.mark.parametrize("way", ["expense", "undo"])
def test_a_stop_is_not_ended_while_the_refund_is_under_way(way: str) -> None:
    world, case, order = ordered()
    take_back(world, case, "pay_1")
    (row,) = world.book.suspense()
    ports: Any = {"book": world.book, "cases": world.cases, "orders": world.orders, "clock": world.clock}
    stranger = into_suspense(world, order.amount.minor)

    def end() -> None:
        if way == "expense":
            explain_as_expense(row.payment.payment_id, by="col_1", **ports)
        else:
            undo_payment(row.payment.payment_id, stranger.payment.payment_id, None, by="col_1", **ports)

    with pytest.raises(RuleRefused, match="proposed; withdraw it"):
        end()
    world.clock.advance(days=1)
    world.pay_clients()
    assert world.orders.load(order.order_id).state is OrderState.PROPOSED
    withdraw(world, order)
    with pytest.raises(RuleRefused, match="found its owner already"):
        end()
    assert lacking(world) == [order.amount.minor], "only the stranger's money"
    check(world)


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_such_refunds_each_gives_back_its_part_of_the_expense(first: int) -> None:
    world, case, one = ordered(15_000)
    pay_from(world, case, 20_000, name="pay_2")
    work(world)
    (two,) = [o for o in refunding(world) if o.order_id != one.order_id]
    for order in (one, two):
        bank.debit(world, sent(world, order), name=order.order_id)
    take_back(world, case, "pay_2", 20_000)
    (row,) = world.book.suspense()
    as_expense(world, row)
    borne = sums(world)[accounts.BANK_CHARGES]
    for order in (one, two) if first == 0 else (two, one):
        world.clock.advance(minutes=5)
        assert bank.come_back(world, world.orders.load(order.order_id), name=order.order_id)
        borne -= min(borne, order.amount.minor)
        assert sums(world).get(accounts.BANK_CHARGES, 0) == borne
    assert -sums(world)[accounts.refunds(case.case_id)] == one.amount.minor
    check(world)


def test_a_case_without_such_a_row_is_as_before() -> None:
    world, case, order = ordered()
    withdraw(world, order)
    (item,) = queue(world)
    assert (item.is_short, item.refund.amount, item.refund.shares[0].payment_id) == (
        False,
        order.amount,
        "pay_1",
    )
    assert item.payers[0].iban == IBAN
    pay(world, world.place(reference="OTHER"), 1_000, name="pay_other")
    assert case.case_id == item.refund.case_id
    check(world)
