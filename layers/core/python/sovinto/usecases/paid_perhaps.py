"""Who may have their money already: a debit in suspense names an order of theirs that was put back.

A bank that corrects a booking of its own tells debit, return, debit: the order is put back with the return,
and what it paid is owed again. Nothing more goes to them until somebody has told what the last debit was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sovinto.domain.ledger import Entry
from sovinto.domain.order import OrderKind, OrderState, PaymentOrder
from sovinto.domain.payment import UnallocatedPayment
from sovinto.domain.refund import CAME_BACK
from sovinto.errors import RuleRefused
from sovinto.ports import Book, Cases

PUT_BACK = frozenset({OrderState.REJECTED, OrderState.WITHDRAWN})


def payees_in_doubt(book: Book, cases: Cases) -> Mapping[str, tuple[UnallocatedPayment, PaymentOrder]]:
    """By payee (see `payee_of`), such a debit, with the order that it names."""
    found: dict[str, tuple[UnallocatedPayment, PaymentOrder]] = {}
    for row in book.suspense():
        if row.payment.amount.minor >= 0 or not row.end_to_end_id:
            continue
        order = cases.order(row.end_to_end_id)
        if order is not None and order.state in PUT_BACK:
            found.setdefault(payee_of(order), (row, order))
    return found


def payee_of(order: PaymentOrder) -> str:
    """Whose money it is: a client's, a case's, or that of who has the account."""
    if order.kind is OrderKind.REMITTANCE:
        return payee_of_client(order.client_id)
    return f"case#{order.case_id}" if order.kind is OrderKind.REFUND else f"account#{order.iban}"


def payee_of_client(client_id: str) -> str:
    return f"client#{client_id}"


def in_doubt(orders: Iterable[PaymentOrder], book: Book, cases: Cases) -> tuple[PaymentOrder, ...]:
    """The orders among them that may pay what was paid before."""
    doubts = payees_in_doubt(book, cases)
    return tuple(order for order in orders if payee_of(order) in doubts)


def check_no_doubt(orders: Iterable[PaymentOrder], book: Book, cases: Cases) -> None:
    """Raises RuleRefused for an order of somebody who may have the money already."""
    doubts = payees_in_doubt(book, cases)
    for order in orders:
        if payee_of(order) in doubts:
            row, before = doubts[payee_of(order)]
            raise RuleRefused(
                f"order {order.order_id} may pay again what order {before.order_id} paid: a debit of it "
                f"({row.payment.payment_id}) waits in suspense; tell first what that was"
            )


def is_refund_in_doubt(entries: Iterable[Entry], cases: Cases) -> bool:
    """As `payees_in_doubt`, of the one case whose entries these are."""
    put_back = [entry.label for entry in entries if entry.kind == CAME_BACK and entry.label]
    return any(row.payment.amount.minor < 0 for name in put_back for row in cases.suspense_by(name))
