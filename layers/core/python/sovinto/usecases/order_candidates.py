"""Which payment orders a debit in suspense may be of: while nobody has said so, nothing is paid twice."""

from __future__ import annotations

from collections.abc import Sequence

from sovinto.domain.money import Money, total
from sovinto.domain.order import AT_THE_BANK, PaymentOrder
from sovinto.domain.payment import BANK_SOURCE, UnallocatedPayment
from sovinto.ports import Cases, Orders

ASKED = "NOT_EXECUTED"


def asked_by(order: PaymentOrder, cases: Cases) -> str:
    """Who said that the bank will never execute it, and waits for a second person; empty where nobody."""
    return (cases.guard(ASKED, asked_key(order)) or "").partition("|")[0]


def asked_key(order: PaymentOrder) -> str:
    return f"{order.order_id}#{order.revision}"


def likely(row: UnallocatedPayment, orders: Orders) -> tuple[PaymentOrder, ...]:
    """At the bank, and its own: named by a debit that covers them, of just its sum, or a file that is."""
    taken, there = _taken(row), _there(row, orders)
    named = tuple(o for o in there if o.order_id in row.names and o.amount.minor <= taken.minor)
    return named or tuple(o for o in there if o.amount == taken) or _file_of(taken, there)


def possible(
    row: UnallocatedPayment, orders: Orders, *, of: Money | None = None
) -> tuple[PaymentOrder, ...]:
    """At the bank, and perhaps a part of it (or `of` so much of it): the bank books several in one sum, and
    adds its charge."""
    most = _taken(row) if of is None else of
    return tuple(
        o
        for o in _there(row, orders)
        if o.amount.minor <= most.minor or (of is None and o.order_id in row.names)
    )


def not_asked(found: Sequence[PaymentOrder], by: str, cases: Cases) -> tuple[PaymentOrder, ...]:
    """Those of them which no colleague has asked to give up."""
    return tuple(order for order in found if asked_by(order, cases) in ("", by))


def _taken(row: UnallocatedPayment) -> Money:
    return -row.payment.amount


def _there(row: UnallocatedPayment, orders: Orders) -> list[PaymentOrder]:
    """In the currency of what the bank took, and not made after it had been read."""
    taken = _taken(row)
    if taken.minor <= 0 or row.payment.source != BANK_SOURCE:
        return []
    return [
        order
        for order in orders.open()
        if order.state in AT_THE_BANK
        and order.amount.currency == taken.currency
        and order.proposed_at <= row.received_at
    ]


def _file_of(taken: Money, there: Sequence[PaymentOrder]) -> tuple[PaymentOrder, ...]:
    files: dict[str, list[PaymentOrder]] = {}
    for order in there:
        files.setdefault(order.batch_id, []).append(order)
    for found in files.values():
        if total((order.amount for order in found), taken.currency) == taken:
            return tuple(found)
    return ()
