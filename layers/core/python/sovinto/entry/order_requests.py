"""The shapes of what people ask of the desk about money that leaves."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sovinto.entry.bodies import Text
from sovinto.entry.desk import CaseRequest, DeskRequest, Id

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


class NotExecuted(DeskRequest):
    """The bank will never execute it: one person asks, another confirms."""

    action: Literal["order_not_executed"]
    order_id: Id
    reason: Text


class OrderSuspense(DeskRequest):
    """The bank's debit that waits in suspense is that of these orders, and a charge beside them."""

    action: Literal["order_suspense"]
    payment_id: Id
    order_ids: Ids
    charge_minor: Annotated[int, Field(ge=0)] = 0


class ClientSuspense(DeskRequest):
    """Money in suspense is what a client pays back to us."""

    action: Literal["client_suspense"]
    payment_id: Id
    client_id: Id


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
    "client_suspense": ClientSuspense,
    "list_orders": ListOrders,
    "order_not_executed": NotExecuted,
    "order_suspense": OrderSuspense,
    "record_payer": RecordPayer,
    "release_orders": ReleaseOrders,
    "stop_payout_change": StopPayoutChange,
    "try_own_again": TryOwnAgain,
    "try_refund_again": TryRefundAgain,
    "try_remittance_again": TryRemittanceAgain,
    "withdraw_order": WithdrawOrder,
}
