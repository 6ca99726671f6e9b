"""How a case's agreements, pauses and questions are told; each part is absent where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sovinto.domain.agreement import Approval, ApprovalKind, Financials
from sovinto.domain.case import Case
from sovinto.domain.evaluated import Evaluated
from sovinto.domain.hold import Hold, HoldReason
from sovinto.domain.plan import Plan

Json = dict[str, Any]


def story_json(case: Case) -> Json:
    """As its client sees it: a hold without why, and no question that is the agency's to answer."""
    asked = [item for item in case.approvals if item.kind is not ApprovalKind.PUBLICATION]
    told: Json = {
        "evaluations": [evaluation_json(item) for item in case.evaluations],
        "approvals": approvals_json(asked),
        "holds": [hold_json(item) for item in case.holds],
        "promise": {"by_on": case.promise.by_on.isoformat()} if case.promise else None,
        "plan": plan_json(case.plan) if case.plan else None,
        "proposed_plan": plan_json(case.proposed_plan) if case.proposed_plan else None,
        "financials": financials_json(case.financials) if case.financials else None,
        "closure": closure_json(case),
    }
    return {name: value for name, value in told.items() if value}


def evaluation_json(item: Evaluated) -> Json:
    return {
        "at": item.at.isoformat(),
        "outcome": item.outcome.value,
        "rule": item.rule,
        "inputs": dict(item.inputs),
        "alternatives": list(item.alternatives),
        "by": item.by,
    }


def approvals_json(items: Iterable[Approval]) -> list[Json]:
    """`outcome` is null while the question is open."""
    return [
        {
            "approval_id": item.approval_id,
            "kind": item.kind.value,
            "about": item.about,
            "expires_on": item.expires_on.isoformat(),
            "outcome": item.outcome.value if item.outcome else None,
        }
        for item in items
    ]


def hold_json(hold: Hold) -> Json:
    """`is_yours`: the client asked for it, and may release it. `last_on` is null while nobody knows."""
    return {
        "hold_id": hold.hold_id,
        "from_on": hold.from_on.isoformat(),
        "last_on": hold.last_on.isoformat() if hold.last_on else None,
        "is_active": hold.is_active,
        "is_yours": hold.reason is HoldReason.CLIENT_REQUEST,
    }


def plan_json(plan: Plan) -> Json:
    return {
        "plan_id": plan.plan_id,
        "status": plan.status,
        "agreed_at": plan.agreed_at.isoformat(),
        "instalments": [
            {"number": item.number, "due_on": item.due_on.isoformat(), "amount_minor": item.amount.minor}
            for item in plan.instalments
        ],
    }


def offer_json(offered: Plan | Approval) -> Json:
    """What a client proposes is an offer to the debtor. TypeError for a question, which it never is."""
    if not isinstance(offered, Plan):
        raise TypeError("a client is not asked about its own proposal")
    return plan_json(offered)


def financials_json(financials: Financials) -> Json:
    return {**asdict(financials), "as_of": financials.as_of.isoformat()}


def closure_json(case: Case) -> Json | None:
    if case.closure is None:
        return None
    return {
        "reason": case.closure.value,
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
    }
