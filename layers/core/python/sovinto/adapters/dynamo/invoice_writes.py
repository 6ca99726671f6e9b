"""Our invoices to clients as writes of one transaction."""

from __future__ import annotations

from collections.abc import Iterator

from sovinto.adapters.codec import encode
from sovinto.adapters.dynamo import keys
from sovinto.adapters.dynamo.table import Item, Put, Write
from sovinto.ports import Change


def invoice_writes(change: Change) -> Iterator[Write]:
    """One that is paid or credited leaves the list of what is unpaid."""
    for issued in change.invoices:
        item: dict[str, str | int | bool] = {
            "pk": keys.client(issued.invoice.client_id),
            "sk": keys.fee_invoice(issued.number),
            "revision": issued.revision,
            "body": encode(issued),
        }
        if issued.is_unpaid:
            at = f"{issued.invoice.due_on.isoformat()}#{issued.number:08d}"
            item |= {"work_queue": keys.FEE_INVOICES, "work_at": at}
        yield _revised(item, issued.revision)


def _revised(item: Item, revision: int) -> Write:
    return Put(item, if_absent=True) if revision == 1 else Put(item, expect={"revision": revision - 1})
