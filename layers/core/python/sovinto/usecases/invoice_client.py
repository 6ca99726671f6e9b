"""The fee invoice of a closed month: set-up fees of the cases placed in it, once per client and month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from sovinto.countries import load_calendar, load_pack
from sovinto.domain import accounts
from sovinto.domain.agency import Agency
from sovinto.domain.client import Client
from sovinto.domain.document import Document
from sovinto.domain.event import Event
from sovinto.domain.invoice import FeeInvoice, FeeInvoiceLine
from sovinto.domain.law import vat
from sovinto.domain.ledger import Line
from sovinto.domain.money import Money
from sovinto.domain.posting import Occasion, transfer
from sovinto.errors import AlreadyStored, StaleVersion
from sovinto.formats import payment_reference
from sovinto.ids import EventId, derived
from sovinto.ports import Cases, Change, Clients, Clock, Files, Guard, Press

PAYMENT_DAYS = 14
MONTHS_BACK = 3


def invoice_client(
    client: Client,
    *,
    agency: Agency,
    press: Press,
    documents: Files,
    cases: Cases,
    clients: Clients,
    clock: Clock,
) -> tuple[FeeInvoice, ...]:
    """One fee invoice for each closed month of the last MONTHS_BACK that has none, oldest first.

    A month without cases is noted as such and not looked at again. Raises LawMissing (VAT).
    """
    now = clock.now()
    calendar = load_calendar(client.country)
    today = calendar.local_date(now)
    made = []
    placed: list[date] | None = None
    for period_to in reversed(_closed_months(today)):
        guard = Guard(f"CLIENT#{client.client_id}", f"INVOICED#{period_to:%Y-%m}")
        if cases.guard(guard.scope, guard.key) is not None:
            continue
        if placed is None:
            placed = [calendar.local_date(case.placed_at) for case in cases.of_client(client.client_id)]
        count = sum(period_to.replace(day=1) <= on <= period_to for on in placed)
        number = clients.last_invoice_number() + 1
        invoice = _invoice(client, agency, count, period_to, today, number) if count else None
        if _is_stored(invoice, client, guard, press, documents, cases, now) and invoice is not None:
            made.append(invoice)
    return tuple(made)


def _closed_months(today: date) -> list[date]:
    """The last days of the months before this one, newest first."""
    ends = []
    for _ in range(MONTHS_BACK):
        today = today.replace(day=1) - timedelta(days=1)
        ends.append(today)
    return ends


def _is_stored(
    invoice: FeeInvoice | None,
    client: Client,
    guard: Guard,
    press: Press,
    documents: Files,
    cases: Cases,
    now: datetime,
) -> bool:
    """False where a twin run took the month or the number; the next run does what is left."""
    change = Change(guards=(guard,))
    if invoice is not None:
        month = f"{invoice.period_to:%Y-%m}"
        file_key = f"clients/{client.client_id}/invoices/{invoice.number}-{month}.pdf"
        documents.write(file_key, press.fee_invoice(invoice), "application/pdf")
        change = _change(client, invoice, replace(guard, payload=str(invoice.number)), file_key, now)
    try:
        cases.commit(change)
    except (AlreadyStored, StaleVersion):
        return False
    return True


def _invoice(
    client: Client, agency: Agency, count: int, period_to: date, today: date, number: int
) -> FeeInvoice:
    rate = vat.standard_rate(load_pack(client.country), period_to)
    net = Money(client.setup_fee.minor * count, client.currency)
    tax = rate.of(net)
    return FeeInvoice(
        number=number,
        client_id=client.client_id,
        invoiced_on=today,
        due_on=today + timedelta(days=PAYMENT_DAYS),
        period_from=period_to.replace(day=1),
        period_to=period_to,
        agency=agency.contact,
        client=client.contact,
        lines=(FeeInvoiceLine("setup_fee", count, client.setup_fee, net),),
        net=net,
        vat_percent=rate.percent,
        vat_rule=rate.explanation.statute,
        vat=tax,
        gross=net + tax,
        payment_iban=agency.iban,
        payment_bic=agency.bic,
        payment_reference=payment_reference.make(f"9{number:07d}", "fi_731"),
        language=client.language,
    )


def _change(client: Client, invoice: FeeInvoice, guard: Guard, file_key: str, now: datetime) -> Change:
    document_id = derived("inv", client.client_id, str(invoice.number))
    occasion = Occasion(EventId(derived("evt", document_id)), now)
    entry = transfer(
        occasion,
        kind="fee_invoiced",
        lines=(
            Line(accounts.client_invoiced(client.client_id), invoice.gross),
            Line(accounts.INCOME_SETUP, -invoice.net),
            Line(accounts.VAT, -invoice.vat),
        ),
        value_on=invoice.invoiced_on,
        source=document_id,
        label=str(invoice.number),
    )
    document = Document(
        document_id=document_id,
        client_id=client.client_id,
        kind="fee_invoice",
        title=f"{invoice.number}",
        made_on=invoice.invoiced_on,
        amount=invoice.gross,
        file_key=file_key,
    )
    event = Event(
        event_id=occasion.event_id,
        type="fee_invoice.issued",
        version=1,
        occurred_at=now,
        subject_kind="client",
        subject_id=client.client_id,
        client_id=client.client_id,
        data=(("gross_minor", str(invoice.gross.minor)), ("number", str(invoice.number))),
    )
    return Change(
        entries=(entry,),
        guards=(guard,),
        documents=(document,),
        events=(event,),
        invoice_number=invoice.number,
    )
