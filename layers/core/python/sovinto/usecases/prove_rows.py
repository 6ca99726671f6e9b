"""The rows beside the ledger: what waits to be done must be what the ledger says is owed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

from sovinto.domain import accounts
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.ledger import Entry, debtor_account
from sovinto.domain.money import Money
from sovinto.domain.payment import UnallocatedPayment
from sovinto.domain.proof import Break, Sums, differences
from sovinto.ports import Clients, Orders

_REFUNDS = "refunds:"


class Waiting(Protocol):
    def suspense(self) -> tuple[UnallocatedPayment, ...]: ...


@dataclass(slots=True)
class Retained:
    """What our contract lets us keep of what is owed to clients, by `client:<id>:payable` and currency.

    The fees that debtors paid, less those that went back, less what remittances made our income.
    """

    by_account: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        name = next((line.account for line in entry.lines if accounts.held_for(line.account)), None)
        if name is not None:
            _sum(self.by_account, ((name, amount) for amount in _fees(entry)))


def _fees(entry: Entry) -> Iterator[Money]:
    lines = entry.lines
    if entry.case_id is None:
        ours = (accounts.INCOME_COLLECTION, accounts.VAT)
        yield from (line.amount for line in lines if line.account in ours)
        return
    fee = debtor_account(entry.case_id, ClaimClass.FEE)
    # A part is followed by its contra; without one, a leg only nets a credit between two classes.
    for part, contra in pairwise(lines):
        if part.account == fee and contra.account.endswith(":claims"):
            yield -part.amount


def row_breaks(
    sums: Sums, retained: Retained, *, clients: Clients, orders: Orders, book: Waiting
) -> Iterator[Break]:
    """Payables and what we keep of them, suspense, payment orders, invoices, and the refund queue."""
    payables = [p for client in clients.all() for p in clients.payables(client.client_id)]
    owed = [(accounts.client_payable(p.client_id), p.collected) for p in payables]
    yield from differences("payable", _owed(sums, ":payable"), _sum({}, owed), "the open payables")
    kept = [(accounts.client_payable(p.client_id), p.retained) for p in payables]
    what = "the fees in it that the open payables keep back"
    yield from differences("retained", retained.by_account, _sum({}, kept), what)
    waits = [(accounts.SUSPENSE, row.payment.amount) for row in book.suspense()]
    held = _owed(sums, accounts.SUSPENSE)
    yield from differences("suspense", held, _sum({}, waits), "the payments that wait")
    under_way = [(accounts.IN_TRANSIT, order.amount) for order in orders.open()]
    leaving = _owed(sums, accounts.IN_TRANSIT)
    yield from differences("in_transit", leaving, _sum({}, under_way), "the open payment orders")
    yield from _invoice_breaks(sums, clients)
    yield from _refund_breaks(sums, orders)


def _invoice_breaks(sums: Sums, clients: Clients) -> Iterator[Break]:
    invoices = [one for client in clients.all() for one in clients.invoices(client.client_id)]
    left = [(accounts.client_invoiced(one.invoice.client_id), one.left) for one in invoices]
    ledger = {key: -minor for key, minor in _owed(sums, ":invoiced").items()}
    yield from differences("invoiced", ledger, _sum({}, left), "what our invoices have left")
    asked = {(one.invoice.client_id, one.number) for one in clients.unpaid_invoices()}
    for one in invoices:
        if one.is_unpaid and (one.invoice.client_id, one.number) not in asked:
            text = "it has something left to pay, but is not in the list of unpaid invoices"
            yield Break("invoiced", f"invoice {one.number}", text)


def _refund_breaks(sums: Sums, orders: Orders) -> Iterator[Break]:
    queue = {f"{_REFUNDS}{case_id}" for case_id in orders.refunding()}
    for (account, currency), minor in sorted(sums.by_account.items()):
        if account.startswith(_REFUNDS) and minor < 0 and account not in queue:
            owed = f"{Money(-minor, currency).decimal()} {currency}"
            yield Break("refunds", account, f"{owed} is owed back, but the case is not in the refund queue")


def _owed(sums: Sums, ending: str) -> dict[tuple[str, str], int]:
    return {key: -minor for key, minor in sums.by_account.items() if key[0].endswith(ending)}


def _sum(
    sums: dict[tuple[str, str], int], amounts: Iterable[tuple[str, Money]]
) -> dict[tuple[str, str], int]:
    for account, amount in amounts:
        key = (account, amount.currency)
        sums[key] = sums.get(key, 0) + amount.minor
    return sums
