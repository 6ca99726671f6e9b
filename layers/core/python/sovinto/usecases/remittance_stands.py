"""A remittance that was put back and paid after all: the bank corrected a booking of its own."""

from __future__ import annotations

from dataclasses import replace

from sovinto.domain import accounts
from sovinto.domain.client import Client
from sovinto.domain.ledger import Line
from sovinto.domain.money import Money
from sovinto.domain.order import OrderKind, PaymentOrder
from sovinto.domain.payment import Payable, UnallocatedPayment
from sovinto.domain.posting import Occasion, transfer
from sovinto.ids import EventId, derived
from sovinto.ports import Cases, Change, Clients, Clock
from sovinto.usecases.paid_perhaps import PUT_BACK
from sovinto.usecases.suspense_rows import settled_event, settling

KIND = "remittance_stands"


def stands(
    row: UnallocatedPayment,
    client: Client,
    told: str,
    *,
    by: str,
    cases: Cases,
    clients: Clients,
    clock: Clock,
) -> Change | None:
    """What was put back with the bank's return is owed no more: the debit after it is the client's money,
    and the next remittance nets the two. None for a debit that names no such order of this client."""
    order = cases.order(row.end_to_end_id) if row.end_to_end_id else None
    if order is None or not _is_its_debit(row, order, client):
        return None
    payment_id, amount = row.payment.payment_id, row.payment.amount
    payable = accounts.client_payable(client.client_id)
    entry = transfer(
        Occasion(EventId(derived("evt", "suspense", payment_id, KIND)), clock.now()),
        kind=KIND,
        lines=(Line(accounts.SUSPENSE, amount), Line(payable, -amount)),
        value_on=row.payment.value_on,
        source=payment_id,
        label=order.order_id,
    )
    return Change(
        entries=(entry,),
        guards=(settling(payment_id, told),),
        found=(row,),
        payables=(_owed_back(row, client, clients),),
        events=(settled_event(row, KIND, by, clock),),
    )


def _is_its_debit(row: UnallocatedPayment, order: PaymentOrder, client: Client) -> bool:
    return (
        order.kind is OrderKind.REMITTANCE
        and order.client_id == client.client_id
        and order.state in PUT_BACK
        and order.amount == -row.payment.amount
    )


def _owed_back(row: UnallocatedPayment, client: Client, clients: Clients) -> Payable:
    """Beside the oldest of the client's money, of whose case it is; nothing of it is a fee."""
    known = clients.payables(client.client_id) or tuple(clients.all_payables(client.client_id))
    oldest = min(known, key=lambda payable: (payable.received_on, payable.payment_id))
    taken = -row.payment.amount
    back = oldest.clawed_back(row.payment.payment_id, taken, Money.zero(taken.currency))
    return replace(back, received_on=row.payment.value_on)
