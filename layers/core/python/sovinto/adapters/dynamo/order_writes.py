"""Payment orders, what they rest on and what comes of them, as writes of one transaction."""

from __future__ import annotations

from collections.abc import Iterator

from sovinto.adapters.codec import encode
from sovinto.adapters.dynamo import keys
from sovinto.adapters.dynamo.table import Item, Put, Set, Write
from sovinto.domain import accounts
from sovinto.domain.held_file import HeldFile
from sovinto.domain.order import Batch, PaymentOrder
from sovinto.domain.payment import Payable
from sovinto.domain.payout_account import PayoutChange
from sovinto.domain.refund import Payer
from sovinto.ports import Change


def order_writes(change: Change) -> Iterator[Write]:
    yield from (_order(order) for order in change.orders)
    yield from (_batch(batch) for batch in change.batches)
    yield from (_reopened(payable) for payable in change.reopened)
    yield from (_payer(payer) for payer in change.payers)
    yield from (_payout_change(one) for one in change.payout_changes)
    yield from (_held_file(file) for file in change.held_files)
    yield from _refunding(change)
    yield from _client(change)


def _order(order: PaymentOrder) -> Write:
    item: dict[str, str | int | bool] = {
        "pk": keys.order(order.order_id),
        "sk": keys.ORDER,
        "revision": order.revision,
        "body": encode(order),
    }
    if not order.is_final:
        at = f"{keys.instant(order.proposed_at)}#{order.order_id}"
        item |= {"work_queue": keys.ORDERS, "work_at": at}
    return _revised(item, order.revision)


def _batch(batch: Batch) -> Write:
    item: dict[str, str | int | bool] = {
        "pk": keys.batch(batch.batch_id),
        "sk": keys.BATCH,
        "is_sent": batch.is_sent,
        "body": encode(batch),
    }
    if batch.is_sent:
        return Put(item, expect={"is_sent": False})
    at = f"{batch.execution_on.isoformat()}#{batch.batch_id}"
    return Put({**item, "work_queue": keys.BATCHES, "work_at": at}, if_absent=True)


def _payout_change(change: PayoutChange) -> Write:
    item: Item = {
        "pk": keys.client(change.client_id),
        "sk": f"{keys.PAYOUT_CHANGE}{keys.instant(change.asked_at)}#{change.change_id}",
        "revision": change.revision,
        "body": encode(change),
    }
    return _revised(item, change.revision)


def _held_file(file: HeldFile) -> Write:
    item: dict[str, str | int | bool] = {
        "pk": keys.bank_file(file.digest),
        "sk": keys.HELD,
        "revision": file.revision,
        "body": encode(file),
    }
    if file.is_queued:
        item |= {"work_queue": keys.HELD, "work_at": f"{keys.instant(file.held_at)}#{file.digest}"}
    return _revised(item, file.revision)


def _revised(item: Item, revision: int) -> Write:
    return Put(item, if_absent=True) if revision == 1 else Put(item, expect={"revision": revision - 1})


def _reopened(payable: Payable) -> Write:
    """The bank did not pay it: it waits with the open ones again."""
    values: dict[str, str | int | bool | None] = {
        "state": "open",
        "revision": payable.revision,
        "work_queue": keys.payables(payable.client_id),
        "work_at": f"{payable.received_on.isoformat()}#{payable.payment_id}",
        "body": encode(payable),
    }
    expect = {"state": "remitted", "revision": payable.revision - 1 or None}
    sk = keys.payable(payable.case_id, payable.payment_id)
    return Set(keys.client(payable.client_id), sk, values, expect=expect)


def _payer(payer: Payer) -> Write:
    """The newest word counts: a person may mend what the bank line said."""
    pk, sk = keys.case(payer.case_id), f"{keys.PAYER}{payer.payment_id}"
    return Put({"pk": pk, "sk": sk, "body": encode(payer)})


def _refunding(change: Change) -> Iterator[Write]:
    """A case whose refunds account moves is looked at by the refund queue. The row says only that: what is
    owed is always the fold of the case's entries."""
    if change.case is None:
        return
    account = accounts.refunds(change.case.case_id)
    touched = [e for e in change.entries if any(line.account == account for line in e.lines)]
    if touched:
        seen = f"{keys.instant(touched[-1].posted_at)}#{change.case.version}"
        values = {"work_queue": keys.REFUNDS, "work_at": seen, "case_id": change.case.case_id}
        yield Set(keys.case(change.case.case_id), keys.REFUND, values)


def _client(change: Change) -> Iterator[Write]:
    if change.client is not None and change.client_before is not None:
        yield Put(
            {"pk": keys.client(change.client.client_id), "sk": keys.CLIENT, "body": encode(change.client)},
            expect={"body": encode(change.client_before)},
        )
