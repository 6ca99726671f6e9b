"""The desk about money that leaves: who may, what is withdrawn, whose account, and a stopped change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sovinto.domain.order import OrderKind
from sovinto.domain.payout_account import Proof
from sovinto.entry import desk_orders
from sovinto.entry.desk import read_request
from sovinto.entry.desk_rights import Rights
from sovinto.entry.order_requests import ORDER_REQUESTS
from sovinto.errors import NotAllowed
from sovinto.usecases.change_payout_account import change_payout_account
from sovinto.usecases.tries import MOST_TRIES

from tests.support.orders import strict_world
from tests.support.people import CLIENT, COLLECTORS
from tests.support.world import World
from tests.unit.usecases.test_client_owing import owing_world, paid_in, short
from tests.unit.usecases.test_order_debits import debit
from tests.unit.usecases.test_payment_orders import instructed, proposed
from tests.unit.usecases.test_refund_queue import IBAN, pay_from, refunding, work
from tests.unit.usecases.test_tries import owing_client, owing_refund, refuse, sent


def ask(world: World, action: str, by: str = "col_1", **given: Any) -> Any:
    request = read_request({"action": action, "by": by, **given}, ORDER_REQUESTS)
    Rights(COLLECTORS, world.cases, world.clients, world.orders, world.book).check_right(request)
    means = desk_orders.Means(
        world.agency,
        world.bank,
        world.cases,
        world.clients,
        world.orders,
        world.clock,
        print,
        "sandbox",
        world.book,
    )
    return desk_orders.act(request, means)


def of_orders(action: str, order_id: str) -> dict[str, Any]:
    """What such a request holds."""
    more: dict[str, dict[str, Any]] = {
        "approve_orders": {"order_ids": [order_id]},
        "release_orders": {"order_ids": [order_id], "control_sum_minor": 1, "currency": "EUR"},
        "withdraw_order": {"order_id": order_id, "reason": "no"},
        "order_not_executed": {"order_id": order_id, "reason": "no"},
        "order_suspense": {"order_ids": [order_id], "payment_id": "pay_1"},
        "client_suspense": {"client_id": "cli_demo", "payment_id": "pay_1"},
    }
    return {"action": action, "by": "col_1", **more[action]}


def test_two_people_approve_and_release_and_the_file_is_there_at_once() -> None:
    world = strict_world()
    order = proposed(world)
    ids: dict[str, Any] = {"order_ids": [order.order_id]}
    ask(world, "approve_orders", **ids)
    told = ask(world, "release_orders", "col_2", **ids, control_sum_minor=4_000, currency="EUR")
    assert told["files_written"] == 1
    assert len(world.bank.keys("outgoing/")) == 1


@pytest.mark.parametrize(
    "action",
    [
        "approve_orders",
        "release_orders",
        "withdraw_order",
        "order_not_executed",
        "order_suspense",
        "client_suspense",
    ],
)
def test_only_who_is_named_for_it_approves_and_releases(action: str) -> None:
    world = strict_world()
    others = tuple(replace(one, may_release=False) for one in COLLECTORS)
    given = of_orders(action, "rem-1")
    request = read_request(given, ORDER_REQUESTS)
    with pytest.raises(NotAllowed, match="may_release in infra/agencies"):
        Rights(others, world.cases, world.clients, world.orders, world.book).check_right(request)


def test_withdrawn_it_waits_where_it_was() -> None:
    world = strict_world()
    order = proposed(world)
    told = ask(world, "withdraw_order", order_id=order.order_id, reason="wrong day")
    assert told["orders"][0]["state"] == "withdrawn"
    assert ask(world, "list_orders")["orders"] == []


def test_a_payer_is_recorded_and_its_refund_goes_by_the_bank() -> None:
    world = strict_world()
    case = world.place(principal=10_000)
    pay_from(world, case, 15_000, iban="")
    (refund,) = ask(world, "list_orders")["refunds"]
    assert [share["way"] for share in refund["shares"]] == ["ask"]
    ask(world, "record_payer", case_id=case.case_id, payment_id="pay_1", name="Tiina T", iban=IBAN)
    (refund,) = ask(world, "list_orders")["refunds"]
    assert [share["way"] for share in refund["shares"]] == ["bank"]


def test_a_change_that_waits_is_listed_and_stopped() -> None:
    world = strict_world()
    change = change_payout_account(
        world.clients.load(CLIENT.client_id),
        "FI2112345600000785",
        "",
        by="user_1",
        proof=Proof(timedelta(0), is_password_checked=True),
        agency=world.agency,
        cases=world.cases,
        clients=world.clients,
        clock=world.clock,
    )
    (listed,) = ask(world, "list_orders")["payout_changes"]
    assert (listed["change_id"], listed["account"]) == (change.change_id, "FI..0785")
    ask(world, "stop_payout_change", client_id=CLIENT.client_id, change_id=change.change_id)
    assert ask(world, "list_orders")["payout_changes"] == []


@pytest.mark.parametrize(
    "action",
    ["approve_orders", "release_orders", "withdraw_order", "order_not_executed", "order_suspense"],
)
@pytest.mark.parametrize("kind", ["refund", "remittance"])
def test_who_has_a_conflict_lets_no_payment_go(action: str, kind: str) -> None:
    world = strict_world()
    if kind == "refund":
        pay_from(world, world.place(principal=10_000), 15_000)
        work(world)
        (order,) = refunding(world)
    else:
        order = proposed(world)
    barred = tuple(replace(one, conflicts=(CLIENT.client_id,)) for one in COLLECTORS)
    request = read_request(of_orders(action, order.order_id), ORDER_REQUESTS)
    Rights(COLLECTORS, world.cases, world.clients, world.orders, world.book).check_conflict(request)
    with pytest.raises(NotAllowed, match="without a conflict of interest"):
        Rights(barred, world.cases, world.clients, world.orders, world.book).check_conflict(request)


@pytest.mark.parametrize("kind", ["refund", "remittance"])
def test_what_came_back_too_often_is_listed_and_goes_again(kind: str) -> None:
    is_refund = kind == "refund"
    world = owing_refund() if is_refund else owing_client()
    of = OrderKind.REFUND if is_refund else OrderKind.REMITTANCE
    for _ in range(MOST_TRIES):
        refuse(world, sent(world, of))
    listed = ask(world, "list_orders")
    if is_refund:
        (refund,) = listed["refunds"]
        assert [share["way"] for share in refund["shares"]] == ["stopped"]
        given = {"case_id": refund["case_id"], "payment_id": "pay_1"}
    else:
        assert listed["stopped_clients"] == [CLIENT.client_id]
        given = {"client_id": CLIENT.client_id}
    ask(world, f"try_{kind}_again", **given, reason="the bank was down")
    assert len(sent(world, of)) == 1
    assert ask(world, "list_orders")["stopped_clients"] == []


def test_who_has_a_conflict_lets_no_remittance_go_again() -> None:
    world = strict_world()
    given = {"action": "try_remittance_again", "by": "col_1", "client_id": CLIENT.client_id, "reason": "x"}
    request = read_request(given, ORDER_REQUESTS)
    barred = tuple(replace(one, conflicts=(CLIENT.client_id,)) for one in COLLECTORS)
    with pytest.raises(NotAllowed, match="without a conflict of interest"):
        Rights(barred, world.cases, world.clients, world.orders, world.book).check_conflict(request)


def test_a_payment_that_is_lost_is_listed_and_given_up_by_two() -> None:
    world = strict_world()
    order = instructed(world)
    assert ask(world, "list_orders")["overdue_orders"] == []
    world.clock.advance(days=7)
    assert ask(world, "list_orders")["overdue_orders"] == [order.order_id]
    given = {"order_id": order.order_id, "reason": "the bank lost it"}
    assert ask(world, "order_not_executed", "col_1", **given)["orders"][0]["state"] == "instructed"
    assert ask(world, "order_not_executed", "col_2", **given)["orders"][0]["state"] == "rejected"


def test_a_debit_without_a_name_is_told_to_be_an_order() -> None:
    world = strict_world()
    order = instructed(world)
    given = {"payment_id": debit(world, 4_000), "order_ids": [order.order_id]}
    assert ask(world, "order_suspense", **given)["settled"]["is_repeat"] is False
    assert ask(world, "order_suspense", **given)["settled"]["is_repeat"] is True


def test_a_client_that_owes_is_listed_and_what_it_pays_back_is_told() -> None:
    world, _ = owing_world(days=14)
    minor = short(world)
    (one,) = ask(world, "list_orders")["owing_clients"]
    assert (one["client_id"], one["amount"]["minor"]) == (CLIENT.client_id, minor)
    given = {"payment_id": paid_in(world, minor), "client_id": CLIENT.client_id}
    assert ask(world, "client_suspense", **given)["settled"]["is_repeat"] is False
    assert ask(world, "list_orders")["owing_clients"] == []


def test_who_has_a_conflict_with_the_client_puts_no_money_on_its_account() -> None:
    world, _ = owing_world()
    barred = tuple(replace(one, conflicts=(CLIENT.client_id,)) for one in COLLECTORS)
    given = {"action": "client_suspense", "by": "col_1", "payment_id": "pay_1"}
    request = read_request({**given, "client_id": CLIENT.client_id}, ORDER_REQUESTS)
    with pytest.raises(NotAllowed, match="conflict of interest with this client"):
        Rights(barred, world.cases, world.clients, world.orders, world.book).check_conflict(request)
