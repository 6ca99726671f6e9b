"""Who may do what at the desk: people of the agency, without a conflict of interest in the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sovinto.domain.assignment import Collector
from sovinto.domain.case import Case
from sovinto.entry.desk import AnswerApproval, CaseRequest, DeskRequest, has_conflict
from sovinto.entry.desk_orders import ApproveOrders, ReleaseOrders
from sovinto.errors import NotAllowed
from sovinto.ids import CaseId
from sovinto.ports import Cases, Clients

_RIGHTS: Final[dict[type[DeskRequest], tuple[str, str]]] = {
    AnswerApproval: ("may_publish", "approve publications"),
    ApproveOrders: ("may_release", "approve and release payments"),
    ReleaseOrders: ("may_release", "approve and release payments"),
}


@dataclass(frozen=True, slots=True)
class Rights:
    """The agency's people, and the cases that they may not touch."""

    collectors: Sequence[Collector]
    cases: Cases
    clients: Clients

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
        """Raises NotAllowed, and NotFound for an unknown case."""
        if isinstance(request, CaseRequest):
            self.check_no_conflict(request.by, CaseId(request.case_id))

    def check_no_conflict(self, by: str, case_id: CaseId) -> None:
        """Raises NotAllowed, and NotFound for an unknown case."""
        if self.is_barred(by, self.cases.load(case_id)):
            raise NotAllowed(
                "by must be a collector without a conflict of interest in this case; leave it to a "
                "colleague",
                field="by",
            )

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
