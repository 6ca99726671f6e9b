"""A client pays our invoice: found by its reference, on the account that holds client money.

Client money and ours are kept apart from the first entry on: what was paid is `bank:ours_due`, the part
of the collection account that waits to be moved to our own, and the same amount is our own claim on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sovinto.domain import accounts
from sovinto.domain.event import Event
from sovinto.domain.issued_invoice import IssuedInvoice
from sovinto.domain.ledger import Entry, Line
from sovinto.domain.money import Money
from sovinto.domain.payment import Payment, UnallocatedPayment
from sovinto.domain.posting import Occasion, transfer
from sovinto.errors import AlreadyStored
from sovinto.ids import ClientId, EventId, derived
from sovinto.ports import Cases, Change, Clients, Clock, Guard
from sovinto.usecases.invoice_paid_rows import InvoiceName, noted, over_id
from sovinto.usecases.issue_invoice import invoice_row
from sovinto.usecases.retry import with_fresh_read

PAID = "invoice_paid"
_NOTHING = Change()


@dataclass(frozen=True, slots=True)
class InvoicePaid:
    """`paid` of the money is for the invoice, `rest` waits in suspense. `is_ours` is false where nothing
    was stored: the invoice is paid already, or in another currency."""

    paid: Money
    rest: Money
    is_ours: bool
    is_repeat: bool = False


def invoice_by_reference(references: Iterable[str], cases: Cases) -> InvoiceName | None:
    """The invoice of ours that all of these references name; None where they name none, or several."""
    named = {cases.guard(*invoice_row(text)) for text in references if text.strip()}
    found = named.pop() if len(named) == 1 else None
    if found is None:
        return None
    client_id, _, number = found.rpartition("|")
    return InvoiceName(ClientId(client_id), int(number))


def record_invoice_payment(
    received: Payment,
    invoice: InvoiceName,
    *,
    guard: Guard,
    cases: Cases,
    clients: Clients,
    clock: Clock,
    into: str = accounts.BANK,
    beside: Change = _NOTHING,
) -> InvoicePaid:
    """Posts once per guard. What is more than the invoice has left waits in suspense.

    `into` is the account the money came to; `beside` further guards, and absent ones, of the same
    transaction. Raises NotFound where there is no such invoice.
    """
    try:
        return with_fresh_read(lambda: _once(received, invoice, guard, cases, clients, clock, into, beside))
    except AlreadyStored:
        return InvoicePaid(received.amount, Money.zero(received.amount.currency), True, is_repeat=True)


def _once(
    received: Payment,
    name: InvoiceName,
    guard: Guard,
    cases: Cases,
    clients: Clients,
    clock: Clock,
    into: str,
    beside: Change,
) -> InvoicePaid:
    if cases.guard(guard.scope, guard.key) is not None:
        raise AlreadyStored("this money was posted before")
    issued, zero = clients.invoice(name.client_id, name.number), Money.zero(received.amount.currency)
    is_ours = received.amount.currency == issued.invoice.currency and issued.is_unpaid
    if not is_ours or received.amount.minor <= 0:
        return InvoicePaid(zero, received.amount, is_ours=False)
    paid = min(received.amount, issued.left)
    rest = received.amount - paid
    occasion = Occasion(EventId(derived("evt", PAID, received.payment_id)), clock.now())
    waiting = (_waiting(received, rest, issued, occasion),) if rest else ()
    entry = _entry(received, issued, paid, rest, occasion, into)
    cases.commit(
        Change(
            entries=(entry,),
            guards=(guard, *beside.guards, *noted(received, name, paid, rest, entry, cases)),
            unless=beside.unless,
            events=(_event(issued, paid, rest, occasion),),
            invoices=(issued.with_payment(paid),),
            suspense=waiting,
        )
    )
    return InvoicePaid(paid, rest, is_ours=True)


def _entry(
    received: Payment, issued: IssuedInvoice, paid: Money, rest: Money, occasion: Occasion, into: str
) -> Entry:
    return transfer(
        occasion,
        kind=PAID,
        lines=(
            Line(into, received.amount),
            Line(accounts.OURS_DUE, -paid),
            Line(accounts.OWN_FROM_COLLECTION, paid),
            Line(accounts.client_invoiced(issued.invoice.client_id), -paid),
            Line(accounts.SUSPENSE, -rest),
        ),
        value_on=received.value_on,
        source=received.source_id,
        label=str(issued.number),
    )


def _waiting(
    received: Payment, rest: Money, issued: IssuedInvoice, occasion: Occasion
) -> UnallocatedPayment:
    over = replace(received, payment_id=over_id(received.payment_id), amount=rest)
    reason = f"more than our invoice {issued.number} had left to pay"
    # The pointer finds it when the bank takes the whole back.
    return UnallocatedPayment(over, occasion.at, reason, end_to_end_id=received.payment_id)


def _event(issued: IssuedInvoice, paid: Money, rest: Money, occasion: Occasion) -> Event:
    left = issued.left - paid
    return Event(
        event_id=occasion.event_id,
        type="fee_invoice.paid",
        version=1,
        occurred_at=occasion.at,
        subject_kind="client",
        subject_id=issued.invoice.client_id,
        client_id=issued.invoice.client_id,
        data=(
            ("number", str(issued.number)),
            ("paid_minor", str(paid.minor)),
            ("left_minor", str(left.minor)),
            ("over_minor", str(rest.minor)),
        ),
    )
