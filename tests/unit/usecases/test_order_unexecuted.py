"""An order is given up only where no money that the bank took may be its debit."""

from __future__ import annotations

from typing import Any

import pytest
from sovinto.domain.order import OrderState, PaymentOrder
from sovinto.errors import InvalidInput, RuleRefused
from sovinto.ids import PaymentId
from sovinto.usecases.suspense_debits import explain_as_expense, explain_as_own

from tests.support.book_world import prove
from tests.support.moves import take_back
from tests.support.orders import approve, check_payables, release, strict_world, sums
from tests.support.world import World
from tests.unit.usecases.test_order_debits import debit, explain, give_up
from tests.unit.usecases.test_order_given_back import told
from tests.unit.usecases.test_payment_orders import instructed
from tests.unit.usecases.test_refund_queue import pay_from, work
from tests.unit.usecases.test_refund_short import check, lacking, ordered, sent


def test_what_we_lack_of_a_refund_is_no_debit_of_the_bank() -> None:
    world, case, order = ordered(20_000)
    order = sent(world, order)
    take_back(world, case, "pay_1")
    world.clock.advance(days=20)
    assert lacking(world) == [-order.amount.minor]
    give_up(world, order, "col_1")
    assert give_up(world, order, "col_2").state is OrderState.REJECTED
    assert lacking(world) == [], "the refund that never left ends what we lacked"
    check(world)


def with_its_fee() -> tuple[World, PaymentOrder, PaymentId]:
    """The bank's debit has the order's id, and half a euro for the bank."""
    world = strict_world()
    order = instructed(world)
    assert told(world, order, "D1", -order.amount.minor - 50) == {"suspense": 1}
    (row,) = world.book.suspense()
    return world, order, row.payment.payment_id


def three_of_one_file() -> tuple[World, list[PaymentOrder]]:
    world = strict_world()
    for place, name in enumerate("ABC"):
        pay_from(
            world, world.place(reference=name, principal=1_000), 30_000 + place * 1_000, name=f"p{name}"
        )
    work(world)
    found = world.orders.open()
    approve(world, *(order.order_id for order in found))
    release(world, *(order.order_id for order in found))
    world.pay_clients()
    return world, [world.orders.load(order.order_id) for order in found]


def expense(world: World, payment_id: PaymentId, by: str = "col_3", how: Any = explain_as_expense) -> bool:
    ports: Any = {"book": world.book, "cases": world.cases, "clock": world.clock, "orders": world.orders}
    done: bool = how(payment_id, by=by, **ports)
    return done


def clean(world: World) -> bool:
    return [b for b in prove(world).breaks if not b.check.startswith("bank")] == []


def test_a_debit_under_its_own_name_is_neither_given_up_nor_an_expense() -> None:
    world, order, payment_id = with_its_fee()
    world.clock.advance(days=15)
    with pytest.raises(RuleRefused, match=r"a debit of 40\.50 EUR waits"):
        give_up(world, order, "col_1")
    with pytest.raises(RuleRefused, match="or that it names"):
        expense(world, payment_id)


def test_what_the_bank_took_beside_the_order_is_a_charge() -> None:
    world, order, payment_id = with_its_fee()
    with pytest.raises(InvalidInput, match=r"come to 40\.00, but the bank took 40\.50"):
        explain(world, payment_id, order.order_id)
    with pytest.raises(InvalidInput, match=r"come to 40\.60"):
        explain(world, payment_id, order.order_id, charge=60)
    assert explain(world, payment_id, order.order_id, charge=50) is False
    assert explain(world, payment_id, order.order_id, charge=50) is True
    assert world.orders.load(order.order_id).state is OrderState.BOOKED
    assert (sums(world)["expense:bank"], world.book.suspense()) == (50, ())
    check_payables(world)
    assert clean(world)


def test_two_of_a_file_in_one_debit_are_neither_given_up_nor_an_expense_nor_a_charge() -> None:
    world, found = three_of_one_file()
    payment_id = debit(world, found[0].amount.minor + found[1].amount.minor)
    world.clock.advance(days=15)
    for how in (explain_as_expense, explain_as_own):
        with pytest.raises(RuleRefused, match="may hold beside others or a charge"):
            expense(world, payment_id, how=how)
    with pytest.raises(InvalidInput, match="charge_minor may hold order"):
        explain(world, payment_id, found[0].order_id, charge=found[1].amount.minor)
    give_up(world, found[0], "col_1")
    with pytest.raises(RuleRefused, match="alone or with others or a charge"):
        give_up(world, found[0], "col_2")
    explain(world, payment_id, found[0].order_id, found[1].order_id)
    check_payables(world)


def test_a_debit_of_something_else_and_an_order_that_was_lost_do_not_wait_for_each_other() -> None:
    world = strict_world()
    order = instructed(world)
    payment_id = debit(world, 90_000)
    world.clock.advance(days=15)
    give_up(world, order, "col_1")
    with pytest.raises(RuleRefused, match="may hold beside others"):
        expense(world, payment_id, "col_1")
    with pytest.raises(RuleRefused, match="tell first what it is"):
        give_up(world, order, "col_2")
    expense(world, payment_id, "col_2", explain_as_own)
    assert give_up(world, order, "col_2").state is OrderState.REJECTED
    check_payables(world)


def test_a_debit_from_before_the_order_is_not_its_own() -> None:
    world = strict_world()
    payment_id = debit(world, 90_000)
    world.clock.advance(hours=1)
    order = instructed(world)
    world.clock.advance(days=15)
    give_up(world, order, "col_1")
    assert give_up(world, order, "col_2").state is OrderState.REJECTED
    assert expense(world, payment_id) is False
