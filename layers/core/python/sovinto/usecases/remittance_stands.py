"""A remittance that was put back and paid after all: the bank corrected a booking of its own."""

from __future__ import annotations

from sovinto.domain.client import Client
from sovinto.domain.money import Money
from sovinto.domain.order import OrderKind
from sovinto.domain.payment import Payable, UnallocatedPayment
from sovinto.ports import Cases, Clients
from sovinto.usecases.paid_perhaps import PUT_BACK

KIND = "remittance_stands"


def standing(row: UnallocatedPayment, client: Client, cases: Cases, clients: Clients) -> Payable | None:
    """What was put back with the bank's return is owed no more: so much is taken off the client's money,
    beside the oldest of it, of whose case it is. None for a debit that names no such order of theirs."""
    order = cases.order(row.end_to_end_id) if row.end_to_end_id else None
    taken = -row.payment.amount
    if (
        order is None
        or order.kind is not OrderKind.REMITTANCE
        or (order.client_id, order.amount) != (client.client_id, taken)
        or order.state not in PUT_BACK
    ):
        return None
    known = clients.payables(client.client_id) or tuple(clients.all_payables(client.client_id))
    oldest = min(known, key=lambda payable: (payable.received_on, payable.payment_id))
    return oldest.clawed_back(row.payment.payment_id, taken, Money.zero(taken.currency))
