"""What people ask of the desk about money that leaves: look, approve, release, withdraw, give back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sovinto.countries import load_calendar
from sovinto.domain.agency import Agency
from sovinto.domain.money import Money
from sovinto.entry.desk import DeskRequest
from sovinto.entry.order_json import batch_json, order_json, payout_change_json, refund_json
from sovinto.entry.order_requests import (
    ApproveOrders,
    ClientSuspense,
    ListOrders,
    NotExecuted,
    OrderSuspense,
    RecordPayer,
    ReleaseOrders,
    StopPayoutChange,
    TryOwnAgain,
    TryRefundAgain,
    TryRemittanceAgain,
    WithdrawOrder,
)
from sovinto.ids import CaseId, ClientId, PaymentId
from sovinto.ports import Book, Cases, Clients, Clock, Files, Orders
from sovinto.usecases.change_payout_account import pending_changes, stop_payout_change
from sovinto.usecases.client_owing import Owing, client_paid_back, owing_for_long
from sovinto.usecases.order_debits import explain_as_orders
from sovinto.usecases.order_status import withdraw_order
from sovinto.usecases.order_unexecuted import not_executed, overdue_orders
from sovinto.usecases.paid_perhaps import payee_of_client, payees_in_doubt
from sovinto.usecases.refund_queue import record_payer, refund_queue, try_refund_again
from sovinto.usecases.release_orders import approve_orders, release_orders, write_now
from sovinto.usecases.stopped_remittance import is_remittance_stopped, try_remittance_again
from sovinto.usecases.sweep_own import is_own_stopped, stopped_own
from sovinto.usecases.tries import let_go, tries_of_own


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
    book: Book


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
        "overdue_orders": [
            o.order_id for o in overdue_orders(agency=m.agency, orders=m.orders, clock=m.clock)
        ],
        "is_own_stopped": is_own_stopped(m.agency, m.cases),
        "stopped_clients": _stopped_clients(m),
        "owing_clients": [
            _owing_json(o) for o in owing_for_long(cases=m.cases, clients=m.clients, clock=m.clock)
        ],
        "payout_changes": [payout_change_json(one, today) for one in pending_changes(m.clients)],
    }


def _stopped_clients(m: Means) -> list[str]:
    doubts = payees_in_doubt(m.book, m.cases)
    return [
        c.client_id
        for c in m.clients.all()
        if payee_of_client(c.client_id) in doubts or is_remittance_stopped(c, m.cases)
    ]


def _approve(request: ApproveOrders, m: Means) -> dict[str, Any]:
    seen = approve_orders(request.order_ids, by=request.by, cases=m.cases, orders=m.orders)
    return {"orders": [order_json(order) for order in seen]}


def _release(request: ReleaseOrders, m: Means) -> dict[str, Any]:
    batches = release_orders(
        request.order_ids,
        by=request.by,
        agency=m.agency,
        book=m.book,
        cases=m.cases,
        clients=m.clients,
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


def _not_executed(request: NotExecuted, m: Means) -> dict[str, Any]:
    order = not_executed(
        request.order_id,
        by=request.by,
        reason=request.reason,
        agency=m.agency,
        book=m.book,
        cases=m.cases,
        orders=m.orders,
        clock=m.clock,
    )
    return {"orders": [order_json(order)]}


def _debit(request: OrderSuspense, m: Means) -> dict[str, Any]:
    payment_id, by = PaymentId(request.payment_id), request.by
    is_repeat = explain_as_orders(
        payment_id,
        request.order_ids,
        by=by,
        book=m.book,
        cases=m.cases,
        orders=m.orders,
        clock=m.clock,
        charge_minor=request.charge_minor,
    )
    return {"settled": {"posted": [], "waiting": [], "is_repeat": is_repeat}}


def _owing_json(one: Owing) -> dict[str, Any]:
    return {
        "client_id": one.client_id,
        "amount": {"minor": one.amount.minor, "currency": one.amount.currency},
        "since": one.since.date().isoformat(),
    }


def _paid_back(request: ClientSuspense, m: Means) -> dict[str, Any]:
    is_repeat = client_paid_back(
        PaymentId(request.payment_id),
        ClientId(request.client_id),
        by=request.by,
        book=m.book,
        cases=m.cases,
        clients=m.clients,
        clock=m.clock,
    )
    return {"settled": {"posted": [], "waiting": [], "is_repeat": is_repeat}}


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
    try_remittance_again(client, by=request.by, reason=request.reason, cases=m.cases, clock=m.clock)
    return {"tried_again": {"client_id": client.client_id}}


def _own_again(request: TryOwnAgain, m: Means) -> dict[str, Any]:
    # Where nothing is stopped the refusal is of the euro's series.
    for name in stopped_own(m.agency, m.cases) or (tries_of_own(m.agency.own_iban, "EUR"),):
        let_go(name, by=request.by, reason=request.reason, cases=m.cases, clock=m.clock)
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
    NotExecuted: _not_executed,
    OrderSuspense: _debit,
    ClientSuspense: _paid_back,
    RecordPayer: _payer,
    StopPayoutChange: _stop,
    TryRefundAgain: _refund_again,
    TryRemittanceAgain: _remittance_again,
    TryOwnAgain: _own_again,
}
