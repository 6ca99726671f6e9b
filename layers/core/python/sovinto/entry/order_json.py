"""Orders, batches, refunds and changes of account as the desk shows them; no account in full."""

from __future__ import annotations

from datetime import date
from typing import Any

from sovinto.domain.order import Batch, PaymentOrder
from sovinto.domain.payout_account import PayoutChange
from sovinto.domain.refund import Share
from sovinto.ids import PaymentId
from sovinto.usecases.refund_queue import Waiting


def order_json(order: PaymentOrder) -> dict[str, Any]:
    """The account by its last signs only: who releases compares them with the source."""
    return {
        "order_id": order.order_id,
        "kind": order.kind.value,
        "state": order.state.value,
        "payee": order.payee,
        "account": f"{order.iban[:2]}..{order.iban[-4:]}",
        "amount": {"minor": order.amount.minor, "currency": order.amount.currency},
        "source": order.source,
        "execution_on": order.execution_on.isoformat(),
        "proposed_by": order.proposed_by,
        "approved_by": order.approved_by,
        "released_by": order.released_by,
        "batch_id": order.batch_id,
        "reason": order.reason,
    }


def batch_json(batch: Batch) -> dict[str, Any]:
    return {
        "batch_id": batch.batch_id,
        "execution_on": batch.execution_on.isoformat(),
        "orders": len(batch.order_ids),
        "control_sum": {"minor": batch.control_sum.minor, "currency": batch.control_sum.currency},
        "released_by": batch.released_by,
    }


def refund_json(item: Waiting) -> dict[str, Any]:
    refund = item.refund
    asked = {share.payment_id for share in item.asks}
    return {
        "case_id": refund.case_id,
        "amount": {"minor": refund.amount.minor, "currency": refund.amount.currency},
        "due_on": refund.due_on.isoformat(),
        "waits_since": refund.since.date().isoformat(),
        "days_late": item.days_late,
        "shares": [
            {
                "payment_id": share.payment_id,
                "minor": share.amount.minor,
                "way": _way(item, share, asked),
            }
            for share in refund.shares
        ],
    }


def _way(item: Waiting, share: Share, asked: set[PaymentId]) -> str:
    """`ask`: nobody told us an account yet; `stopped`: it came back too often, and waits for people;
    `short`: what was refunded before was taken back, and suspense says how much."""
    if item.is_short:
        return "short"
    if share.payment_id in item.by_provider:
        return "provider"
    if share.payment_id in item.stopped:
        return "stopped"
    return "ask" if share.payment_id in asked else "bank"


def payout_change_json(change: PayoutChange, today: date) -> dict[str, Any]:
    return {
        "change_id": change.change_id,
        "client_id": change.client_id,
        "account": change.masked,
        "state": change.state.value,
        "effective_on": change.effective_on.isoformat(),
        "days_left": max((change.effective_on - today).days, 0),
        "is_told": change.is_told,
    }
