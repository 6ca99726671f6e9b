"""What the tests of our invoices need: an agency and clients that may get e-invoices, and the means."""

from __future__ import annotations

from dataclasses import replace

from sovinto.domain.client import Client
from sovinto.domain.fees_agreed import Band, FeesAgreed
from sovinto.domain.invoice import FeeInvoice
from sovinto.domain.payment import Payment
from sovinto.ids import CaseId, PaymentId
from sovinto.ports import Guard
from sovinto.usecases.issue_invoice import Invoicing
from sovinto.usecases.record_invoice_payment import (
    InvoicePaid,
    invoice_by_reference,
    record_invoice_payment,
)
from sovinto.usecases.reverse_payment import reverse_payment

from tests.support.people import AGENCY, CLIENT
from tests.support.world import World

SELLER = replace(AGENCY, vat_id="FI21123456", contact=replace(AGENCY.contact, registration_id="2112345-6"))
BUYER = replace(CLIENT, vat_id="FI07375462", einvoice_address="0216:003707375462", buyer_reference="PO-7")
INVOICED = f"client:{CLIENT.client_id}:invoiced"


def world_with(fees: FeesAgreed | None = None, *, client: Client = BUYER, **given: object) -> World:
    seen = replace(client, fees=fees or FeesAgreed())
    return World(client=seen, agency=SELLER, **given)  # type: ignore[arg-type]


def ten_percent(**given: object) -> FeesAgreed:
    return FeesAgreed((Band("10"),), **given)  # type: ignore[arg-type]


def means_of(world: World) -> Invoicing:
    return Invoicing(world.agency, world.press, world.documents, world.cases, world.clients, world.clock)


def pay_invoice(world: World, invoice: FeeInvoice, minor: int, *, key: str = "line_1") -> InvoicePaid:
    """A line on the collection account with our reference."""
    name = invoice_by_reference([invoice.payment_reference], world.cases)
    assert name is not None
    amount = replace(invoice.gross, minor=minor)
    received = Payment(PaymentId(f"pay_{key}"), "bank", key, world.clock.now().date(), amount)
    return record_invoice_payment(
        received,
        name,
        guard=Guard("SEEN#bank", key, str(minor)),
        cases=world.cases,
        clients=world.clients,
        clock=world.clock,
    )


def take_back(world: World, case_id: CaseId, payment: str, key: str) -> None:
    """The bank takes the money of a payment back."""
    reverse_payment(
        PaymentId(payment),
        case_id,
        amount=None,
        on=world.clock.now().date(),
        reason="returned",
        guard=Guard("SEEN#bank", key),
        cases=world.cases,
        clock=world.clock,
    )
