"""Payment orders under way, their batches, and the refund queue."""

from __future__ import annotations

from sovinto.adapters.codec import decode
from sovinto.adapters.dynamo import keys
from sovinto.adapters.dynamo.table import Set, Table
from sovinto.domain.ledger import Entry
from sovinto.domain.order import Batch, PaymentOrder
from sovinto.domain.payment import UnallocatedPayment
from sovinto.domain.refund import Payer
from sovinto.errors import NotFound, StaleVersion
from sovinto.ids import CaseId


class TableOrders:
    """Implements ports.Orders."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def open(self) -> tuple[PaymentOrder, ...]:
        found = self._table.index("work", keys.ORDERS)
        return tuple(decode(PaymentOrder, str(item["body"])) for item in found)

    def load(self, order_id: str) -> PaymentOrder:
        item = self._table.get(keys.order(order_id), keys.ORDER)
        if item is None:
            raise NotFound(f"there is no payment order {order_id}")
        return decode(PaymentOrder, str(item["body"]))

    def unsent(self) -> tuple[Batch, ...]:
        found = self._table.index("work", keys.BATCHES)
        return tuple(decode(Batch, str(item["body"])) for item in found)

    def batch(self, batch_id: str) -> Batch | None:
        item = self._table.get(keys.batch(batch_id), keys.BATCH)
        return None if item is None else decode(Batch, str(item["body"]))

    def entry(self, order: PaymentOrder) -> Entry:
        pk = keys.case(order.case_id) if order.case_id else keys.ledger(order.proposed_at)
        item = self._table.get(pk, keys.entry(order.proposed_at, order.entry_id))
        if item is None:
            raise NotFound(f"there is no entry {order.entry_id} of order {order.order_id}")
        return decode(Entry, str(item["body"]))

    def returned_payment(self, order: PaymentOrder) -> UnallocatedPayment:
        month, _, payment_id = order.source.partition("/")
        item = self._table.get(f"{keys.SUSPENSE}#{month}", f"{keys.PAYMENT}{payment_id}")
        if item is None:
            raise NotFound(f"there is no payment {payment_id} in suspense")
        return decode(UnallocatedPayment, str(item["body"]))

    def refunding(self) -> tuple[CaseId, ...]:
        return tuple(CaseId(str(item["case_id"])) for item in self._table.index("work", keys.REFUNDS))

    def seen(self, case_id: CaseId) -> str:
        item = self._table.get(keys.case(case_id), keys.REFUND) or {}
        return str(item.get("work_at", ""))

    def refunded(self, case_id: CaseId, seen: str) -> None:
        try:
            self._table.transact(
                [
                    Set(
                        keys.case(case_id),
                        keys.REFUND,
                        {"work_queue": None, "work_at": None},
                        expect={"work_at": seen},
                    )
                ]
            )
        except StaleVersion:
            # It moved meanwhile, so it stays in the list and is looked at by the next run.
            return

    def payers(self, case_id: CaseId) -> tuple[Payer, ...]:
        found = self._table.query(keys.case(case_id), keys.PAYER)
        return tuple(decode(Payer, str(item["body"])) for item in found)
