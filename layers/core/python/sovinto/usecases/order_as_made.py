"""A payment order once more before it leaves: is it what the books took money for?"""

from __future__ import annotations

from collections.abc import Iterable

from sovinto.domain.order import PaymentOrder
from sovinto.errors import RuleRefused
from sovinto.ports import Cases
from sovinto.usecases.order_payment import ordered


def check_as_made(orders: Iterable[PaymentOrder], *, cases: Cases) -> None:
    """Raises RuleRefused for an order of another sum than was taken for it."""
    for order in altered(orders, cases=cases):
        raise RuleRefused(
            f"order {order.order_id} is not of the sum that the books took for it: somebody changed the "
            "stored row; find out who, withdraw it, and the next run orders what is owed"
        )


def altered(orders: Iterable[PaymentOrder], *, cases: Cases) -> tuple[PaymentOrder, ...]:
    """Those whose row says another sum than the guard that was stored with the entry."""
    made = ((order, ordered(order)) for order in orders)
    return tuple(order for order, was in made if cases.guard(was.scope, was.key) != was.payload)
