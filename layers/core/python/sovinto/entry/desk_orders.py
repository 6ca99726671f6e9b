"""What people ask of the desk about money that leaves: look, approve, release, withdraw, give back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from sovinto.countries import load_calendar
from sovinto.domain.agency import Agency
from sovinto.domain.money import Money
from sovinto.domain.order import Batch, PaymentOrder
from sovinto.domain.payout_account import PayoutChange
from sovinto.domain.refund import Share
from sovinto.entry.bodies import Text
from sovinto.entry.desk import CaseRequest, DeskRequest, Id
from sovinto.ids import CaseId, ClientId, PaymentId
from sovinto.ports import Cases, Clients, Clock, Files, Orders
from sovinto.usecases.change_payout_account import pending_changes, stop_payout_change
from sovinto.usecases.order_status import withdraw_order
from sovinto.usecases.refund_queue import Waiting, record_payer, refund_queue, try_refund_again
from sovinto.usecases.release_orders import approve_orders, release_orders, write_now
from sovinto.usecases.remit_to_client import is_remittance_stopped
from sovinto.usecases.sweep_own import is_own_stopped
from sovinto.usecases.tries import let_go, tries_of_client, tries_of_own

Ids = Annotated[list[Id], Field(min_length=1, max_length=90)]
Iban = Annotated[str, Field(min_length=5, max_length=42)]


class ListOrders(DeskRequest):
    """Everything under way, refunds that wait, and clients' accounts that are about to change."""

    action: Literal["list_orders"]


class ApproveOrders(DeskRequest):
    action: Literal["approve_orders"]
    order_ids: Ids


class ReleaseOrders(DeskRequest):
    """`control_sum_minor` is what the person saw."""

    action: Literal["release_orders"]
    order_ids: Ids
    control_sum_minor: Annotated[int, Field(gt=0)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class WithdrawOrder(DeskRequest):
    action: Literal["withdraw_order"]
    order_id: Id
    reason: Text


class RecordPayer(CaseRequest):
    """The account that who paid too much gave us; `payment_id` is empty where no payment explains it."""

    action: Literal["record_payer"]
    payment_id: Annotated[str, Field(max_length=80, pattern=r"^[A-Za-z0-9_-]*$")] = ""
    name: Text
    iban: Iban


class TryRefundAgain(CaseRequest):
    """It came back several times in a row, and a person has seen to it."""

    action: Literal["try_refund_again"]
    payment_id: Annotated[str, Field(max_length=80, pattern=r"^[A-Za-z0-9_-]*$")] = ""
    reason: Text


class TryRemittanceAgain(DeskRequest):
    action: Literal["try_remittance_again"]
    client_id: Id
    reason: Text


class TryOwnAgain(DeskRequest):
    """What is moved to our own account came back several times in a row."""

    action: Literal["try_own_again"]
    reason: Text


class StopPayoutChange(DeskRequest):
    """The client called: it never asked for that account."""

    action: Literal["stop_payout_change"]
    client_id: Id
    change_id: Id


ORDER_REQUESTS: dict[str, type[DeskRequest]] = {
    "approve_orders": ApproveOrders,
    "list_orders": ListOrders,
    "record_payer": RecordPayer,
    "release_orders": ReleaseOrders,
    "stop_payout_change": StopPayoutChange,
    "try_own_again": TryOwnAgain,
    "try_refund_again": TryRefundAgain,
    "try_remittance_again": TryRemittanceAgain,
    "withdraw_order": WithdrawOrder,
}


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
    """`ask`: nobody told us an account yet; `stopped`: it came back too often, and waits for people."""
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


@dataclass(frozen=True, slots=True)
class Means:
    """What the actions need, whoever asks."""

    agency: Agency
    bank: Files
    cases: Cases
    clients: Clients
    orders: Orders
    clock: Clock
    tell: Callable[[str], None]
    provider: str


def act(request: DeskRequest, means: Means) -> dict[str, Any]:
    """The answer. Raises what the use case of the action raises."""
    return _ACTIONS[type(request)](request, means)


def _list(request: ListOrders, m: Means) -> dict[str, Any]:  # noqa: ARG001
    waiting = refund_queue(
        agency=m.agency, cases=m.cases, orders=m.orders, clock=m.clock, provider=m.provider
    )
    today = load_calendar(m.agency.contact.address.country).local_date(m.clock.now())
    return {
        "orders": [order_json(order) for order in m.orders.open()],
        "refunds": [refund_json(item) for item in waiting],
        "is_own_stopped": is_own_stopped(m.agency, m.cases),
        "stopped_clients": [c.client_id for c in m.clients.all() if is_remittance_stopped(c, m.cases)],
        "payout_changes": [payout_change_json(one, today) for one in pending_changes(m.clients)],
    }


def _approve(request: ApproveOrders, m: Means) -> dict[str, Any]:
    seen = approve_orders(request.order_ids, by=request.by, cases=m.cases, orders=m.orders)
    return {"orders": [order_json(order) for order in seen]}


def _release(request: ReleaseOrders, m: Means) -> dict[str, Any]:
    batches = release_orders(
        request.order_ids,
        by=request.by,
        agency=m.agency,
        cases=m.cases,
        orders=m.orders,
        clock=m.clock,
        control_sum=Money(request.control_sum_minor, request.currency),
    )
    files = write_now(batches, agency=m.agency, bank=m.bank, cases=m.cases, orders=m.orders, tell=m.tell)
    return {"batches": [batch_json(batch) for batch in batches], "files_written": files}


def _withdraw(request: WithdrawOrder, m: Means) -> dict[str, Any]:
    by, reason = request.by, request.reason
    order = withdraw_order(
        request.order_id, by=by, reason=reason, cases=m.cases, orders=m.orders, clock=m.clock
    )
    return {"orders": [order_json(order)]}


def _payer(request: RecordPayer, m: Means) -> dict[str, Any]:
    case_id = CaseId(request.case_id)
    record_payer(
        case_id,
        request.payment_id,
        name=request.name,
        iban=request.iban,
        by=request.by,
        cases=m.cases,
        orders=m.orders,
    )
    return {"payer": {"case_id": case_id, "payment_id": request.payment_id}}


def _refund_again(request: TryRefundAgain, m: Means) -> dict[str, Any]:
    case_id, by, reason = CaseId(request.case_id), request.by, request.reason
    try_refund_again(
        case_id,
        request.payment_id,
        by=by,
        reason=reason,
        cases=m.cases,
        orders=m.orders,
        clock=m.clock,
    )
    return {"tried_again": {"case_id": case_id, "payment_id": request.payment_id}}


def _remittance_again(request: TryRemittanceAgain, m: Means) -> dict[str, Any]:
    client = m.clients.load(ClientId(request.client_id))
    name, by = tries_of_client(client.client_id, client.iban), request.by
    let_go(name, by=by, reason=request.reason, cases=m.cases, clock=m.clock)
    return {"tried_again": {"client_id": client.client_id}}


def _own_again(request: TryOwnAgain, m: Means) -> dict[str, Any]:
    name, by = tries_of_own(m.agency.own_iban), request.by
    let_go(name, by=by, reason=request.reason, cases=m.cases, clock=m.clock)
    return {"tried_again": {"own_account": True}}


def _stop(request: StopPayoutChange, m: Means) -> dict[str, Any]:
    client_id, by = ClientId(request.client_id), request.by
    change = stop_payout_change(
        client_id, request.change_id, by=by, cases=m.cases, clients=m.clients, clock=m.clock
    )
    return {"payout_change": payout_change_json(change, m.clock.now().date())}


_ACTIONS: dict[type[DeskRequest], Callable[[Any, Means], dict[str, Any]]] = {
    ListOrders: _list,
    ApproveOrders: _approve,
    ReleaseOrders: _release,
    WithdrawOrder: _withdraw,
    RecordPayer: _payer,
    StopPayoutChange: _stop,
    TryRefundAgain: _refund_again,
    TryRemittanceAgain: _remittance_again,
    TryOwnAgain: _own_again,
}
