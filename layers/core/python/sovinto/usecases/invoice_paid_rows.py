"""What paid our invoices, by payment and by invoice: so a payment that the bank takes back is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sovinto.domain.ledger import Entry
from sovinto.domain.matching.names import account_digest, name_digest
from sovinto.domain.money import Money
from sovinto.domain.payment import Payment
from sovinto.errors import StaleVersion
from sovinto.ids import ClientId, EntryId, PaymentId, derived
from sovinto.ports import Cases, Guard
from sovinto.usecases.guard_series import length_of
from sovinto.usecases.suspense_rows import SETTLED

INVOICE_PAID = "INVOICE_PAID"
"""What a payment of our invoice was, by its id, for its return; and a list of them for each invoice."""


@dataclass(frozen=True, slots=True)
class InvoiceName:
    client_id: ClientId
    number: int


@dataclass(frozen=True, slots=True)
class PaidInvoice:
    """What `record_invoice_payment` stored of one payment; `payers` are digests of the name and of the
    account that the bank told, none in older rows."""

    invoice: InvoiceName
    paid: Money
    rest: Money
    entry_id: EntryId
    payers: tuple[str, ...] = ()


def invoice_paid_by(payment_id: PaymentId, cases: Cases) -> PaidInvoice | None:
    """None where it paid no invoice of ours, or was taken back already."""
    stored = cases.guard(INVOICE_PAID, payment_id)
    if stored is None or cases.guard(SETTLED, payment_id) is not None:
        return None
    client_id, number, paid, rest, currency, entry_id, *payers = stored.split("|")
    name, who = InvoiceName(ClientId(client_id), int(number)), tuple(filter(None, payers))
    return PaidInvoice(name, Money(int(paid), currency), Money(int(rest), currency), EntryId(entry_id), who)


def payments_of(name: InvoiceName, cases: Cases) -> Iterator[PaymentId]:
    """What paid that invoice, the newest first; also what was taken back since."""
    key = _list_of(name)
    for place in range(length_of(INVOICE_PAID, key, cases) - 1, -1, -1):
        yield PaymentId(cases.guard(INVOICE_PAID, f"{key}#{place}") or "")


def over_id(payment_id: PaymentId) -> PaymentId:
    """Under which name waits what the payment had more than the invoice had left."""
    return PaymentId(derived("pay", "over", payment_id))


def noted(
    received: Payment, name: InvoiceName, paid: Money, rest: Money, entry: Entry, cases: Cases
) -> tuple[Guard, Guard]:
    """What to store with a payment of our invoice."""
    key = _list_of(name)
    sums = (paid.minor, rest.minor, paid.currency)
    payers = (name_digest(received.payer), account_digest(received.payer_iban))
    what = (name.client_id, name.number, *sums, entry.entry_id, *payers)
    return (
        Guard(INVOICE_PAID, received.payment_id, "|".join(str(part) for part in what)),
        Guard(
            INVOICE_PAID,
            f"{key}#{length_of(INVOICE_PAID, key, cases)}",
            received.payment_id,
            clash=StaleVersion,
        ),
    )


def _list_of(name: InvoiceName) -> str:
    return f"{name.client_id}#{name.number}"
