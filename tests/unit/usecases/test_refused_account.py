"""Only a refusal that speaks of the payee's account blocks it, and a person can let it go again."""

from __future__ import annotations

import pytest
from sovinto.domain.order import OrderKind
from sovinto.errors import InvalidInput
from sovinto.usecases.remit_to_client import MAX_LINES
from sovinto.usecases.stopped_remittance import is_remittance_stopped, try_remittance_again

from tests.support import orders as bank
from tests.support.moves import pay
from tests.support.orders import check_payables, strict_world
from tests.support.world import World
from tests.unit.usecases.test_refund_queue import queue
from tests.unit.usecases.test_tries import OWING, owing_client, owing_refund, refuse, sent

ELSEWHERE = ["MS03", "NARR", "DS0A", "ED05", "TECH", "CURR", "RR04", "CNOR", "AC02", "RC03", "914"]
OF_ACCOUNT = ["AC01", "AC03", "AC04", "AC06", "AC07", "AC14", "AG01", "RC04", "RC07", "MD07"]


@pytest.mark.parametrize("kind", OWING)
@pytest.mark.parametrize("reason", ELSEWHERE)
def test_what_is_not_of_the_account_is_ordered_to_it_again(kind: OrderKind, reason: str) -> None:
    world = OWING[kind]()
    (order,) = sent(world, kind)
    refuse(world, [order], reason)
    (again,) = sent(world, kind)
    assert (again.iban, again.amount) == (order.iban, order.amount)
    check_payables(world)


def test_what_comes_back_without_a_reason_is_ordered_again() -> None:
    world = owing_client()
    (order,) = sent(world, OrderKind.REMITTANCE)
    bank.debit(world, order)
    assert bank.come_back(world, order, reason="returned")
    assert len(sent(world, OrderKind.REMITTANCE)) == 1


def again(world: World) -> None:
    client = world.clients.load(world.client.client_id)
    try_remittance_again(client, by="col_1", reason="asked", cases=world.cases, clock=world.clock)


@pytest.mark.parametrize("reason", OF_ACCOUNT)
def test_a_refused_account_waits_is_counted_and_goes_again(reason: str) -> None:
    world = owing_client()
    with pytest.raises(InvalidInput, match="nothing is stopped"):
        again(world)
    for _ in range(2):
        refuse(world, sent(world, OrderKind.REMITTANCE), reason)
        assert sent(world, OrderKind.REMITTANCE) == []
        assert is_remittance_stopped(world.clients.load(world.client.client_id), world.cases)
        assert world.pay_clients()["payments_stopped"] == 1
        again(world)
    assert len(sent(world, OrderKind.REMITTANCE)) == 1
    assert "payments_stopped" not in world.pay_clients()
    check_payables(world)


def test_two_orders_refused_together_are_let_go_once() -> None:
    world = strict_world()
    for number in range(MAX_LINES + 1):
        pay(world, world.place(reference=f"A-{number}"), 1_000, name=f"pay_{number}")
    orders = sent(world, OrderKind.REMITTANCE)
    assert len(orders) == 2
    refuse(world, orders, "AC04")
    again(world)
    with pytest.raises(InvalidInput, match="nothing is stopped"):
        again(world)


def test_a_refused_account_of_a_payer_is_asked_for() -> None:
    world = owing_refund()
    refuse(world, sent(world, OrderKind.REFUND), "AC04")
    (item,) = queue(world)
    assert [share.payment_id for share in item.asks] == ["pay_1"]
