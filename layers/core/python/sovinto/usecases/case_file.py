"""Reading everything about one case: the facts a use case decides on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sovinto.countries import countries, load_calendar, load_pack, load_policy
from sovinto.domain.case import Case
from sovinto.domain.communication import SendingState
from sovinto.domain.facts import Contact, Facts, Rules
from sovinto.domain.law.calendar import Calendar
from sovinto.domain.unheard import unheard
from sovinto.ids import CaseId
from sovinto.ports import CaseFile, Cases
from sovinto.usecases.contact_ledger import ledger_of, without_suppressed
from sovinto.usecases.party_contacts import without_astray_parties

_NOT_A_CONTACT = (SendingState.WITHHELD, SendingState.FAILED)


def rules_for(case: Case) -> Rules:
    """The law and calendar of its country, and the policy it was placed under. Raises LawMissing."""
    pack = load_pack(case.country)
    policy = load_policy(case.country, case.debtor.debtor_type, case.policy_id)
    calendar = load_calendar(case.country)
    return Rules(pack, policy, calendar, _abroad(case, calendar))


def _abroad(case: Case, calendar: Calendar) -> Calendar | None:
    """The debtor's own clock and holidays beside the case's; None at home, and where no pack knows them."""
    lives_in = case.debtor.address.country if case.debtor.address else case.country
    if lives_in == case.country or lives_in not in countries():
        return None
    return calendar.seen_from(load_calendar(lives_in))


def facts_of(case_id: CaseId, cases: Cases, now: datetime) -> tuple[Facts, Rules]:
    """The case, its money, and what is known of its people from all their cases.

    Raises NotFound, LawMissing.
    """
    facts, rules = facts_of_file(cases.file(case_id), cases, now)
    ledger = ledger_of(facts.case, cases, facts.today(rules))
    return replace(facts, ledger=ledger), rules


def facts_of_file(file: CaseFile, cases: Cases, now: datetime) -> tuple[Facts, Rules]:
    """Of a case that was just read; its people's contacts elsewhere are left out. Raises LawMissing."""
    rules = rules_for(file.case)
    contacts = tuple(
        Contact(item.channel, rules.calendar.local_date(item.planned_at))
        for item in file.communications
        if item.audience == "debtor" and item.permit is not None and item.state not in _NOT_A_CONTACT
    )
    case = without_astray_parties(without_suppressed(file.case, cases), cases)
    return Facts(case, file.entries, contacts, now, unheard=unheard(file.communications)), rules
