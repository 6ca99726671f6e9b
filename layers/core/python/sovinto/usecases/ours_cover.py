"""A transfer to our own account, once more before it is released: is the account still able to bear it?"""

from __future__ import annotations

from collections.abc import Iterable

from sovinto.domain.order import OrderKind, PaymentOrder
from sovinto.errors import RuleRefused
from sovinto.ports import Book, Cases, Clock
from sovinto.usecases.ours_free import ours_now


def check_covered(orders: Iterable[PaymentOrder], *, book: Book, cases: Cases, clock: Clock) -> None:
    """Raises RuleRefused for a transfer to our own account that would now be others' money."""
    for order in not_covered(orders, book=book, cases=cases, clock=clock):
        raise RuleRefused(
            f"order {order.order_id} would move others' money to our own account: the bank took money "
            "since it was proposed; withdraw it, and the next run orders what is ours"
        )


def not_covered(
    orders: Iterable[PaymentOrder], *, book: Book, cases: Cases, clock: Clock
) -> tuple[PaymentOrder, ...]:
    """The transfers to our own account that the account does not have for us any more."""
    own = [order for order in orders if order.kind is OrderKind.OWN]
    if not own:
        return ()
    # What is ordered has been taken off already.
    free = ours_now(book=book, cases=cases, clock=clock).free
    return tuple(order for order in own if free.get(order.amount.currency, 0) < 0)
