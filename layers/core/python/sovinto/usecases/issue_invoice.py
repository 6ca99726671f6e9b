"""Storing an invoice or credit note: its papers first, then everything else in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sovinto.domain import accounts
from sovinto.domain.agency import Agency
from sovinto.domain.client import Client
from sovinto.domain.document import Document
from sovinto.domain.event import Event
from sovinto.domain.explanation import Explanation
from sovinto.domain.invoice import FeeInvoice
from sovinto.domain.issued_invoice import IssuedInvoice, income_account
from sovinto.domain.ledger import Entry, Line
from sovinto.domain.money import Money
from sovinto.domain.posting import Occasion, transfer
from sovinto.formats import payment_reference
from sovinto.formats.invoice import write_finvoice, write_ubl
from sovinto.ids import EntryId, EventId, derived
from sovinto.ports import Cases, Change, Clients, Clock, Files, Guard, Press

INVOICED, CREDITED = "fee_invoiced", "fee_credited"
INVREF = "INVREF"


@dataclass(frozen=True, slots=True)
class Invoicing:
    """What is needed to issue a paper, whoever the client is."""

    agency: Agency
    press: Press
    documents: Files
    cases: Cases
    clients: Clients
    clock: Clock


def invoice_row(reference: str) -> tuple[str, str]:
    """The row that leads from a payment reference to our invoice."""
    return f"{INVREF}#{payment_reference.normalise(reference)}", INVREF


def reference_guard(invoice: FeeInvoice) -> Guard:
    """By which a payment finds its invoice."""
    scope, key = invoice_row(invoice.payment_reference)
    return Guard(scope, key, f"{invoice.client_id}|{invoice.number}")


def document_id_of(invoice: FeeInvoice) -> str:
    return derived("inv", invoice.client_id, str(invoice.number))


def papers(invoice: FeeInvoice, client: Client, cause: str, means: Invoicing) -> tuple[Document, ...]:
    """Written to the bucket, and not listed before the change is stored: the PDF for everybody; for a
    client with an electronic address Peppol UBL, and Finvoice too where it is Finnish and pays in euros.

    Raises InvalidInput where an e-invoice lacks what its rules ask for.
    """
    found = []
    for ending, suffix, content_type, data in _rendered(invoice, client, means):
        key = f"clients/{client.client_id}/invoices/{invoice.number}-{cause}{suffix}.{ending}"
        means.documents.write(key, data, content_type)
        found.append(_document(invoice, suffix, content_type, key))
    return tuple(found)


def _rendered(
    invoice: FeeInvoice, client: Client, means: Invoicing
) -> Iterator[tuple[str, str, str, bytes]]:
    yield "pdf", "", "application/pdf", means.press.fee_invoice(invoice)
    if not client.einvoice_address:
        return
    worded = means.press.worded(invoice)
    yield "xml", "_ubl", "application/xml", write_ubl(worded)
    if invoice.buyer.country == "FI" and invoice.currency == "EUR":
        yield "xml", "_finvoice", "application/xml", write_finvoice(worded)


def _document(invoice: FeeInvoice, suffix: str, content_type: str, key: str) -> Document:
    kind = "credit_note" if invoice.is_credit_note else "fee_invoice"
    return Document(
        document_id=f"{document_id_of(invoice)}{suffix}",
        client_id=invoice.client_id,
        kind=f"{kind}{suffix}",
        title=f"{invoice.number}",
        made_on=invoice.invoiced_on,
        amount=-invoice.gross if invoice.is_credit_note else invoice.gross,
        file_key=key,
        content_type=content_type,
    )


def occasion_of(invoice: FeeInvoice, at: datetime) -> Occasion:
    return Occasion(EventId(derived("evt", document_id_of(invoice))), at)


def invoiced_entry(invoice: FeeInvoice) -> EntryId:
    """The id under which an invoice is in the books."""
    number = document_id_of(invoice)
    return EntryId(derived("ent", derived("evt", number), INVOICED, number))


def entry_of(invoice: FeeInvoice, at: datetime, more: Money) -> Entry:
    """Receivable, income by kind and VAT; the other way round for a credit note, which takes `more` off
    the receivable: a cent of rounding between the taxes of several notes and the invoice's."""
    sign = -1 if invoice.is_credit_note else 1
    rows: dict[str, int] = {}
    for line in invoice.lines:
        account = income_account(line)
        rows[account] = rows.get(account, 0) - sign * line.net.minor
    lines = [Line(accounts.client_invoiced(invoice.client_id), _times(sign, invoice.gross) - more)]
    lines += [Line(account, Money(minor, invoice.currency)) for account, minor in rows.items()]
    lines += [
        Line(accounts.VAT, _times(-sign, invoice.vat)),
        Line(accounts.INCOME_ROUNDING, more),
    ]
    entry = transfer(
        occasion_of(invoice, at),
        kind=CREDITED if invoice.is_credit_note else INVOICED,
        lines=lines,
        value_on=invoice.invoiced_on,
        source=document_id_of(invoice),
        label=str(invoice.number),
    )
    return replace(entry, explanation=_explanation(invoice))


def _times(sign: int, amount: Money) -> Money:
    return amount if sign > 0 else -amount


def _explanation(invoice: FeeInvoice) -> Explanation:
    statutes = dict.fromkeys(one.treatment.statute for one in invoice.vat_totals)
    inputs = [
        (f"line {at}", f"{line.text} {line.quantity} x {line.unit_price.decimal()}")
        for at, line in enumerate(invoice.lines, start=1)
    ]
    inputs += [(f"line {at} {n}", v) for at, line in enumerate(invoice.lines, 1) for n, v in line.facts]
    inputs += [("vat", f"{one.treatment.percent} % of {one.net.decimal()}") for one in invoice.vat_totals]
    return Explanation(
        rule_id="client_agreement",
        statute="; ".join(["Agreement with the client", *statutes]),
        formula="sum of the lines + VAT per category",
        inputs=tuple(inputs),
        certainty="confirmed",
    )


def change_of(
    issued: IssuedInvoice,
    listed: Sequence[Document],
    at: datetime,
    *,
    guards: Sequence[Guard],
    changed: Sequence[IssuedInvoice] = (),
    more: Money | None = None,
) -> Change:
    """Everything about one paper at once. `changed` is the invoice that a credit note takes back."""
    invoice = issued.invoice
    entry = entry_of(invoice, at, more or Money.zero(invoice.currency))
    kind = "fee_invoice.credited" if invoice.is_credit_note else "fee_invoice.issued"
    data = [("gross_minor", str(invoice.gross.minor)), ("number", str(invoice.number))]
    if invoice.credits is not None:
        entry = replace(entry, reverses=invoiced_entry(changed[0].invoice))
        data.append(("credits", str(invoice.credits.number)))
    event = Event(
        event_id=entry.event_id,
        type=kind,
        version=1,
        occurred_at=at,
        subject_kind="client",
        subject_id=invoice.client_id,
        client_id=invoice.client_id,
        data=tuple(data),
    )
    references = () if invoice.is_credit_note else (reference_guard(invoice),)
    return Change(
        entries=(entry,),
        guards=(*guards, *references),
        documents=tuple(listed),
        events=(event,),
        invoice_number=invoice.number,
        invoices=(issued, *changed),
    )
