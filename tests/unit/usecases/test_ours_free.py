"""Our own account gets what is ours, and never what the account needs for others."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sovinto.domain.case import Case
from sovinto.domain.issued_invoice import IssuedInvoice
from sovinto.domain.order import OrderKind, OrderState
from sovinto.errors import RuleRefused
from sovinto.ids import ClientId
from sovinto.ports import Change, Guard
from sovinto.usecases.guard_series import length_of
from sovinto.usecases.order_status import withdraw_order
from sovinto.usecases.ours_free import COUNTED, ours_now

from tests.support import orders as bank
from tests.support.book_world import prove
from tests.support.books import by_account
from tests.support.held import deliver
from tests.support.invoicing import BUYER, pay_invoice, world_with
from tests.support.moves import pay, take_back
from tests.support.orders import approve, release
from tests.support.statements import camt053, line
from tests.support.world import World
from tests.unit.usecases.test_sweep_own import DAILY, MONTHLY, next_day, own_orders, run, sent

OPENING = 1_000_000


def invoiced_world() -> tuple[World, IssuedInvoice]:
    """One invoice of ours, to be paid."""
    world = world_with()
    world.agency = MONTHLY
    for number in range(2):
        world.place(reference=f"A-{number}")
    world.clock.advance(days=40)
    run(world)
    (issued,) = world.clients.unpaid_invoices()
    return world, issued


def paid_by_bank() -> tuple[World, IssuedInvoice]:
    """It is paid by a line of the statement."""
    world, issued = invoiced_world()
    assert pays(world, issued, issued.invoice.gross.minor) == {"matched": 1}
    return world, issued


def pays(world: World, issued: IssuedInvoice, minor: int) -> dict[str, int]:
    told = line(
        minor,
        reference=issued.invoice.payment_reference,
        bank_id="I1",
        on=world.clock.now().date(),
        payer="Client Oy",
        end_to_end="E2E1",
    )
    return deliver(world, camt053(told, change=minor), "i1.xml")


def taken(world: World, minor: int, *, code: str = "") -> dict[str, int]:
    """The bank takes so much: a charge, or nobody knows what for."""
    told = line(-minor, bank_id="I2", on=world.clock.now().date(), is_reversal=not code, code=code)
    opening = OPENING + by_account(world.ledger())["bank:collection"]
    data = camt053(told, change=-minor, statement_id="S2", opening=opening)
    return deliver(world, data, "i2.xml")


def test_what_the_bank_took_for_nobody_knows_what_is_not_moved_from_others_money() -> None:
    world, issued = paid_by_bank()
    world.clock.advance(days=1)
    assert taken(world, issued.invoice.gross.minor) == {"suspense": 1}
    assert next_day(world) == []
    assert next_day(world) == [], "when the day is over too"
    assert by_account(world.ledger())["bank:collection"] == 0


def test_charges_of_the_bank_are_ours_to_bear() -> None:
    world, issued = paid_by_bank()
    world.clock.advance(days=1)
    assert taken(world, 900, code="PMNT-ICDT-CHRG") == {"charges": 1}
    (order,) = next_day(world)
    assert order.amount.minor == issued.invoice.gross.minor - 900
    assert bank.debit(world, sent(world, order))["transfers"] == 1
    assert by_account(world.ledger())["bank:collection"] == 0
    assert next_day(world, 30) == []


@pytest.mark.parametrize("is_automatic", [False, True])
def test_what_was_taken_since_the_order_was_proposed_stops_its_release(is_automatic: bool) -> None:
    world, issued = paid_by_bank()
    (order,) = next_day(world)
    taken(world, issued.invoice.gross.minor)
    if is_automatic:
        world.agency = replace(MONTHLY, release_limit_minor=100_000)
        run(world)
        assert [one.state for one in own_orders(world)] == [OrderState.PROPOSED]
    else:
        approve(world, order.order_id)
        with pytest.raises(RuleRefused, match="would move others' money"):
            release(world, order.order_id)
    withdraw_order(
        order.order_id,
        by="col_1",
        reason="taken back",
        cases=world.cases,
        orders=world.orders,
        clock=world.clock,
    )
    assert next_day(world, 30) == []
    assert prove(world).ours == {"EUR": {"due": issued.invoice.gross.minor, "moved": 0}}


def test_money_of_debtors_beside_it_is_neither_moved_nor_in_the_way() -> None:
    world, issued = paid_by_bank()
    told = line(5_000, bank_id="X", on=world.clock.now().date(), payer="Nobody")
    data = camt053(told, change=5_000, statement_id="S2", opening=OPENING + issued.invoice.gross.minor)
    assert deliver(world, data, "x.xml") == {"suspense": 1}
    (order,) = next_day(world)
    assert order.amount == issued.invoice.gross
    assert sent(world, order).state is OrderState.INSTRUCTED


def clawed_back() -> tuple[World, IssuedInvoice, Case]:
    """The bank took back what was remitted to one client, and as much is held for another."""
    world, issued = invoiced_world()
    gross = issued.invoice.gross.minor
    case = world.place(reference="A-9", principal=20_000, name="Aino Ensi")
    pay(world, case, gross, name="pay_a")
    run(world)
    (remittance,) = [one for one in world.orders.open() if one.kind is OrderKind.REMITTANCE]
    assert bank.debit(world, sent(world, remittance))["transfers"] == 1
    first, world.client = world.client, replace(BUYER, client_id=ClientId("cli_b"), name="Beeta Oy")
    world.clients.save(world.client)
    pay(world, world.place(reference="B-1", principal=gross, name="Bertta Toka"), gross, name="pay_b")
    world.client = first
    take_back(world, case, "pay_a")
    return world, issued, case


@pytest.mark.parametrize("days", [0, 1])
def test_what_one_client_owes_us_back_is_no_money_for_another(days: int) -> None:
    world, issued, _ = clawed_back()
    pay_invoice(world, issued.invoice, issued.invoice.gross.minor)
    world.clock.advance(days=days)
    now = ours_now(book=world.book, cases=world.cases, clock=world.clock)
    assert now.to_move("EUR") <= 0
    assert next_day(world) == [], "the bank holds 25.10, and 25.10 is the other client's"
    assert next_day(world, 30) == []


def test_what_was_taken_back_comes_in_again_and_is_ours_once_more() -> None:
    world, issued, case = clawed_back()
    pay_invoice(world, issued.invoice, issued.invoice.gross.minor)
    assert next_day(world) == []
    pay(world, case, issued.invoice.gross.minor, name="pay_a2")
    (order,) = next_day(world, 30)
    assert order.amount == issued.invoice.gross


def test_a_transfer_from_before_a_claw_back_is_not_released() -> None:
    world, issued, case = clawed_back()
    pay(world, case, issued.invoice.gross.minor, name="pay_a2")
    pay_invoice(world, issued.invoice, issued.invoice.gross.minor)
    (order,) = next_day(world)
    take_back(world, case, "pay_a2", name="back_2")
    approve(world, order.order_id)
    with pytest.raises(RuleRefused, match="would move others' money"):
        release(world, order.order_id)


def test_a_count_too_large_for_a_row_is_made_by_each_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sovinto.usecases.ours_free.MOST_SIGNS", 1)
    world, issued = paid_by_bank()
    (order,) = next_day(world)
    assert order.amount == issued.invoice.gross
    assert length_of(COUNTED, "all", world.cases) == 0


@pytest.mark.parametrize("counted", [{"ours": {"EUR": 1}}, {"free": {"EUR": 99_999}, "ours": {"EUR": 1}}])
def test_a_count_from_before_is_made_anew(counted: dict[str, object]) -> None:
    world, issued = paid_by_bank()
    text = json.dumps({"day": world.clock.now().date().isoformat(), **counted})
    place = length_of(COUNTED, "all", world.cases)
    world.cases.commit(Change(guards=(Guard(COUNTED, f"all#{place}", text),)))
    world.agency = DAILY
    (order,) = next_day(world)
    assert order.amount == issued.invoice.gross
    now = ours_now(book=world.book, cases=world.cases, clock=world.clock)
    assert (now.due, now.free) == ({"EUR": 0}, {"EUR": 0})
