"""What clients paid us leaves the account of other people's money, under four eyes and never twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sovinto.domain.order import OrderKind, OrderState, PaymentOrder
from sovinto.ports import Change, Guard
from sovinto.usecases.order_status import withdraw_order
from sovinto.usecases.pay_clients import pay_clients
from sovinto.usecases.suspense_debits import explain_as_own
from sovinto.usecases.sweep_own import is_own_stopped, stopped_own
from sovinto.usecases.tries import CAME_BACK, MOST_TRIES, TRIES, tries_of_own

from tests.support import orders as bank
from tests.support.book_world import prove
from tests.support.books import by_account
from tests.support.invoicing import SELLER, pay_invoice, world_with
from tests.support.money_crash import fused_money_world, storm
from tests.support.orders import approve, release, status_report
from tests.support.race import RacingTable
from tests.support.suspense import into_suspense
from tests.support.world import World

OURS, OTHER = "FI2112345600000785", "FI1410093000123458"
MONTHLY = replace(SELLER, own_iban=OURS, release_limit_minor=0)
DAILY = replace(MONTHLY, own_rhythm="daily")


def invoiced(world: World) -> World:
    """Two cases of one month are invoiced; the client pays all of it."""
    for number in range(2):
        world.place(reference=f"A-{number}")
    world.clock.advance(days=40)
    run(world)
    (invoice,) = world.clients.unpaid_invoices()
    pay_invoice(world, invoice.invoice, invoice.invoice.gross.minor)
    return world


def run(world: World) -> dict[str, int]:
    return pay_clients(
        agency=world.agency,
        press=world.press,
        documents=world.documents,
        bank=world.bank,
        cases=world.cases,
        clients=world.clients,
        orders=world.orders,
        clock=world.clock,
        book=world.book,
    )


def paid_world(**given: object) -> World:
    world = world_with(**given)  # type: ignore[arg-type]
    world.agency = MONTHLY
    return invoiced(world)


def own_orders(world: World) -> list[PaymentOrder]:
    return [order for order in world.orders.open() if order.kind is OrderKind.OWN]


def next_day(world: World, days: int = 1) -> list[PaymentOrder]:
    """The run of the next banking day."""
    world.clock.advance(days=days)
    while world.clock.now().weekday() > 4:
        world.clock.advance(days=1)
    run(world)
    return own_orders(world)


def ours_due(world: World) -> int:
    return -by_account(world.ledger()).get("bank:ours_due", 0)


def sent(world: World, order: PaymentOrder) -> PaymentOrder:
    approve(world, order.order_id)
    release(world, order.order_id)
    run(world)
    return world.orders.load(order.order_id)


def test_what_clients_paid_us_is_ordered_to_our_own_account() -> None:
    world = paid_world()
    minor = ours_due(world)
    assert minor > 0
    run(world)
    assert own_orders(world) == [], "only what was there when a day ended"
    (order,) = next_day(world)
    assert (order.amount.minor, order.iban, order.state) == (minor, OURS, OrderState.PROPOSED)
    sums = by_account(world.ledger())
    assert (sums["bank:ours_due"], sums["own:from_collection"], sums["own:account"]) == (0, 0, minor)
    order = sent(world, order)
    assert order.state is OrderState.INSTRUCTED
    assert bank.debit(world, order)["transfers"] == 1
    sums = by_account(world.ledger())
    assert (sums["bank:in_transit"], sums["bank:collection"]) == (0, 0)
    proof = prove(world)
    assert proof.ours == {"EUR": {"due": 0, "moved": minor}}
    assert [b for b in proof.breaks if b.check != "bank_line"] == []


def test_without_an_account_of_our_own_nothing_moves() -> None:
    world = paid_world()
    world.agency = SELLER
    assert next_day(world) == []
    assert ours_due(world) > 0


@pytest.mark.parametrize(("rhythm", "days"), [("daily", 1), ("monthly", 20)])
def test_the_rhythm_says_when_it_moves_again(rhythm: str, days: int) -> None:
    world = paid_world()
    world.agency = replace(MONTHLY, own_rhythm=rhythm)
    (first,) = next_day(world)
    bank.debit(world, sent(world, first))
    more(world)
    again = next_day(world)
    assert len(again) == (rhythm == "daily")
    if not again:
        again = next_day(world, days)
    assert [order.amount.minor for order in again] == [500]


def more(world: World) -> None:
    """Another 5.00 of ours comes to the account."""
    first = world.clients.invoices(world.client.client_id)[0]
    invoice = replace(
        first, paid=replace(first.paid, minor=first.paid.minor - 500), revision=first.revision + 1
    )

    world.cases.commit(Change(invoices=(invoice,)))
    pay_invoice(world, first.invoice, 500, key="more")


def test_one_at_a_time() -> None:
    world = paid_world()
    world.agency = DAILY
    (first,) = next_day(world)
    assert next_day(world) == [first]


@pytest.mark.parametrize("how", ["refused", "withdrawn", "sent back"])
def test_what_does_not_arrive_is_ours_on_the_collection_account_again(how: str) -> None:
    world = paid_world()
    minor = ours_due(world)
    (order,) = next_day(world)
    if how == "withdrawn":
        withdraw_order(
            order.order_id,
            by="col_1",
            reason="not now",
            cases=world.cases,
            orders=world.orders,
            clock=world.clock,
        )
    else:
        order = sent(world, order)
    if how == "refused":
        bank.hear(world, status_report(order.batch_id, (order.order_id, "RJCT", "AC04")))
    if how == "sent back":
        bank.debit(world, order)
        assert bank.come_back(world, order)
    assert ours_due(world) == minor
    assert prove(world).ours == {"EUR": {"due": minor, "moved": 0}}
    (again,) = next_day(world)
    assert (again.amount.minor, again.order_id != order.order_id) == (minor, True)


def test_it_is_not_tried_for_ever() -> None:
    world = paid_world()
    for _ in range(MOST_TRIES):
        (order,) = next_day(world)
        order = sent(world, order)
        bank.hear(world, status_report(order.batch_id, (order.order_id, "RJCT", "AC04")))
    assert next_day(world) == []
    assert is_own_stopped(world.agency, world.cases)
    assert run(world)["payments_stopped"] == 1
    world.agency = replace(MONTHLY, own_iban=OTHER)
    assert [order.iban for order in next_day(world)] == [OTHER]


def test_what_is_debited_and_sent_back_is_not_tried_for_ever() -> None:
    world = paid_world()
    for number in range(MOST_TRIES):
        (order,) = next_day(world)
        order = sent(world, order)
        bank.debit(world, order, f"D{number}")
        assert bank.come_back(world, order, name=f"R{number}")
    assert next_day(world) == []
    assert len(stopped_own(world.agency, world.cases)) == 1


def test_each_currency_has_tries_of_its_own() -> None:
    world = paid_world()
    series = tries_of_own(OURS, "SEK")
    for number in range(MOST_TRIES):
        word = f"{CAME_BACK}|day {number}|own-{number}"
        world.cases.commit(Change(guards=(Guard(TRIES, f"{series}#{number}", word),)))
    assert is_own_stopped(world.agency, world.cases)
    assert [order.amount.currency for order in next_day(world)] == ["EUR"]


def test_a_twin_run_orders_it_once() -> None:
    table = RacingTable()
    world = paid_world(table=table)
    world.clock.advance(days=2)
    table.before = [lambda: run(world), lambda: None]
    run(world)
    assert len(own_orders(world)) == 1
    assert ours_due(world) == 0


def test_what_people_moved_meanwhile_is_not_moved_again() -> None:
    world = paid_world()
    minor = ours_due(world)
    world.clock.advance(days=1)
    row = into_suspense(world, -minor, key="BY-HAND")
    explain_as_own(
        row.payment.payment_id,
        by="col_1",
        book=world.book,
        cases=world.cases,
        clock=world.clock,
        orders=world.orders,
    )
    assert ours_due(world) == 0
    assert next_day(world) == []


def test_a_run_that_is_killed_moves_it_once() -> None:
    world = fused_money_world(client=world_with().client, agency=MONTHLY)
    invoiced(world)
    world.clock.advance(days=2)
    assert storm(world, lambda: run(world), is_run=True) > 10
    assert len(own_orders(world)) == 1
