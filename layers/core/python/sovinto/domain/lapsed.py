"""A question from before a case was paid whose yes lapsed while nobody needed it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sovinto.domain.agreement import Approval, ApprovalKind
from sovinto.domain.case import Case, Step, StepRecord
from sovinto.domain.facts import Rules
from sovinto.domain.legal_action import is_yes

LAPSED = "undone: the answer lapsed while the case was paid"


def asked_before(record: StepRecord, case: Case, rules: Rules, on: date) -> StepRecord:
    """The record as a skip where its question was to be asked anew on `on`; else as it is.

    A no stays a no, and so does a yes that something milder took the place of.
    """
    if record.step is not Step.ASK_APPROVAL or record.outcome != "performed":
        return record
    about = next((item for item in case.approvals if _is_of(record, item)), None)
    if about is None or not _has_lapsed(about, case, rules, on):
        return record
    return replace(record, outcome="skipped", reason=LAPSED)


def has_to_be_asked_anew(asked: Approval, case: Case) -> bool:
    """Its question was undone when the case was open again, and none came after it."""
    return any(r.reason == LAPSED and _is_of(r, asked) for r in case.steps)


def _is_of(record: StepRecord, asked: Approval) -> bool:
    return record.step is Step.ASK_APPROVAL and record.at == asked.asked_at


def _has_lapsed(asked: Approval, case: Case, rules: Rules, on: date) -> bool:
    if asked.is_open:
        return on > asked.expires_on
    if asked.kind is ApprovalKind.TRATTA and case.performed(Step.ANNOUNCE_TRATTA) is not None:
        return False
    answered_at = asked.answered_at
    if answered_at is None:
        return False
    held = is_yes(asked, case, rules, rules.calendar.local_date(answered_at))
    return held and not is_yes(asked, case, rules, on)
