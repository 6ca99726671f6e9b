"""Every key of the table is built here; docs/access-patterns.md lists who reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sovinto.formats.payment_reference import normalise
from sovinto.ids import CaseId, ClientId

CASE = "CASE"
TIMELINE = "TIMELINE"
ENTRY = "ENTRY#"
COMMUNICATION = "COMM#"
ATTEMPT = "ATTEMPT"
CLIENT = "CLIENT"
STORY = "ENTRY$"
"""A case, its communications and its entries sort before this; the rows of its events and queues after."""
PAYABLE = "PAYABLE#"
DOCUMENT = "DOC#"
CLIENTS = "CLIENTS"
CLOCK = "CLOCK"
INVOICE_SEQUENCE = ("SEQUENCE#fee_invoice", "SEQUENCE")
SUSPENSE = "SUSPENSE"
PAYMENT = "PAYMENT#"
SENDING = "SENDING"
CALLS = "CALLS"
ORDER = "ORDER"
ORDERS = "ORDERS"
BATCH = "BATCH"
BATCHES = "BATCHES"
REFUND = "REFUND"
REFUNDS = "REFUNDS"
PAYER = "PAYER#"
FEE_INVOICE = "FEE_INVOICE#"
FEE_INVOICES = "FEE_INVOICES"
PAYOUT_CHANGE = "PAYOUT_CHANGE#"
HELD_FOR = "HELD#"
OWNER = "OWNER"
OWNERS = "OWNERS"
HELD = "HELD"
MOST_ID = 200
"""An id that comes from outside and is longer is none of ours; the table refuses a key of 2048 bytes."""


def instant(moment: datetime) -> str:
    """Sortable UTC text, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def case(case_id: CaseId) -> str:
    return f"CASE#{case_id}"


def client(client_id: ClientId) -> str:
    return f"CLIENT#{client_id}"


def entry(posted_at: datetime, entry_id: str) -> str:
    return f"{ENTRY}{instant(posted_at)}#{entry_id}"


def communication(communication_id: str) -> str:
    return f"{COMMUNICATION}{communication_id}"


def outbox(event_id: str) -> str:
    return f"OUTBOX#{event_id}"


def upload(upload_id: str) -> str:
    return f"UPLOAD#{upload_id}"


def document(made_on: date, document_id: str) -> str:
    return f"{DOCUMENT}{made_on.isoformat()}#{document_id}"


def remittance(remittance_id: str) -> str:
    return f"REMITTANCE#{remittance_id}"


def order(order_id: str) -> str:
    return f"ORDER#{order_id}"


def batch(batch_id: str) -> str:
    return f"BATCH#{batch_id}"


def bank_file(digest: str) -> str:
    return f"BANK_FILE#{digest}"


def fee_invoice(number: int) -> str:
    return f"{FEE_INVOICE}{number:08d}"


def payable(case_id: CaseId, payment_id: str) -> str:
    return f"{PAYABLE}{case_id}#{payment_id}"


def payables(client_id: ClientId) -> str:
    """The work queue of what one client has to get: a remitted payable leaves it."""
    return f"{PAYABLE}{client_id}"


def attempt(payment_id: str) -> str:
    return f"ATTEMPT#{payment_id}"


def owned(collector_id: str) -> str:
    """The work queue of a collector's open cases: a closed case leaves it."""
    return f"{OWNER}#{collector_id}"


def debtor(person_key: str) -> str:
    return f"DEBTOR#{person_key}"


def suspense(received_at: datetime) -> str:
    return f"SUSPENSE#{received_at:%Y-%m}"


def suspense_by(end_to_end_id: str) -> str:
    return f"SUSPENSE_E2E#{end_to_end_id}"


def held(client_id: ClientId) -> str:
    """The entries that move what we hold for one client, in the index `client`."""
    return f"{HELD_FOR}{client_id}"


def ledger(posted_at: datetime) -> str:
    """Entries that belong to no case: bank movements, remittances, fee invoices."""
    return f"LEDGER#{posted_at:%Y-%m}"


def book_day(posted_at: datetime) -> str:
    return f"BOOK#{posted_at.astimezone(UTC):%Y-%m-%d}"


def payment_reference(reference: str) -> tuple[str, str]:
    """However it is written: banks drop leading zeros, and RF may be wrapped around it."""
    return f"PAYREF#{normalise(reference)}", "PAYREF"


def link(link_id: str) -> tuple[str, str]:
    return f"LINK#{link_id}", "LINK"
