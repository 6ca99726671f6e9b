"""Money comes back, and its debit or the return does not name the order: a person says so."""

from __future__ import annotations

import pytest
from sovinto.domain.order import OrderKind, OrderState, PaymentOrder
from sovinto.domain.payment import UnallocatedPayment
from sovinto.errors import InvalidInput, RuleRefused
from sovinto.usecases.suspense_debits import explain_as_expense

from tests.support.book_world import prove
from tests.support.orders import check_payables, strict_world, sums
from tests.support.world import World
from tests.unit.usecases.test_order_debits import explain, two_of_one_file
from tests.unit.usecases.test_order_given_back import executed_twice, told
from tests.unit.usecases.test_payment_orders import events, instructed
from tests.unit.usecases.test_refund_queue import queue, work


def waiting(world: World) -> UnallocatedPayment:
    (row,) = world.book.suspense()
    return row


def owed_again(world: World, order: PaymentOrder) -> None:
    assert (world.orders.load(order.order_id).state, world.book.suspense()) == (OrderState.REJECTED, ())
    assert -sums(world)["client:cli_demo:payable"] == order.amount.minor == sums(world)["bank:collection"]
    check_payables(world)
    assert [b for b in prove(world).breaks if not b.check.startswith("bank")] == []


def paid(world: World) -> PaymentOrder:
    order = instructed(world)
    assert told(world, order, "D1", -order.amount.minor) == {"transfers": 1}
    return order


@pytest.mark.parametrize(("reason", "kept"), [("AC04", "AC04"), ("", "returned")])
def test_a_return_that_waits_under_its_name_is_told_with_the_debit(reason: str, kept: str) -> None:
    world = strict_world()
    order = instructed(world)
    assert told(world, order, "D1", -order.amount.minor, end_to_end="") == {"suspense": 1}
    debit = waiting(world).payment.payment_id
    assert told(world, order, "R1", order.amount.minor, reason=reason, is_reversal=True) == {"suspense": 1}
    assert explain(world, debit, order.order_id) is False
    assert explain(world, debit, order.order_id) is True
    assert world.orders.load(order.order_id).reason == kept
    owed_again(world, order)


@pytest.mark.parametrize(("reason", "kept"), [("AC04", "AC04"), ("", "returned")])
def test_a_return_without_its_name_is_told_to_be_the_orders(reason: str, kept: str) -> None:
    world = strict_world()
    order = paid(world)
    told(world, order, "R1", order.amount.minor, reason=reason, is_reversal=True, end_to_end="")
    credit = waiting(world).payment.payment_id
    assert explain(world, credit, order.order_id) is False
    assert explain(world, credit, order.order_id) is True
    assert world.orders.load(order.order_id).reason == kept
    owed_again(world, order)


def test_a_fee_beside_the_debit_and_its_return() -> None:
    world = strict_world()
    order = instructed(world)
    told(world, order, "D1", -order.amount.minor - 50)
    debit = waiting(world).payment.payment_id
    assert told(world, order, "R1", order.amount.minor, reason="AC04") == {"suspense": 1}
    explain(world, debit, order.order_id, charge=50)
    assert world.orders.load(order.order_id).state is OrderState.REJECTED
    assert (sums(world)["expense:bank"], world.book.suspense()) == (50, ())
    check_payables(world)


def test_a_refund_that_came_back_is_owed_again() -> None:
    world, found = two_of_one_file()
    (refund,) = (order for order in found if order.kind is OrderKind.REFUND)
    told(world, refund, "D1", -refund.amount.minor)
    told(world, refund, "R1", refund.amount.minor, reason="AM04", is_reversal=True, end_to_end="")
    explain(world, waiting(world).payment.payment_id, refund.order_id)
    assert (events(world, "refund.paid"), events(world, "refund.came_back")) == (1, 1)
    assert sum(item.refund.amount.minor for item in queue(world)) == refund.amount.minor
    assert work(world)["refunds_ordered"] == 1
    check_payables(world)


def test_only_the_one_order_of_that_sum_came_back() -> None:
    world = strict_world()
    order = paid(world)
    told(world, order, "R1", order.amount.minor - 100, is_reversal=True, end_to_end="")
    credit = waiting(world).payment.payment_id
    with pytest.raises(InvalidInput, match=r"is booked with 40\.00 EUR"):
        explain(world, credit, order.order_id)
    for names, charge in (((order.order_id, "rem-other"), 0), ((order.order_id,), 100)):
        with pytest.raises(InvalidInput, match="the one order that came back"):
            explain(world, credit, *names, charge=charge)
    assert world.orders.load(order.order_id).state is OrderState.BOOKED


def test_what_was_paid_twice_and_given_back_once_stays_paid() -> None:
    world, order = executed_twice()
    debit = waiting(world)
    told(world, order, "R1", order.amount.minor, is_reversal=True, end_to_end="")
    (credit,) = (row for row in world.book.suspense() if row.payment.amount.minor > 0)
    with pytest.raises(RuleRefused, match="end the two together"):
        explain(world, credit.payment.payment_id, order.order_id)
    ports = {"book": world.book, "cases": world.cases, "orders": world.orders, "clock": world.clock}
    explain_as_expense(debit.payment.payment_id, by="col_1", **ports)  # type: ignore[arg-type]
    told(world, order, "R2", order.amount.minor, reason="AM05")
    (named,) = (row for row in world.book.suspense() if row.end_to_end_id == order.order_id)
    with pytest.raises(RuleRefused, match="it is paid, and this is the rest"):
        explain(world, named.payment.payment_id, order.order_id)
    assert world.orders.load(order.order_id).state is OrderState.BOOKED
