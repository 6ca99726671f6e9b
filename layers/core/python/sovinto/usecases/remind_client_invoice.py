"""Our own unpaid invoices: two friendly e-mails, then the account manager is told. No interest, no fee."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sovinto.countries import load_calendar
from sovinto.domain.client import Client
from sovinto.domain.event import Event
from sovinto.domain.issued_invoice import IssuedInvoice
from sovinto.errors import OutcomeUnknown, StaleVersion, UpstreamRefused, UpstreamUnavailable
from sovinto.ids import EventId, derived
from sovinto.ports import Attachment, Cases, Change, Mailer
from sovinto.usecases.issue_invoice import Invoicing
from sovinto.usecases.partly import Failures
from sovinto.usecases.retry import with_fresh_read

REMIND_AFTER = (3, 14)
ESCALATE_AFTER = 21
_NAMES = ("invoice_reminder", "invoice_reminder_again")


@dataclass(frozen=True, slots=True)
class _Reminding(Invoicing):
    mailer: Mailer


def remind_clients(books: Invoicing, mailer: Mailer) -> dict[str, int]:
    """Counts. Days are counted from the due day, in our own country; what was due on days without a run
    comes with the next, one e-mail a day at most. Raises PartlyFailed at the end."""
    means = _Reminding(
        books.agency, books.press, books.documents, books.cases, books.clients, books.clock, mailer
    )
    done = {"invoice_reminders": 0, "invoices_overdue": 0}
    calendar = load_calendar(means.agency.contact.address.country)
    today = calendar.local_date(means.clock.now())
    failures = Failures()
    for issued in means.clients.unpaid_invoices():
        with failures.kept():
            if _is_to_remind(issued, today):
                done["invoice_reminders"] += _remind(issued, today, means)
            elif _is_to_escalate(issued, today):
                done["invoices_overdue"] += _escalate(issued, means)
    failures.raise_any(done)
    return done


def _is_to_remind(issued: IssuedInvoice, today: date) -> bool:
    """Whose fate is unknown (it may have arrived) is not sent again."""
    if issued.reminders >= len(REMIND_AFTER) or issued.is_reminding:
        return False
    is_today = issued.reminded_on is not None and issued.reminded_on >= today
    return not is_today and today >= issued.invoice.due_on + timedelta(days=REMIND_AFTER[issued.reminders])


def _is_to_escalate(issued: IssuedInvoice, today: date) -> bool:
    is_late = today >= issued.invoice.due_on + timedelta(days=ESCALATE_AFTER)
    return is_late and not issued.is_escalated


def _remind(issued: IssuedInvoice, today: date, means: _Reminding) -> int:
    """Noted first, then sent: a run that dies in between sends nothing twice."""
    client = means.clients.load(issued.invoice.client_id)
    noted = replace(
        issued,
        reminders=issued.reminders + 1,
        reminded_on=today,
        is_reminding=True,
        revision=issued.revision + 1,
    )
    if not _is_stored(Change(invoices=(noted,)), means.cases):
        return 0
    try:
        _send(noted, client, means)
    except OutcomeUnknown:
        return 1
    except (UpstreamUnavailable, UpstreamRefused):
        _settle(issued, means, reminders=issued.reminders, reminded_on=issued.reminded_on)
        raise
    event = _event(issued, "fee_invoice.reminded", means, count=noted.reminders)
    _settle(noted, means, event, reminders=noted.reminders, reminded_on=noted.reminded_on)
    return 1


def _settle(
    issued: IssuedInvoice, means: _Reminding, *events: Event, reminders: int, reminded_on: date | None
) -> None:
    """On the invoice as it is now: it may have been paid in part while the e-mail left."""

    def once() -> None:
        fresh = means.clients.invoice(issued.invoice.client_id, issued.number)
        newer = replace(
            fresh,
            reminders=reminders,
            reminded_on=reminded_on,
            is_reminding=False,
            revision=fresh.revision + 1,
        )
        means.cases.commit(Change(invoices=(newer,), events=events))

    with_fresh_read(once)


def _send(issued: IssuedInvoice, client: Client, means: _Reminding) -> None:
    invoice = issued.invoice
    wording = means.press.words(
        "email",
        _NAMES[issued.reminders - 1],
        client.language,
        {
            "client_name": client.name,
            "number": str(issued.number),
            "amount": f"{issued.left.decimal()} {invoice.currency}",
            "due_on": invoice.due_on.isoformat(),
            "iban": invoice.payment_iban,
            "reference": invoice.payment_reference,
            "agency": means.agency.contact.name,
            "phone": means.agency.contact.phone,
        },
    )
    paper = next(
        d for d in means.clients.documents(client.client_id) if d.document_id == issued.document_id
    )
    pdf = Attachment(paper.file_name, paper.content_type, means.documents.read(paper.file_key))
    means.mailer.send(
        to=client.email,
        subject=wording.subject,
        text=wording.text,
        attachments=(pdf,),
        reference=derived("rmd", issued.document_id, str(issued.reminders)),
    )


def _escalate(issued: IssuedInvoice, means: _Reminding) -> int:
    """Whoever looks after the client hears of it from the event; nothing more is sent."""
    told = replace(issued, is_escalated=True, revision=issued.revision + 1)
    event = _event(issued, "fee_invoice.overdue", means, count=issued.reminders)
    return int(_is_stored(Change(invoices=(told,), events=(event,)), means.cases))


def _is_stored(change: Change, cases: Cases) -> bool:
    """False where it was paid, credited or reminded of meanwhile."""
    try:
        cases.commit(change)
    except StaleVersion:
        return False
    return True


def _event(issued: IssuedInvoice, kind: str, means: _Reminding, *, count: int) -> Event:
    return Event(
        event_id=EventId(derived("evt", kind, issued.document_id, str(count))),
        type=kind,
        version=1,
        occurred_at=means.clock.now(),
        subject_kind="client",
        subject_id=issued.invoice.client_id,
        client_id=issued.invoice.client_id,
        data=(
            ("number", str(issued.number)),
            ("left_minor", str(issued.left.minor)),
            ("reminders", str(count)),
        ),
    )
