"""What lies beside the ledger and says another thing: the proof names it, and no such order leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sovinto.domain.order import OrderState, PaymentOrder
from sovinto.errors import InvalidInput, RuleRefused
from sovinto.usecases.order_status import withdraw_order
from sovinto.usecases.order_unexecuted import not_executed, overdue_orders
from sovinto.usecases.partly import PartlyFailed

from tests.support.book_world import deliver, prove
from tests.support.memory_table import MemoryTable
from tests.support.moves import owed, pay
from tests.support.orders import approve, release, strict_world, sums
from tests.support.world import World
from tests.unit.usecases.test_refund_queue import pay_from, work

Key = tuple[str, str]


def found(world: World) -> dict[str, str]:
    """What the proof says beside the bank's files, by check."""
    return {b.check: b.message for b in prove(world).breaks if not b.check.startswith("bank")}


def rows(world: World, of: Callable[[Key], bool]) -> list[Key]:
    assert isinstance(world.table, MemoryTable)
    return sorted(key for key in world.table.items if of(key))


def remove(world: World, *keys: Key) -> None:
    assert isinstance(world.table, MemoryTable)
    for key in keys:
        del world.table.items[key]


def alter(world: World, key: Key, how: Callable[[dict[str, Any]], None]) -> None:
    assert isinstance(world.table, MemoryTable)
    body = json.loads(str(world.table.items[key]["body"]))
    how(body)
    world.table.items[key]["body"] = json.dumps(body)


def _more(body: dict[str, Any]) -> None:
    body["amount"]["minor"] += 50_000


def order_row(world: World) -> Key:
    (key,) = rows(world, lambda key: key[1] == "ORDER" and key[0].startswith("ORDER#"))
    return key


def with_order() -> World:
    world = strict_world()
    pay(world, world.place(), 5_000)
    world.pay_clients()
    assert found(world) == {}
    return world


def test_an_order_that_is_gone_or_of_another_sum_is_named() -> None:
    world = with_order()
    alter(world, order_row(world), _more)
    text = "the ledger says 50.00 EUR, the open payment orders say 550.00: -500.00 apart"
    assert found(world) == {"in_transit": text}
    remove(world, order_row(world))
    assert found(world)["in_transit"].endswith(": 50.00 apart")


def test_an_order_of_another_sum_than_was_taken_is_not_released_and_can_be_withdrawn() -> None:
    world = with_order()
    (order,) = world.orders.open()
    approve(world, order.order_id)
    alter(world, order_row(world), _more)
    with pytest.raises(RuleRefused, match="not of the sum that the books took"):
        release(world, order.order_id)
    withdraw_order(
        order.order_id, by="col_2", reason="x", cases=world.cases, orders=world.orders, clock=world.clock
    )
    assert "bank:in_transit" not in sums(world)
    assert found(world) == {}


def test_the_limit_frees_no_order_of_another_sum_than_was_taken() -> None:
    world = with_order()
    (order,) = world.orders.open()
    alter(world, order_row(world), _more)
    world.agency = replace(world.agency, release_limit_minor=1_000_000)
    assert world.pay_clients()["bank_files"] == 0
    assert world.orders.load(order.order_id).state is OrderState.PROPOSED


def test_an_order_that_changed_after_its_release_is_not_written() -> None:
    world = with_order()
    (order,) = world.orders.open()
    approve(world, order.order_id)
    release(world, order.order_id)
    alter(world, order_row(world), _more)
    with pytest.raises(PartlyFailed):
        world.pay_clients()
    assert not world.bank.keys("outgoing/")


def test_a_released_order_that_changed_is_left_out_of_its_file_and_given_up_by_two() -> None:
    world = with_order()
    (wrong,) = world.orders.open()
    pay_from(world, world.place(reference="B", principal=10_000), 15_000, name="pay_2")
    work(world)
    (right,) = [o for o in world.orders.open() if o.order_id != wrong.order_id]
    ids = (wrong.order_id, right.order_id)
    approve(world, *ids)
    (batch,) = release(world, *ids)
    alter(world, (f"ORDER#{wrong.order_id}", "ORDER"), _more)
    for _ in range(2):
        with pytest.raises(PartlyFailed, match="1 of the run"):
            world.pay_clients()
    (key,) = world.bank.keys("outgoing/")
    file = world.bank.read(key).decode()
    assert [name in file for name in ids] == [False, True]
    assert [world.orders.load(i).state for i in ids] == [OrderState.RELEASED, OrderState.INSTRUCTED]
    stored = world.orders.batch(batch.batch_id)
    assert stored is not None
    assert (stored.order_ids, stored.control_sum) == ((right.order_id,), right.amount)
    with pytest.raises(InvalidInput, match="can be given up"):
        give_up(world, wrong.order_id, "col_1")
    world.clock.advance(days=7)
    assert wrong.order_id in {
        o.order_id for o in overdue_orders(agency=world.agency, orders=world.orders, clock=world.clock)
    }
    before = sums(world)["bank:in_transit"]
    give_up(world, wrong.order_id, "col_1")
    assert give_up(world, wrong.order_id, "col_2").state is OrderState.REJECTED
    assert sums(world)["bank:in_transit"] == before + wrong.amount.minor
    assert world.pay_clients()["remittances"] == 1, "it is ordered anew, of the right sum"


def test_a_released_order_that_waits_for_its_file_is_not_given_up() -> None:
    world = with_order()
    (order,) = world.orders.open()
    approve(world, order.order_id)
    release(world, order.order_id)
    world.clock.advance(days=7)
    with pytest.raises(InvalidInput, match="can be given up"):
        give_up(world, order.order_id, "col_1")


def give_up(world: World, order_id: str, by: str) -> PaymentOrder:
    ports: Any = {"book": world.book, "cases": world.cases, "orders": world.orders, "clock": world.clock}
    return not_executed(order_id, by=by, reason="never written", agency=world.agency, **ports)


def test_a_payable_that_keeps_another_fee_back_is_named() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 3)
    deliver(world, "one", (owed(world, case), case.payment_reference))
    assert found(world) == {}
    (key,) = rows(world, lambda key: key[1].startswith("PAYABLE#"))
    alter(world, key, lambda body: body["retained"].update(minor=0))
    assert list(found(world)) == ["retained"]


def test_a_refund_that_left_the_queue_is_named() -> None:
    world = strict_world()
    pay(world, world.place(), 30_000)
    assert found(world) == {}
    remove(world, *rows(world, lambda key: key[1] == "REFUND"))
    text = "198.31 EUR is owed back, but the case is not in the refund queue"
    assert found(world) == {"refunds": text}


def test_an_invoice_that_is_gone_or_asked_no_more_is_named() -> None:
    world = strict_world()
    world.place()
    world.clock.advance(days=31)
    world.pay_clients()
    assert found(world) == {}
    keys = rows(world, lambda key: key[1].startswith("FEE_INVOICE#"))
    assert isinstance(world.table, MemoryTable)
    world.table.items[keys[0]].pop("work_queue")
    assert "not in the list of unpaid invoices" in found(world)["invoiced"]
    remove(world, *keys)
    assert (
        found(world)["invoiced"]
        == "the ledger says 12.55 EUR, what our invoices have left say 0.00: 12.55 apart"
    )
