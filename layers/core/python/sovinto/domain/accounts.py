"""The chart of accounts. Client money and our own are never under one name."""

from __future__ import annotations

from sovinto.ids import CaseId, ClientId

BANK = "bank:collection"
IN_TRANSIT = "bank:in_transit"
# Itemised by a detail file of the bank, and not on a statement yet as the sum that it is a part of.
DETAILS = "bank:details"
SUSPENSE = "suspense"
VAT = "vat:output"
INCOME_COLLECTION = "income:collection_fees"
INCOME_SETUP = "income:setup_fees"
INCOME_COMMISSION = "income:commission"
INCOME_LEGAL = "income:legal_fees"
INCOME_ROUNDING = "income:rounding"
# Clients pay our invoices to the collection account: what of it is ours until it is moved away...
OURS_DUE = "bank:ours_due"
# ...and the same amount as our own claim: the two always come to nothing.
OWN_FROM_COLLECTION = "own:from_collection"
# Moved to an account of our own, outside of these books.
OWN_ACCOUNT = "own:account"
BANK_CHARGES = "expense:bank"
PSP_FEES = "expense:psp_fees"
PSP_ADJUSTMENTS = "expense:psp_adjustments"


def psp(name: str) -> str:
    """Taken by the payment provider, not yet on our bank account."""
    return f"psp:{name}"


def psp_reserve(name: str) -> str:
    """Ours, but kept back by the payment provider for a time."""
    return f"psp:{name}:reserve"


def client_claims(client_id: ClientId) -> str:
    """Contra of what debtors owe: the claims are the client's, we only keep count of them."""
    return f"client:{client_id}:claims"


def client_payable(client_id: ClientId) -> str:
    """Collected for the client and held for it until remitted."""
    return f"client:{client_id}:payable"


def held_for(account: str) -> ClientId | None:
    """Whose `client_payable` this is; None for any other account."""
    owner = account.removeprefix("client:").removesuffix(":payable")
    return ClientId(owner) if account == client_payable(ClientId(owner)) else None


def client_invoiced(client_id: ClientId) -> str:
    """Our fee invoices that the client has yet to pay."""
    return f"client:{client_id}:invoiced"


def refunds(case_id: CaseId) -> str:
    """Paid too much: owed back to whoever paid."""
    return f"refunds:{case_id}"
