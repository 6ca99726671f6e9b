"""Reading everything about one case: the facts a use case decides on."""

from __future__ import annotations

from datetime import datetime

from sovinto.countries import load_calendar, load_pack, load_policy
from sovinto.domain.case import Case
from sovinto.domain.communication import SendingState
from sovinto.domain.facts import Contact, Facts, Rules
from sovinto.ids import CaseId
from sovinto.ports import Cases

_NOT_A_CONTACT = (SendingState.WITHHELD, SendingState.FAILED)


def rules_for(case: Case) -> Rules:
    """The law and calendar of its country, and the policy it was placed under. Raises LawMissing."""
    pack = load_pack(case.country)
    policy = load_policy(case.country, case.debtor.debtor_type, case.policy_id)
    return Rules(pack, policy, load_calendar(case.country))


def facts_of(case_id: CaseId, cases: Cases, now: datetime) -> tuple[Facts, Rules]:
    """Raises NotFound, LawMissing."""
    file = cases.file(case_id)
    rules = rules_for(file.case)
    contacts = tuple(
        Contact(item.channel, rules.calendar.local_date(item.planned_at))
        for item in file.communications
        if item.audience == "debtor" and item.permit is not None and item.state not in _NOT_A_CONTACT
    )
    return Facts(file.case, file.entries, contacts, now), rules
