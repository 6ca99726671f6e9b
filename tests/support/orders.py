"""What the bank and the agency's people do about payment orders, as the tests tell it."""

from __future__ import annotations

from dataclasses import replace

from sovinto.domain.ledger import fold
from sovinto.domain.money import Money
from sovinto.domain.order import Batch, PaymentOrder
from sovinto.ports import Guard
from sovinto.usecases.import_inbox import import_inbox
from sovinto.usecases.order_status import StatusCounts, hear_status_report, order_returned, read_status
from sovinto.usecases.release_orders import approve_orders, release_orders

from tests.support.people import AGENCY
from tests.support.statements import camt053, line
from tests.support.world import World

STRICT = replace(AGENCY, release_limit_minor=0)
"""Nothing leaves without two people."""


def strict_world() -> World:
    return World(agency=STRICT)


def approve(world: World, *order_ids: str, by: str = "col_1") -> tuple[PaymentOrder, ...]:
    return approve_orders(order_ids, by=by, cases=world.cases, orders=world.orders)


def release(
    world: World, *order_ids: str, by: str = "col_2", control_sum: int | None = None
) -> tuple[Batch, ...]:
    return release_orders(
        order_ids,
        by=by,
        agency=world.agency,
        book=world.book,
        cases=world.cases,
        clients=world.clients,
        orders=world.orders,
        clock=world.clock,
        control_sum=None if control_sum is None else Money(control_sum, "EUR"),
    )


def status_report(message_id: str, *told: tuple[str, str, str], group: str = "") -> bytes:
    """pain.002.001.03: (end-to-end id, status, reason code) of each transfer; `group`: of the file."""
    status = f"<GrpSts>{group}</GrpSts>" if group else ""
    transfers = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{name}</OrgnlEndToEndId><TxSts>{code}</TxSts>"
        + (f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else "")
        + "</TxInfAndSts>"
        for name, code, reason in told
    )
    payment = (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{message_id}</OrgnlPmtInfId>{transfers}</OrgnlPmtInfAndSts>"
    )
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>'
        "<GrpHdr><MsgId>BANK1</MsgId><CreDtTm>2026-01-08T10:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message_id}</OrgnlMsgId><OrgnlMsgNmId>pain.001</OrgnlMsgNmId>"
        f"{status}</OrgnlGrpInfAndSts>{payment if told else ''}</CstmrPmtStsRpt></Document>"
    ).encode()


def hear(world: World, data: bytes) -> StatusCounts:
    return hear_status_report(read_status(data), cases=world.cases, orders=world.orders, clock=world.clock)


def debit(world: World, order: PaymentOrder, name: str = "D1") -> dict[str, int]:
    """The order is on the statement."""
    minor = -order.amount.minor
    booked = line(minor, end_to_end=order.order_id, bank_id=name, on=world.clock.now().date())
    world.bank.write(
        f"inbox/{name}.xml", camt053(booked, change=minor, statement_id=name), "application/xml"
    )
    return import_inbox(bank=world.bank, agency=AGENCY, cases=world.cases, clock=world.clock)


def come_back(
    world: World, order: PaymentOrder, minor: int | None = None, name: str = "R1", reason: str = "AC04"
) -> bool:
    """The creditor's bank sends it back."""
    return order_returned(
        order.order_id,
        order.amount if minor is None else Money(minor, "EUR"),
        value_on=world.clock.now().date(),
        line_key=name,
        guard=Guard("SEEN#bank", name),
        reason=reason,
        cases=world.cases,
        orders=world.orders,
        clock=world.clock,
    )


def sums(world: World) -> dict[str, int]:
    """Minor units by account, of one currency; what is zero is left out."""
    return {account: minor for (account, _), minor in fold(world.ledger(120)).items() if minor}


def check_payables(world: World) -> None:
    """The payable account is the open payables, claw-backs among them; nothing is below zero."""
    client_id = world.client.client_id
    found = sums(world)
    payables = sum(p.collected.minor for p in world.clients.payables(client_id))
    assert -found.get(f"client:{client_id}:payable", 0) == payables
    assert all(minor <= 0 for account, minor in found.items() if account.startswith("refunds:"))
    on_the_way = sum(o.amount.minor for o in world.orders.open())
    assert -found.get("bank:in_transit", 0) == on_the_way, "every order is in transit, and nothing else"
