"""What the desk answers: JSON for the agency's own people, with names and reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sovinto.domain.agreement import Approval, CallRecord
from sovinto.domain.assignment import AGENCY, Collector
from sovinto.domain.case import Case
from sovinto.domain.claim_class import Balance
from sovinto.domain.communication import Channel, Communication, SendingState
from sovinto.domain.hold import Hold
from sovinto.domain.plan import Plan
from sovinto.entry.case_story import Json, approvals_json, hold_json, plan_json
from sovinto.entry.intake import Staff, case_json
from sovinto.errors import SovintoError
from sovinto.usecases.import_financials import Imported
from sovinto.usecases.list_calls import OpenCall


def done(**result: Any) -> Json:
    return {"outcome": "done", **result}


def refused(error: SovintoError) -> Json:
    """`field` is null where the sentence is about no field."""
    return {"outcome": "refused", "code": error.code, "message": error.message, "field": error.field}


def agency_hold_json(hold: Hold) -> Json:
    """With its reason, and the contacts that had been made inside when it was placed."""
    return {
        **hold_json(hold),
        "reason": hold.reason.value,
        "stops_interest": hold.stops_interest,
        "placed_by": hold.placed_by,
        "breaches": list(hold.breaches),
    }


def call_record_json(call: CallRecord) -> Json:
    return {
        "communication_id": call.communication_id,
        "outcome": call.outcome.value,
        "at": call.at.isoformat(),
        "by": call.by,
        "note": call.note,
    }


def proposal_json(answer: Plan | Approval) -> Json:
    """The plan where it was agreed at once, else the question that the client was asked."""
    if isinstance(answer, Plan):
        return {"plan": plan_json(answer)}
    return {"approval": approvals_json([answer])[0]}


def agency_case_json(
    case: Case, staff: Staff, balance: Balance, communications: tuple[Communication, ...]
) -> Json:
    """What the client sees, and what only the agency may know; `open_calls` are ids of call tasks."""
    told = case_json(case, staff, balance)
    told["debtor"] = {
        "name": case.debtor.name,
        "type": case.debtor.debtor_type.value,
        "language": case.debtor.language,
    }
    told["holds"] = [agency_hold_json(hold) for hold in case.holds]
    told["approvals"] = approvals_json(case.approvals)
    told["calls"] = [call_record_json(call) for call in case.calls]
    told["client_messages"] = [
        {"message_id": item.message_id, "at": item.at.isoformat(), "by": item.by, "text": item.text}
        for item in case.client_messages
    ]
    if case.closure is not None:
        told["closure"]["by"] = case.closed_by
    told["former_debtors"] = [
        {
            "party_id": former.party_id,
            "name": former.debtor.name,
            "reason": former.reason,
            "at": former.replaced_at.isoformat(),
            "by": former.replaced_by,
        }
        for former in case.former_debtors
    ]
    told["open_calls"] = [
        item.communication_id
        for item in communications
        if case.is_open and item.channel is Channel.CALL and item.state is SendingState.PLANNED
    ]
    return told


def open_call_json(call: OpenCall) -> Json:
    """`hours` are on the debtor's own clock; the rest of the script is ids, figures and days."""
    script = dict(call.script)
    hours = script.pop("hours", "")
    return {
        "case_id": call.case.case_id,
        "number": call.case.number,
        "communication_id": call.task.communication_id,
        "collector_id": call.case.owner.collector_id if call.case.owner else None,
        "planned_at": call.task.planned_at.isoformat(),
        "debtor": call.case.debtor.name,
        "phone": call.task.to,
        "language": call.task.language,
        "hours": [span for span in hours.split("; ") if span],
        "script": script,
    }


def loads_json(loads: Mapping[str, int], collectors: Sequence[Collector]) -> list[Json]:
    """`is_known` is false for an owner who is no collector of the agency any more."""
    by_id = {collector.collector_id: collector for collector in collectors}
    return [
        {
            "owner": owner,
            "name": by_id[owner].name if owner in by_id else "",
            "share": by_id[owner].share if owner in by_id else None,
            "open_cases": count,
            "is_known": owner in by_id or owner == AGENCY,
        }
        for owner, count in loads.items()
    ]


def imported_json(imported: Imported) -> Json:
    return {
        "recorded": list(imported.recorded),
        "unchanged": list(imported.unchanged),
        "refused": [{"case_id": case_id, "reason": why} for case_id, why in imported.refused],
        "message": imported.words,
    }
