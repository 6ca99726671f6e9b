"""The chart of accounts. Client money and our own are never under one name."""

from __future__ import annotations

from sovinto.ids import CaseId, ClientId

BANK = "bank:collection"
IN_TRANSIT = "bank:in_transit"
SUSPENSE = "suspense"
VAT = "vat:output"
INCOME_COLLECTION = "income:collection_fees"
INCOME_SETUP = "income:setup_fees"


def psp(name: str) -> str:
    """Taken by the payment provider, not yet on our bank account."""
    return f"psp:{name}"


def client_claims(client_id: ClientId) -> str:
    """Contra of what debtors owe: the claims are the client's, we only keep count of them."""
    return f"client:{client_id}:claims"


def client_payable(client_id: ClientId) -> str:
    """Collected for the client and held for it until remitted."""
    return f"client:{client_id}:payable"


def client_invoiced(client_id: ClientId) -> str:
    """Our fee invoices that the client has yet to pay."""
    return f"client:{client_id}:invoiced"


def refunds(case_id: CaseId) -> str:
    """Paid too much: owed back to whoever paid."""
    return f"refunds:{case_id}"
