"""The bank takes back what a client paid us: out of the books, and the invoice is unpaid again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sovinto.domain import accounts
from sovinto.domain.ledger import Line
from sovinto.domain.payment import UnallocatedPayment
from sovinto.domain.posting import Occasion, transfer
from sovinto.errors import InvalidInput, StaleVersion
from sovinto.ids import EventId, PaymentId, derived
from sovinto.ports import Cases, Change, Clients, Clock, Guard
from sovinto.usecases.invoice_paid_rows import PaidInvoice, invoice_paid_by, over_id
from sovinto.usecases.suspense_rows import SETTLED, settled_event

BACK = "invoice_payment_back"
_BY_BANK = "bank"


def take_back_invoice_payment(
    payment_id: PaymentId,
    *,
    on: date,
    source: str,
    out_of: str,
    beside: Change,
    cases: Cases,
    clients: Clients,
    clock: Clock,
) -> None:
    """All of it leaves `out_of`; what was more than the invoice had left waits no more.

    Raises InvalidInput where that part found another owner, StaleVersion where it was taken back meanwhile.
    """
    taken = invoice_paid_by(payment_id, cases)
    if taken is None:
        raise StaleVersion("the payment of the invoice was taken back in between; read it again")
    over = _over(payment_id, taken, cases)
    issued = clients.invoice(taken.invoice.client_id, taken.invoice.number)
    told, now = f"taken_back|{source}", clock.now()
    entry = transfer(
        Occasion(EventId(derived("evt", BACK, payment_id)), now),
        kind=BACK,
        lines=(
            Line(out_of, -(taken.paid + taken.rest)),
            Line(accounts.OURS_DUE, taken.paid),
            Line(accounts.OWN_FROM_COLLECTION, -taken.paid),
            Line(accounts.client_invoiced(taken.invoice.client_id), taken.paid),
            Line(accounts.SUSPENSE, taken.rest),
        ),
        value_on=on,
        source=source,
        label=str(issued.number),
    )
    names = (payment_id, *(row.payment.payment_id for row in over))
    settled = (Guard(SETTLED, name, told, clash=StaleVersion) for name in names)
    cases.commit(
        Change(
            entries=(replace(entry, reverses=taken.entry_id),),
            guards=(*beside.guards, *settled),
            unless=beside.unless,
            invoices=(issued.with_payment(-taken.paid),),
            found=over,
            events=tuple(settled_event(row, "taken_back", _BY_BANK, clock) for row in over),
        )
    )


def _over(payment_id: PaymentId, taken: PaidInvoice, cases: Cases) -> tuple[UnallocatedPayment, ...]:
    if not taken.rest:
        return ()
    name = over_id(payment_id)
    found = tuple(row for row in cases.suspense_by(payment_id) if row.payment.payment_id == name)
    if not found:
        raise InvalidInput(f"what was more than invoice {taken.invoice.number} had left is settled already")
    return found
