"""The bank executes an order of ours more than once, and gives back what was too much."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sovinto.adapters.dynamo.keys import suspense_by
from sovinto.domain.order import OrderState, PaymentOrder
from sovinto.usecases.suspense_debits import undo_payment

from tests.support.held import deliver
from tests.support.orders import approve, check_payables, release, strict_world, sums
from tests.support.statements import camt053, line
from tests.support.suspense import as_expense
from tests.support.world import World
from tests.unit.usecases.test_payment_orders import events, instructed, waiting_return

OPENING = 1_000_000


def told(
    world: World,
    order: PaymentOrder,
    name: str,
    minor: int,
    *,
    reason: str = "",
    is_reversal: bool = False,
    end_to_end: str | None = None,
) -> dict[str, int]:
    """One line under the order's end-to-end id, on a statement of its own."""
    world.clock.advance(days=1)
    booked = line(
        minor,
        end_to_end=order.order_id if end_to_end is None else end_to_end,
        bank_id=name,
        on=world.clock.now().date(),
        is_reversal=is_reversal,
    )
    if reason:
        booked = booked.replace("</TxDtls>", f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf></TxDtls>")
    opening = OPENING + sums(world).get("bank:collection", 0)
    return deliver(world, camt053(booked, change=minor, statement_id=name, opening=opening), f"{name}.xml")


def money(world: World) -> dict[str, int]:
    return {
        name: m for name, m in sums(world).items() if not name.startswith("debtor") and "claims" not in name
    }


def executed_twice() -> tuple[World, PaymentOrder]:
    world = strict_world()
    order = instructed(world)
    assert told(world, order, "D1", -order.amount.minor) == {"transfers": 1}
    assert told(world, order, "D2", -order.amount.minor) == {"suspense": 1}
    return world, order


@pytest.mark.parametrize(("reason", "is_reversal"), [("AM05", False), ("", True), ("", True)])
def test_what_was_paid_twice_and_given_back_once_is_paid(reason: str, is_reversal: bool) -> None:
    world, order = executed_twice()
    minor = order.amount.minor
    assert told(world, order, "C1", minor, reason=reason, is_reversal=is_reversal) == {"transfers": 1}
    assert world.orders.load(order.order_id).state is OrderState.BOOKED
    assert (world.book.suspense(), money(world)) == ((), {})
    assert events(world, "suspense.settled") == 1
    assert world.pay_clients()["remittances"] == 0
    check_payables(world)


def test_both_given_back_is_owed_again() -> None:
    world, order = executed_twice()
    for name in ("C1", "C2"):
        assert told(world, order, name, order.amount.minor, reason="AC04") == {"transfers": 1}
    assert world.orders.load(order.order_id).state is OrderState.REJECTED
    assert world.book.suspense() == ()
    assert -sums(world)["client:cli_demo:payable"] == order.amount.minor == sums(world)["bank:collection"]
    check_payables(world)


def test_a_debit_of_another_sum_that_is_given_back_leaves_the_order_as_it_is() -> None:
    world = strict_world()
    order = instructed(world)
    minor = order.amount.minor + 100
    assert told(world, order, "D1", -minor) == {"suspense": 1}
    assert told(world, order, "C1", minor) == {"transfers": 1}
    assert (world.book.suspense(), world.orders.load(order.order_id)) == ((), order)


def test_a_second_debit_that_a_person_explained_does_not_make_the_order_unpaid() -> None:
    world, order = executed_twice()
    (row,) = world.book.suspense()
    as_expense(world, row)
    assert told(world, order, "C1", order.amount.minor, reason="AM05") == {"suspense": 1}
    assert world.orders.load(order.order_id).state is OrderState.BOOKED, "the client has it once"
    (credit,) = world.book.suspense()
    assert "more often than it gave it back" in credit.reason


def test_a_debit_from_before_it_was_found_by_its_name_waits_beside_what_came_back() -> None:
    world, order = executed_twice()
    items = world.table.items  # type: ignore[attr-defined]
    (pointer,) = [key for key in items if key[0] == suspense_by(order.order_id)]
    del items[pointer]
    assert told(world, order, "C1", order.amount.minor, reason="AM05") == {"suspense": 1}
    assert world.orders.load(order.order_id).state is OrderState.BOOKED
    debit, credit = sorted(world.book.suspense(), key=lambda row: row.payment.amount.minor)
    undo_payment(
        debit.payment.payment_id,
        credit.payment.payment_id,
        None,
        by="col_1",
        book=world.book,
        cases=world.cases,
        orders=world.orders,
        clock=world.clock,
    )
    assert (world.book.suspense(), money(world)) == ((), {})


def test_a_debit_under_a_name_that_is_no_order_is_not_given_back_by_it() -> None:
    world = strict_world()
    order = replace(instructed(world), order_id="E2E-STRANGER")
    assert told(world, order, "D1", -700) == {"suspense": 1}
    assert told(world, order, "C1", 700) == {"suspense": 1}
    assert len(world.book.suspense()) == 2


@pytest.mark.parametrize(("reason", "is_asked_again"), [("AC04", False), ("AM09", True), ("", True)])
def test_a_return_that_is_read_before_its_debit_makes_the_order_unpaid(
    reason: str, is_asked_again: bool
) -> None:
    world = strict_world()
    order = instructed(world)
    minor = order.amount.minor
    assert told(world, order, "C1", minor, reason=reason, is_reversal=True) == {"suspense": 1}
    assert world.orders.load(order.order_id) == order
    assert told(world, order, "D1", -minor) == {"transfers": 1}
    found = world.orders.load(order.order_id)
    assert (found.state, found.reason) == (OrderState.REJECTED, reason or "returned")
    assert world.book.suspense() == ()
    assert money(world) == {"client:cli_demo:payable": -minor, "bank:collection": minor}
    assert (events(world, "suspense.settled"), events(world, "remittance.rejected")) == (1, 1)
    check_payables(world)
    assert world.pay_clients()["remittances"] == is_asked_again


def test_a_return_of_another_sum_before_the_debit_is_for_people() -> None:
    world = strict_world()
    order = instructed(world)
    minor = order.amount.minor
    assert told(world, order, "C1", minor - 100, is_reversal=True) == {"suspense": 1}
    assert told(world, order, "D1", -minor) == {"transfers": 1}
    assert world.orders.load(order.order_id).state is OrderState.BOOKED
    assert len(world.book.suspense()) == 1


def test_the_return_of_money_without_an_owner_waits_again_when_it_is_read_first() -> None:
    world = strict_world()
    order = waiting_return(world)
    approve(world, order.order_id, by="col_2")
    release(world, order.order_id, by="col_3")
    world.pay_clients()
    minor = order.amount.minor
    assert told(world, order, "C1", minor, reason="AC04") == {"suspense": 1}
    assert told(world, order, "D1", -minor) == {"transfers": 1}
    (row,) = world.book.suspense()
    assert (row.payment.amount.minor, row.reason) == (minor, "its return came back: AC04")
    assert sums(world) == {"bank:collection": minor, "suspense": -minor}
