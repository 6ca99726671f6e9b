"""One case as its client's page shows it: where it stands, what is owed and why, what has happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sovinto.countries import load_calendar
from sovinto.domain.agreement import Approval, ApprovalKind
from sovinto.domain.case import Case, Closure
from sovinto.domain.debt_lines import DebtView, debt_view
from sovinto.domain.driving import Wake
from sovinto.domain.facts import Rules
from sovinto.domain.hold import HoldReason
from sovinto.domain.ledger import balance_of
from sovinto.domain.money import Money
from sovinto.domain.posting import accrued_through
from sovinto.entry.client_timeline import timeline_of
from sovinto.entry.next_step import next_step
from sovinto.errors import LawMissing
from sovinto.ports import CaseFile

Model = dict[str, Any]


def case_model(file: CaseFile, rules: Rules, wake: Wake, *, owner: str, today: date) -> Model:
    """The model of page `client_case`, but for what the request itself knows."""
    case = file.case
    debt = _debt(file, rules, today)
    return {
        "case_id": case.case_id,
        "reference": case.client_reference,
        "number": case.number,
        "debtor_name": case.debtor.name,
        "state": case.state,
        "is_open": case.is_open,
        "placed_on": rules.calendar.local_date(case.placed_at),
        "owner": owner,
        "account_manager": case.owner.account_manager if case.owner else "",
        "next_step": next_step(case),
        "next_on": rules.calendar.local_date(wake.wake_at) if case.is_open else None,
        "classes": _classes(file, debt),
        "total": debt.total,
        "lines": debt.lines,
        "interest_to": debt.interest_to if debt.lines else None,
        "timeline": timeline_of(file, rules),
        "dispute": _dispute(case),
        "approvals": [_approval(case, item, today) for item in asked_of_client(case)],
        "plan": case.plan,
        "holds": [
            {
                "hold_id": hold.hold_id,
                "from_on": hold.from_on,
                "last_on": hold.last_on,
                "is_yours": hold.reason is HoldReason.CLIENT_REQUEST,
            }
            for hold in case.active_holds
        ],
        "messages": [
            {"on": rules.calendar.local_date(item.at), "text": item.text} for item in case.client_messages
        ],
        "invoices": [claim.invoice_number for claim in case.claims],
        "currency": case.currency,
        "today": today,
    }


def asked_of_client(case: Case) -> tuple[Approval, ...]:
    """Questions for the client, newest first; a publication is for the agency to answer."""
    return tuple(item for item in reversed(case.approvals) if item.kind is not ApprovalKind.PUBLICATION)


def today_of(case: Case, now: datetime) -> date:
    """The day of the case's country."""
    return load_calendar(case.country).local_date(now)


def waiting(cases: Iterable[Case], now: datetime) -> list[Model]:
    """What waits for the client's answer, soonest first: disputes, questions that have not expired."""
    found = (item for case in cases for item in _waiting(case, today_of(case, now)))
    return sorted(found, key=lambda item: (item["answer_by"], item["case_id"]))


def _waiting(case: Case, today: date) -> list[Model]:
    if not case.is_open:
        return []
    about = {"case_id": case.case_id, "reference": case.client_reference, "debtor_name": case.debtor.name}
    found = [
        {**about, "what": item.kind.value, "answer_by": item.expires_on}
        for item in asked_of_client(case)
        if item.is_open and today <= item.expires_on
    ]
    if case.dispute is not None and case.dispute.is_open:
        found.append({**about, "what": "dispute", "answer_by": case.dispute.answer_by})
    return found


def _debt(file: CaseFile, rules: Rules, today: date) -> DebtView:
    """As of today, or of the day it was closed; without lines where a rate is not known yet.

    What is paid is told as it stands in the books: who paid what a letter asked for owes no interest of
    the days in between, nor of those of a plan that was kept.
    """
    case = file.case
    on = rules.calendar.local_date(case.closed_at) if case.closed_at else today
    booked = balance_of(case.case_id, case.currency, file.entries).total
    if case.closure is Closure.PAID:
        on = accrued_through(file.entries) or on
    try:
        found = debt_view(case, file.entries, rules.pack, rules.calendar, on)
    except LawMissing:
        return DebtView((), booked, on)
    if case.closure is Closure.PAID and found.total != booked:
        return DebtView((), booked, on)
    return found


def _classes(file: CaseFile, debt: DebtView) -> list[tuple[str, Money]]:
    """What is owed by class; the interest through the day of `debt`, also what is not posted yet."""
    booked = balance_of(file.case.case_id, file.case.currency, file.entries)
    interest = debt.total - booked.principal - booked.fee - booked.cost
    parts = [("principal", booked.principal), ("interest", interest), ("fee", booked.fee)]
    return [*parts, ("cost", booked.cost)] if booked.cost else parts


def _dispute(case: Case) -> Model | None:
    dispute = case.dispute
    if dispute is None or not (dispute.is_open and case.is_open):
        return None
    return {"kind": dispute.kind.value, "text": dispute.text, "answer_by": dispute.answer_by}


def _approval(case: Case, asked: Approval, today: date) -> Model:
    """`reason` is the rule of the evaluation before the question; none for a plan."""
    is_plan = asked.kind is ApprovalKind.PLAN
    before = [item for item in case.evaluations if item.at <= asked.asked_at]
    terms = case.proposed_plan
    is_late = asked.is_open and today > asked.expires_on
    return {
        "approval_id": asked.approval_id,
        "kind": asked.kind.value,
        "about": "" if is_plan else asked.about,
        "reason": before[-1].rule if before and not is_plan else "",
        "expires_on": asked.expires_on,
        "is_open": asked.is_open and case.is_open and not is_late,
        "outcome": "expired" if is_late else asked.outcome.value if asked.outcome else "",
        "instalments": terms.instalments if is_plan and terms and terms.plan_id == asked.about else (),
    }
