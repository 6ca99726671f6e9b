"""Who may do what at the desk: people of the agency, without a conflict of interest in the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sovinto.domain.assignment import Collector
from sovinto.domain.case import Case
from sovinto.domain.order import PaymentOrder
from sovinto.entry.desk import AnswerApproval, CaseRequest, DeskRequest, has_conflict
from sovinto.entry.desk_held import AskRelease, RejectFile, ReleaseFile
from sovinto.entry.desk_money import ExplainDebit, UndoPayment
from sovinto.entry.order_requests import (
    ApproveOrders,
    ClientSuspense,
    NotExecuted,
    OrderSuspense,
    ReleaseOrders,
    TryOwnAgain,
    TryRefundAgain,
    TryRemittanceAgain,
    WithdrawOrder,
)
from sovinto.errors import NotAllowed
from sovinto.ids import CaseId, ClientId
from sovinto.ports import Book, Cases, Clients, Orders
from sovinto.usecases.refund_short import case_of_short

_RIGHTS: Final[dict[type[DeskRequest], tuple[str, str]]] = {
    AnswerApproval: ("may_publish", "approve publications"),
    ApproveOrders: ("may_release", "approve and release payments"),
    ReleaseOrders: ("may_release", "approve and release payments"),
    WithdrawOrder: ("may_release", "withdraw payments"),
    ClientSuspense: ("may_release", "tell what a client pays back"),
    ExplainDebit: ("may_release", "tell what a debit is"),
    NotExecuted: ("may_release", "give payments up"),
    OrderSuspense: ("may_release", "tell which payment a debit is"),
    TryOwnAgain: ("may_release", "let payments go again"),
    TryRefundAgain: ("may_release", "let payments go again"),
    TryRemittanceAgain: ("may_release", "let payments go again"),
    AskRelease: ("may_release", "release bank files"),
    ReleaseFile: ("may_release", "release bank files"),
    RejectFile: ("may_release", "reject bank files"),
}


@dataclass(frozen=True, slots=True)
class Rights:
    """The agency's people, and the cases that they may not touch."""

    collectors: Sequence[Collector]
    cases: Cases
    clients: Clients
    orders: Orders
    book: Book

    def known(self, by: str) -> Collector:
        """Raises NotAllowed for anybody who does not work here: whoever acts is named in the books."""
        for collector in self.collectors:
            if collector.collector_id == by:
                return collector
        raise NotAllowed(
            "by must be the id of a collector of this agency, as in infra/agencies; give your own",
            field="by",
        )

    def check_conflict(self, request: DeskRequest) -> None:
        """Raises NotAllowed, and NotFound for an unknown case or order."""
        if isinstance(request, CaseRequest):
            self.check_no_conflict(request.by, CaseId(request.case_id))
        if isinstance(request, TryRemittanceAgain | ClientSuspense):
            self._check_client(request.by, ClientId(request.client_id))
        for order_id in _order_ids(request):
            self._check_order(request.by, self.orders.load(order_id))
        if isinstance(request, ExplainDebit | UndoPayment):
            self._check_short(request)

    def _check_order(self, by: str, order: PaymentOrder) -> None:
        """By its case, or the client that it pays; of a return to sender nobody knows whose it is."""
        if order.case_id:
            self.check_no_conflict(by, order.case_id)
        elif order.client_id:
            self._check_client(by, order.client_id)

    def _check_short(self, request: ExplainDebit | UndoPayment) -> None:
        """What was refunded before it was taken back is of a case, though the request names none."""
        for row in self.book.suspense():
            case_id = case_of_short(row)
            if row.payment.payment_id == request.payment_id and case_id:
                self.check_no_conflict(request.by, case_id)

    def _check_client(self, by: str, client_id: ClientId) -> None:
        client = self.clients.load(client_id)
        parties = frozenset(name for name in (client.client_id, client.registration_id) if name)
        if self.known(by).is_barred_from(parties):
            raise _conflict("with this client")

    def check_no_conflict(self, by: str, case_id: CaseId) -> None:
        """Raises NotAllowed, and NotFound for an unknown case."""
        if self.is_barred(by, self.cases.load(case_id)):
            raise _conflict("in this case")

    def check_right(self, request: DeskRequest) -> None:
        """Raises NotAllowed for who may not publish, or may not approve and release money that leaves."""
        right, words = _RIGHTS.get(type(request), ("", ""))
        if right and not getattr(self.known(request.by), right):
            raise NotAllowed(
                f"by must be a collector who may {words} ({right} in infra/agencies); ask one of them",
                field="by",
            )

    def is_barred(self, by: str, case: Case) -> bool:
        return has_conflict(self.known(by), case, self.clients.load(case.client_id))


def _order_ids(request: DeskRequest) -> tuple[str, ...]:
    if isinstance(request, ApproveOrders | ReleaseOrders | OrderSuspense):
        return tuple(dict.fromkeys(request.order_ids))
    return (request.order_id,) if isinstance(request, WithdrawOrder | NotExecuted) else ()


def _conflict(where: str) -> NotAllowed:
    return NotAllowed(
        f"by must be a collector without a conflict of interest {where}; leave it to a colleague",
        field="by",
    )
