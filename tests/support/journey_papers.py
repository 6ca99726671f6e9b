"""Our invoices and their papers in the journeys, fetched as their client fetches them."""

from __future__ import annotations

import urllib.request
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from sovinto.adapters.dynamo.clients import TableClients
from sovinto.adapters.dynamo.table import DynamoTable
from sovinto.domain.fees_agreed import Band, FeesAgreed
from sovinto.domain.issued_invoice import IssuedInvoice
from sovinto.ids import ClientId

from infra.local.bank import BankAccount
from infra.local.running import Running
from infra.paths import BUILD
from tests.support.journey import Creditor, new_creditor
from tests.support.journey_bank import deliver
from tests.support.journey_time import today

PAPERS = BUILD / "papers"
"""What people would read, for whoever wants to look at it."""
AGREED: dict[str, Any] = {
    "fees": FeesAgreed((Band("10"),)),
    "vat_id": "FI07375462",
    "einvoice_address": "0216:003707375462",
    "buyer_reference": "OSTO-7",
}


def buyer(stage: Running, bank: BankAccount, **more: Any) -> Creditor:
    """A client with a commission of a tenth, who takes e-invoices."""
    return new_creditor(stage, bank, **{**AGREED, **more})


def invoices(creditor: Creditor) -> tuple[IssuedInvoice, ...]:
    running = creditor.running
    table = DynamoTable(running.client("dynamodb"), running.table_name)
    return TableClients(table).invoices(ClientId(creditor.client_id))


def pay_by_reference(creditor: Creditor, issued: IssuedInvoice, minor: int) -> None:
    """The client pays our invoice as it stands on it: its reference, to the collection account."""
    invoice = issued.invoice
    creditor.bank.credit(
        today(creditor.running), minor, invoice.payment_reference, invoice.buyer.contact.name
    )
    deliver(creditor.running, creditor.bank)


def documents(creditor: Creditor) -> dict[str, str]:
    """kind -> id; of a kind that is there more than once the newest."""
    found = creditor.api.api("GET", "/v1/documents")["documents"]
    return {str(one["kind"]): str(one["document_id"]) for one in found}


def fetched(creditor: Creditor, document_id: str, name: str = "") -> bytes:
    """By the link of the answer, without our token; kept under `name` to be looked at."""
    connection = HTTPConnection(urlsplit(creditor.running.url).netloc, timeout=30)
    headers = {"Authorization": f"Bearer {creditor.token}"}
    connection.request("GET", f"/v1/documents/{document_id}", headers=headers)
    location = connection.getresponse().headers["Location"]
    connection.close()
    with urllib.request.urlopen(location, timeout=30) as answer:
        data: bytes = answer.read()
    if name:
        PAPERS.mkdir(parents=True, exist_ok=True)
        (PAPERS / name).write_bytes(data)
    return data
