"""Stories of money that leaves and comes back, told once for the tests of the documentation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sovinto.domain import accounts
from sovinto.domain.money import Money
from sovinto.domain.order import OrderKind, PaymentOrder
from sovinto.domain.payment import Payment
from sovinto.domain.payout_account import Proof
from sovinto.ids import PaymentId
from sovinto.ports import Guard
from sovinto.usecases.change_payout_account import (
    change_payout_account,
    stop_payout_change,
    tell_old_contact,
)
from sovinto.usecases.order_payment import return_to_sender
from sovinto.usecases.order_status import withdraw_order
from sovinto.usecases.record_payment import record_payment
from sovinto.usecases.refund_queue import try_refund_again, work_refunds
from sovinto.usecases.tell_rejected import tell_rejected
from sovinto.usecases.tries import MOST_TRIES, let_go, tries_of_client

from tests.support import orders as bank
from tests.support.moves import pay
from tests.support.people import CLIENT
from tests.support.world import World

IBAN = "FI1410093000123458"
ACCOUNTS = ("FI2112345600000785", "DE89370400440532013000")


def money_that_comes_back(world: World) -> None:
    """A remittance and a refund that the bank refuses, a refund that it pays, money without an owner."""
    case = world.place(reference="OUT", principal=10_000, name="Oiva Out", email="oiva@posti.example")
    too_much = Payment(
        PaymentId("pay_too_much"),
        "bank",
        "line-too-much",
        world.clock.now().date(),
        Money(30_000, "EUR"),
        payer="Oiva Out",
        payer_iban=IBAN,
    )
    record_payment(
        too_much,
        case_id=case.case_id,
        into=accounts.BANK,
        guard=Guard("SEEN#bank", "line-too-much"),
        cases=world.cases,
        clock=world.clock,
    )
    world.pay_clients()
    kinds = (OrderKind.REMITTANCE, OrderKind.REFUND)
    for is_refused in (True, False):
        work_refunds(agency=world.agency, cases=world.cases, orders=world.orders, clock=world.clock)
        released = [
            o.order_id for o in world.orders.open() if o.kind in kinds and o.state.value == "proposed"
        ]
        bank.approve(world, *released)
        bank.release(world, *released)
        world.pay_clients()
        for order_id in released:
            order = world.orders.load(order_id)
            if is_refused:
                bank.hear(world, bank.status_report(order.batch_id, (order_id, "RJCT", "AM04")))
                if order.kind is OrderKind.REMITTANCE:
                    _told_of(world, order)
            else:
                bank.debit(world, order, f"out-{order_id}")
        world.clock.advance(minutes=1)
    for found in world.book.suspense()[:1]:
        order = return_to_sender(
            found,
            iban=IBAN,
            payee="Nobody Known",
            by="col_1",
            agency=world.agency,
            cases=world.cases,
            clock=world.clock,
        )
        withdraw_order(
            order.order_id,
            by="col_1",
            reason="found",
            cases=world.cases,
            orders=world.orders,
            clock=world.clock,
        )


def _told_of(world: World, order: PaymentOrder) -> None:
    """The client hears of its remittance."""
    told = tell_rejected(
        order.client_id,
        order.order_id,
        agency=world.agency,
        press=world.press,
        mailer=world.mailer,
        cases=world.cases,
        clients=world.clients,
    )
    assert told


def an_account_that_changes(world: World) -> None:
    """One change is stopped, the next becomes good."""
    for iban in ACCOUNTS:
        change = change_payout_account(
            world.clients.load(CLIENT.client_id),
            iban,
            "",
            by="user_1",
            proof=Proof(timedelta(minutes=1), is_password_checked=True),
            agency=world.agency,
            cases=world.cases,
            clients=world.clients,
            clock=world.clock,
        )
        if iban == ACCOUNTS[0]:
            stop_payout_change(
                CLIENT.client_id,
                change.change_id,
                by="client",
                cases=world.cases,
                clients=world.clients,
                clock=world.clock,
            )
    tell_old_contact(
        CLIENT.client_id,
        agency=world.agency,
        press=world.press,
        mailer=world.mailer,
        cases=world.cases,
        clients=world.clients,
        clock=world.clock,
        stop_url=lambda change: f"https://pay.sovinto.example/client/stop/{change.change_id}",
    )
    pay(world, world.place(reference="NEW"), 1_000, name="pay_new_account")
    world.clock.advance(days=7)
    world.pay_clients()


def payments_that_stop(world: World) -> None:
    """A remittance and a refund that the bank refuses until people have to look; they are withdrawn, as a
    refusal is, and then both go."""
    case = world.place(reference="STOP", principal=10_000, name="Sirpa Stop", email="sirpa@posti.example")
    too_much = Payment(
        PaymentId("pay_stop"),
        "bank",
        "line-stop",
        world.clock.now().date(),
        Money(30_000, "EUR"),
        payer="Sirpa Stop",
        payer_iban=IBAN,
    )
    record_payment(
        too_much,
        case_id=case.case_id,
        into=accounts.BANK,
        guard=Guard("SEEN#bank", "line-stop"),
        cases=world.cases,
        clock=world.clock,
    )
    books: dict[str, Any] = {"cases": world.cases, "orders": world.orders, "clock": world.clock}
    for _ in range(MOST_TRIES):
        world.clock.advance(minutes=1)
        work_refunds(agency=world.agency, **books)
        world.pay_clients()
        for order in world.orders.open():
            if order.state.value == "proposed":
                withdraw_order(order.order_id, by="col_1", reason="the bank is closed", **books)
    name = tries_of_client(CLIENT.client_id, world.clients.load(CLIENT.client_id).iban)
    let_go(name, by="col_1", reason="it is open", cases=world.cases, clock=world.clock)
    try_refund_again(case.case_id, "pay_stop", by="col_1", reason="it is open", **books)
