"""A payment order once more before it leaves: is it of the sum that was taken, and to the right account?"""

from __future__ import annotations

from collections.abc import Iterable

from sovinto.domain.order import NOT_RELEASED, OrderKind, PaymentOrder
from sovinto.errors import RuleRefused
from sovinto.ports import Cases, Clients, Clock
from sovinto.usecases.change_payout_account import account_today
from sovinto.usecases.order_payment import ordered


def check_as_made(orders: Iterable[PaymentOrder], *, cases: Cases) -> None:
    """Raises RuleRefused for an order of another sum than was taken for it."""
    for order in altered(orders, cases=cases):
        way = "withdraw it" if order.state in NOT_RELEASED else "give it up by two (`orders not-executed`)"
        raise RuleRefused(
            f"order {order.order_id} is not of the sum that the books took for it: somebody changed the "
            f"stored row; find out who, {way}, and the next run orders what is owed"
        )


def altered(orders: Iterable[PaymentOrder], *, cases: Cases) -> tuple[PaymentOrder, ...]:
    """Those whose row says another sum than the guard that was stored with the entry."""
    made = ((order, ordered(order)) for order in orders)
    return tuple(order for order, was in made if cases.guard(was.scope, was.key) != was.payload)


def check_accounts(orders: Iterable[PaymentOrder], *, clients: Clients, clock: Clock) -> None:
    """Raises RuleRefused for a remittance to an account that the client has changed since, LawMissing."""
    for order in to_old_account(orders, clients=clients, clock=clock):
        raise RuleRefused(
            f"order {order.order_id} would go to an account that client {order.client_id} has no more; "
            "withdraw it, and the next run orders it to the new one"
        )


def to_old_account(
    orders: Iterable[PaymentOrder], *, clients: Clients, clock: Clock
) -> tuple[PaymentOrder, ...]:
    """Remittances that were made before a change of the client's account became good. Raises LawMissing."""
    remittances = (order for order in orders if order.kind is OrderKind.REMITTANCE)
    return tuple(o for o in remittances if o.iban != _now(o, clients, clock))


def _now(order: PaymentOrder, clients: Clients, clock: Clock) -> str:
    return _plain(account_today(clients.load(order.client_id), clients=clients, clock=clock))


def _plain(iban: str) -> str:
    return "".join(iban.split()).upper()
