"""What the agency's own people ask of the desk: one action each, invoked directly, never by HTTP."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import Field

from sovinto.domain.agreement import CallOutcome, Financials
from sovinto.domain.assignment import Collector
from sovinto.domain.case import Case, Closure, DisputeKind
from sovinto.domain.client import Client
from sovinto.domain.hold import HoldReason
from sovinto.entry.bodies import Count, Day, Moment, Strict, Text, read_body
from sovinto.entry.client_actions import ApprovalAnswer, FinancialFigures
from sovinto.errors import InvalidInput
from sovinto.usecases.record_call import MAX_NOTE, CallParts

MOST_BYTES = 16_000
Id = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9_-]+$")]


class DeskRequest(Strict):
    """`by` is the id of the collector who asks."""

    action: Text
    by: Id


class ListCalls(DeskRequest):
    """With `collector_id`, calls of that collector's own cases only."""

    action: Literal["list_calls"]
    collector_id: Id | None = None


class CaseRequest(DeskRequest):
    case_id: Id


class ShowCase(CaseRequest):
    action: Literal["show_case"]


class RecordCall(CaseRequest):
    """`text` is the collector's note, or the debtor's words where the outcome is a dispute."""

    action: Literal["record_call"]
    communication_id: Id
    outcome: CallOutcome
    promise_on: Day | None = None
    call_back_at: Moment | None = None
    instalments: Count | None = None
    dispute_kind: DisputeKind | None = None
    text: Annotated[str, Field(max_length=MAX_NOTE)] = ""

    def parts(self) -> CallParts:
        return CallParts(
            promise_on=self.promise_on,
            call_back_at=self.call_back_at,
            instalments=self.instalments,
            dispute_kind=self.dispute_kind,
            text=self.text,
        )


class PlaceHold(CaseRequest):
    action: Literal["place_hold"]
    reason: HoldReason
    from_on: Day | None = None
    until: Day | None = None


class ReleaseHold(CaseRequest):
    action: Literal["release_hold"]
    hold_id: Id


class StopCase(CaseRequest):
    action: Literal["stop_case"]
    closure: Closure


class AnswerApproval(CaseRequest, ApprovalAnswer):
    """A publication only: all else is for the client to answer."""

    action: Literal["answer_approval"]
    approval_id: Id


class RecordFinancials(CaseRequest, FinancialFigures):
    action: Literal["record_financials"]

    def financials(self) -> Financials:
        return Financials(**self.model_dump(exclude={"action", "by", "case_id"}))


class ReleaseParty(CaseRequest):
    action: Literal["release_party"]
    party_id: Id


class ProposePlan(CaseRequest):
    action: Literal["propose_plan"]
    instalments: Count
    first_on: Day


REQUESTS: dict[str, type[DeskRequest]] = {
    "answer_approval": AnswerApproval,
    "list_calls": ListCalls,
    "place_hold": PlaceHold,
    "propose_plan": ProposePlan,
    "record_call": RecordCall,
    "record_financials": RecordFinancials,
    "release_hold": ReleaseHold,
    "release_party": ReleaseParty,
    "show_case": ShowCase,
    "stop_case": StopCase,
}


def has_conflict(collector: Collector, case: Case, client: Client) -> bool:
    """A party on either side is one whose cases this collector must never have."""
    debtors = (case.debtor, *(party.debtor for party in case.co_debtors))
    parties = {client.client_id, client.registration_id, *(debtor.registration_id for debtor in debtors)}
    return not parties.isdisjoint(collector.conflicts)


def read_request(event: object) -> DeskRequest:
    """The request as its action has it. Raises InvalidInput with one sentence, never with a value."""
    text = json.dumps(event)
    if len(text) > MOST_BYTES:
        raise InvalidInput(f"the request must be at most {MOST_BYTES} bytes of JSON; shorten its text")
    action: Any = event.get("action") if isinstance(event, dict) else None
    if not isinstance(action, str) or action not in REQUESTS:
        raise InvalidInput(f"action must be one of {', '.join(REQUESTS)}; choose one", field="action")
    return read_body(REQUESTS[action], text)
