"""What the bank sends back again and again, without blaming the account, is not tried for ever."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sovinto.domain.order import OrderKind, PaymentOrder
from sovinto.errors import InvalidInput
from sovinto.usecases.order_status import withdraw_order
from sovinto.usecases.refund_queue import record_payer, try_refund_again
from sovinto.usecases.remit_to_client import MAX_LINES
from sovinto.usecases.tries import MOST_TRIES, let_go, tries_of_client

from tests.support import orders as bank
from tests.support.moves import pay
from tests.support.orders import approve, check_payables, release, status_report, strict_world
from tests.support.world import World
from tests.unit.usecases.test_payment_orders import events
from tests.unit.usecases.test_refund_queue import OTHER, pay_from, queue, refunding, work


def sent(world: World, kind: OrderKind) -> list[PaymentOrder]:
    """What the run proposes is released, and with the bank."""
    world.clock.advance(days=1)
    work(world)
    world.pay_clients()
    found = [order for order in world.orders.open() if order.kind is kind]
    for order in found:
        approve(world, order.order_id)
        release(world, order.order_id)
    world.pay_clients()
    return [world.orders.load(order.order_id) for order in found]


def refuse(world: World, orders: list[PaymentOrder], reason: str = "") -> None:
    for order in orders:
        bank.hear(world, status_report(order.batch_id, (order.order_id, "RJCT", reason)))


def owing_client() -> World:
    world = strict_world()
    pay(world, world.place(), 4_000)
    return world


def owing_refund() -> World:
    world = strict_world()
    pay_from(world, world.place(principal=10_000), 15_000)
    return world


OWING = {OrderKind.REMITTANCE: owing_client, OrderKind.REFUND: owing_refund}
STOPPED = {OrderKind.REMITTANCE: "remittance.stopped", OrderKind.REFUND: "refund.stopped"}


@pytest.mark.parametrize("kind", OWING)
@pytest.mark.parametrize("reason", ["", "AM04"])
def test_it_is_tried_a_few_times_and_then_waits_for_people(kind: OrderKind, reason: str) -> None:
    world = OWING[kind]()
    for number in range(MOST_TRIES):
        assert events(world, STOPPED[kind]) == 0
        orders = sent(world, kind)
        assert len(orders) == 1, number
        refuse(world, orders, reason)
    assert events(world, STOPPED[kind]) == 1
    for _ in range(3):
        assert sent(world, kind) == []
    assert world.pay_clients().get("payments_stopped", 0) == (kind is OrderKind.REMITTANCE)
    assert work(world).get("payments_stopped", 0) == (kind is OrderKind.REFUND)
    check_payables(world)


def test_a_debit_on_the_statement_begins_the_count_anew() -> None:
    world = owing_client()
    for number in range(2):
        for _ in range(MOST_TRIES - 1):
            refuse(world, sent(world, OrderKind.REMITTANCE))
        (order,) = sent(world, OrderKind.REMITTANCE)
        bank.debit(world, order, f"D{number}")
        pay(world, world.place(reference=f"NEW-{number}"), 1_000, name=f"pay_new_{number}")
    assert len(sent(world, OrderKind.REMITTANCE)) == 1
    assert events(world, STOPPED[OrderKind.REMITTANCE]) == 0


@pytest.mark.parametrize("kind", OWING)
@pytest.mark.parametrize("reason", ["AM04", "TM01"])
def test_what_is_debited_and_sent_back_was_never_paid(kind: OrderKind, reason: str) -> None:
    world = OWING[kind]()
    for number in range(MOST_TRIES):
        assert events(world, STOPPED[kind]) == 0
        (order,) = sent(world, kind)
        bank.debit(world, order, f"D{number}")
        world.clock.advance(days=1)
        assert bank.come_back(world, order, name=f"R{number}", reason=reason)
    assert events(world, STOPPED[kind]) == 1
    assert sent(world, kind) == []


def test_a_refund_that_was_paid_and_sent_back_begins_the_count_anew() -> None:
    world = owing_refund()
    for _ in range(MOST_TRIES - 1):
        refuse(world, sent(world, OrderKind.REFUND))
    (order,) = sent(world, OrderKind.REFUND)
    bank.debit(world, order)
    assert bank.come_back(world, order)
    record_payer(
        queue(world)[0].refund.case_id,
        order.source,
        name="Tiina Testinen",
        iban=order.iban,
        by="col_3",
        cases=world.cases,
        orders=world.orders,
    )
    refuse(world, sent(world, OrderKind.REFUND))
    assert len(sent(world, OrderKind.REFUND)) == 1


def test_a_person_lets_a_remittance_go_again() -> None:
    world = owing_client()
    name = tries_of_client(world.client.client_id, world.client.iban)
    given: dict[str, Any] = {"by": "col_1", "reason": "asked the bank", "cases": world.cases}
    with pytest.raises(InvalidInput, match="nothing is stopped"):
        let_go(name, clock=world.clock, **given)
    for _ in range(MOST_TRIES):
        refuse(world, sent(world, OrderKind.REMITTANCE))
    let_go(name, clock=world.clock, **given)
    assert len(sent(world, OrderKind.REMITTANCE)) == 1


def test_another_account_of_the_client_is_tried() -> None:
    world = owing_client()
    for _ in range(MOST_TRIES):
        refuse(world, sent(world, OrderKind.REMITTANCE))
    world.clients.save(replace(world.client, iban=OTHER))
    (order,) = sent(world, OrderKind.REMITTANCE)
    assert order.iban == OTHER


def test_a_refund_goes_again_or_to_another_account() -> None:
    world = owing_refund()
    for _ in range(MOST_TRIES):
        refuse(world, sent(world, OrderKind.REFUND))
    (item,) = queue(world)
    assert (item.stopped, item.asks) == (("pay_1",), ())
    given: dict[str, Any] = {"cases": world.cases, "orders": world.orders}
    case_id = item.refund.case_id
    try_refund_again(case_id, "pay_1", by="col_1", reason="asked", clock=world.clock, **given)
    refuse(world, sent(world, OrderKind.REFUND))
    assert queue(world)[0].stopped == ()
    with pytest.raises(InvalidInput, match="goes to the account that paid"):
        record_payer(case_id, "pay_1", name="Tiina T", iban=OTHER, by="col_1", **given)
    for _ in range(MOST_TRIES - 1):
        refuse(world, sent(world, OrderKind.REFUND))
    record_payer(case_id, "pay_1", name="Tiina T", iban=OTHER, by="col_3", **given)
    (order,) = sent(world, OrderKind.REFUND)
    assert (order.iban, order.proposed_by) == (OTHER, "col_3")
    assert refunding(world) == [order]


def test_what_people_withdraw_is_not_proposed_for_ever() -> None:
    world = owing_client()
    for _ in range(MOST_TRIES):
        world.clock.advance(days=1)
        world.pay_clients()
        (order,) = world.orders.open()
        withdraw_order(
            order.order_id,
            by="col_1",
            reason="no",
            cases=world.cases,
            orders=world.orders,
            clock=world.clock,
        )
    world.pay_clients()
    assert world.orders.open() == ()


def test_several_orders_of_one_run_are_one_try() -> None:
    world = strict_world()
    for number in range(MAX_LINES + 1):
        pay(world, world.place(reference=f"A-{number}"), 1_000, name=f"pay_{number}")
    for _ in range(MOST_TRIES):
        orders = sent(world, OrderKind.REMITTANCE)
        assert len(orders) == 2
        refuse(world, orders)
    assert sent(world, OrderKind.REMITTANCE) == []
    assert events(world, "remittance.stopped") == 1
