"""A bank corrects its own booking, debit, return, debit: what was paid once is not paid again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sovinto.domain.order import OrderKind, OrderState, PaymentOrder
from sovinto.errors import InvalidInput, RuleRefused
from sovinto.ids import ClientId
from sovinto.usecases.client_owing import client_paid_back

from tests.support.book_world import prove
from tests.support.orders import approve, check_payables, release, strict_world, sums
from tests.support.people import AGENCY
from tests.support.suspense import as_expense
from tests.support.world import World
from tests.unit.usecases.test_order_given_back import told
from tests.unit.usecases.test_payment_orders import instructed
from tests.unit.usecases.test_refund_queue import pay_from, work


def open_of(world: World, kind: OrderKind) -> list[PaymentOrder]:
    return [order for order in world.orders.open() if order.kind is kind]


def corrected(world: World, order: PaymentOrder) -> None:
    """Debit, return, debit."""
    minor = order.amount.minor
    assert told(world, order, "D1", -minor) == {"transfers": 1}
    assert told(world, order, "C1", minor, is_reversal=True) == {"transfers": 1}
    assert told(world, order, "D2", -minor) == {"suspense": 1}
    assert world.orders.load(order.order_id).state is OrderState.REJECTED


def test_nothing_is_remitted_to_who_may_have_it_already() -> None:
    world = strict_world()
    corrected(world, instructed(world))
    done = world.pay_clients()
    assert (done["remittances"], done["payments_stopped"], world.orders.open()) == (0, 1, ())
    check_payables(world)


def test_a_person_says_that_it_is_paid_after_all_and_the_next_run_nets_it() -> None:
    world = strict_world()
    corrected(world, instructed(world))
    (row,) = world.book.suspense()
    for is_repeat in (False, True):
        done = client_paid_back(
            row.payment.payment_id,
            world.client.client_id,
            by="col_1",
            book=world.book,
            cases=world.cases,
            clients=world.clients,
            clock=world.clock,
        )
        assert done is is_repeat
    check_payables(world)
    paid = world.pay_clients()
    assert "payments_stopped" not in paid
    assert (open_of(world, OrderKind.REMITTANCE), world.book.suspense()) == ([], ())
    assert f"client:{world.client.client_id}:payable" not in sums(world)
    check_payables(world)
    assert [b.message for b in prove(world).breaks if not b.check.startswith("bank")] == []


def test_that_is_said_of_the_client_of_the_order_alone() -> None:
    world = strict_world()
    corrected(world, instructed(world))
    (row,) = world.book.suspense()
    other = replace(world.client, client_id=ClientId("cli_other"))
    world.clients.save(other)
    with pytest.raises(InvalidInput, match="client_id must be a client that paid just"):
        client_paid_back(
            row.payment.payment_id,
            other.client_id,
            by="col_1",
            book=world.book,
            cases=world.cases,
            clients=world.clients,
            clock=world.clock,
        )


def test_it_is_ordered_again_when_the_bank_gave_the_last_debit_back() -> None:
    world = strict_world()
    order = instructed(world)
    corrected(world, order)
    assert told(world, order, "C2", order.amount.minor, is_reversal=True) == {"transfers": 1}
    done = world.pay_clients()
    assert done["remittances"] == 1 and "payments_stopped" not in done


def test_nor_is_released_what_was_proposed_before_the_last_debit() -> None:
    world = strict_world()
    order = instructed(world)
    minor = order.amount.minor
    told(world, order, "D1", -minor)
    told(world, order, "C1", minor, is_reversal=True)
    world.pay_clients()
    (newer,) = open_of(world, OrderKind.REMITTANCE)
    approve(world, newer.order_id)
    told(world, order, "D2", -minor)
    with pytest.raises(RuleRefused, match=f"may pay again what order {order.order_id} paid"):
        release(world, newer.order_id)
    (row,) = world.book.suspense()
    as_expense(world, row)
    assert len(release(world, newer.order_id)) == 1


def test_nor_by_the_limit_of_the_agency() -> None:
    world = strict_world()
    order = instructed(world)
    minor = order.amount.minor
    told(world, order, "D1", -minor)
    told(world, order, "C1", minor, is_reversal=True)
    world.pay_clients()
    told(world, order, "D2", -minor)
    world.agency = AGENCY
    assert world.pay_clients()["bank_files"] == 0
    assert [newer.state for newer in world.orders.open()] == [OrderState.PROPOSED]


def test_a_refund_waits_in_the_same_way() -> None:
    world = strict_world()
    pay_from(world, world.place(principal=10_000), 15_000)
    work(world)
    (order,) = open_of(world, OrderKind.REFUND)
    approve(world, order.order_id)
    release(world, order.order_id)
    world.pay_clients()
    corrected(world, world.orders.load(order.order_id))
    done = work(world)
    assert (done["refunds_ordered"], done["payments_stopped"]) == (0, 1)
    assert open_of(world, OrderKind.REFUND) == []
    assert told(world, order, "C2", order.amount.minor, is_reversal=True) == {"transfers": 1}
    assert work(world)["refunds_ordered"] == 1


def test_a_duplicate_that_comes_back_before_both_debits_leaves_the_order_paid() -> None:
    world = strict_world()
    order = instructed(world)
    minor = order.amount.minor
    assert told(world, order, "C1", minor, reason="AM05") == {"suspense": 1}
    assert told(world, order, "D1", -minor) == {"transfers": 1}
    assert world.orders.load(order.order_id).state is OrderState.BOOKED
    assert told(world, order, "D2", -minor) == {"transfers": 1}
    assert world.orders.load(order.order_id).state is OrderState.BOOKED
    assert world.book.suspense() == ()
    assert world.pay_clients()["remittances"] == 0
    check_payables(world)


def test_both_debits_after_a_return_without_a_word_leave_the_last_for_people() -> None:
    world = strict_world()
    order = instructed(world)
    minor = order.amount.minor
    told(world, order, "C1", minor, is_reversal=True)
    told(world, order, "D1", -minor)
    assert told(world, order, "D2", -minor) == {"suspense": 1}
    assert world.pay_clients()["remittances"] == 0
