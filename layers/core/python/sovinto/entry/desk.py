"""What the agency's own people ask of the desk: one action each, invoked directly, never by HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from sovinto.domain.agreement import CallOutcome, Financials
from sovinto.domain.assignment import Collector, ReassignReason, matter_of
from sovinto.domain.case import Case, Closure, DisputeKind
from sovinto.domain.client import Client
from sovinto.domain.company import CompanyFigures
from sovinto.domain.debtor import Address
from sovinto.domain.hold import HoldReason
from sovinto.entry.bodies import Count, Day, Figure, Moment, Strict, Text, Year, read_body
from sovinto.entry.client_actions import ApprovalAnswer, FinancialFigures
from sovinto.entry.intake import AddressBody
from sovinto.errors import InvalidInput
from sovinto.usecases.record_call import MAX_NOTE, CallParts
from sovinto.usecases.update_contacts import NewContacts

MOST_BYTES = 16_000
MajorUnits = Annotated[str, Field(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,4})?$")]
"""An amount in major units as text."""
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
    """`party_id` names a debtor who took another one's place; without it, the one it was placed with."""

    action: Literal["stop_case"]
    closure: Closure
    party_id: Id | None = None


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


class UpdateContacts(CaseRequest):
    """What is new of the debtor's details; what is left out stays."""

    action: Literal["update_contacts"]
    address: AddressBody | None = None
    email: Text | None = None
    phone: Text | None = None

    def contacts(self) -> NewContacts:
        address = Address(**self.address.model_dump()) if self.address else None
        return NewContacts(address, self.email, self.phone)


class ReassignCase(CaseRequest):
    """`to` is the id of the collector who takes over."""

    action: Literal["reassign_case"]
    to: Id
    reason: ReassignReason


class ReleaseCollector(DeskRequest):
    """All open cases of one who leaves go to the others, a batch at a time."""

    action: Literal["release_collector"]
    collector_id: Id


class ShowLoads(DeskRequest):
    action: Literal["show_loads"]


class ImportFinancials(DeskRequest):
    """A company's figures for every open case against it; amounts are decimals as text."""

    action: Literal["import_financials"]
    registration_id: Text
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    as_of: Day
    source: Text
    year: Year | None = None
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""
    turnover: MajorUnits | None = None
    profit: MajorUnits | None = None
    assets: MajorUnits | None = None
    employees: Figure | None = None
    has_default_entry: bool | None = None

    def figures(self) -> CompanyFigures:
        return CompanyFigures(**self.model_dump(exclude={"action", "by"}))


REQUESTS: dict[str, type[DeskRequest]] = {
    "answer_approval": AnswerApproval,
    "import_financials": ImportFinancials,
    "list_calls": ListCalls,
    "place_hold": PlaceHold,
    "propose_plan": ProposePlan,
    "record_call": RecordCall,
    "record_financials": RecordFinancials,
    "reassign_case": ReassignCase,
    "release_collector": ReleaseCollector,
    "release_hold": ReleaseHold,
    "release_party": ReleaseParty,
    "show_case": ShowCase,
    "show_loads": ShowLoads,
    "stop_case": StopCase,
    "update_contacts": UpdateContacts,
}


def has_conflict(collector: Collector, case: Case, client: Client) -> bool:
    """A party on either side is one whose cases this collector must never have."""
    return collector.is_barred_from(matter_of(case, client).parties)


def read_request(event: object, more: Mapping[str, type[DeskRequest]] | None = None) -> DeskRequest:
    """The request as its action has it; `more` are actions of other modules. Raises InvalidInput with one
    sentence, never with a value."""
    known = {**REQUESTS, **(more or {})}
    text = json.dumps(event)
    if len(text) > MOST_BYTES:
        raise InvalidInput(f"the request must be at most {MOST_BYTES} bytes of JSON; shorten its text")
    action: Any = event.get("action") if isinstance(event, dict) else None
    if not isinstance(action, str) or action not in known:
        raise InvalidInput(f"action must be one of {', '.join(known)}; choose one", field="action")
    return read_body(known[action], text)
