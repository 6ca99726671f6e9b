"""Co-debtors' own details that lead elsewhere: seen before a copy is planned."""

from __future__ import annotations

from sovinto.domain.case import Case
from sovinto.domain.communication import Channel
from sovinto.domain.contacts import refused_row, suppressed_row
from sovinto.domain.parties import without_party_channel
from sovinto.ports import Cases


def without_astray_parties(case: Case, cases: Cases) -> Case:
    """The case as it is worked: no copy goes to an e-mail address that led to somebody else.

    Copies are letters, by e-mail or post; a posted one has no such row.
    """
    for party in case.co_debtors:
        if party.is_released or not party.debtor.email or Channel.EMAIL in party.refused_channels:
            continue
        to = party.debtor.email
        rows = (suppressed_row(Channel.EMAIL, to), refused_row(case.case_id, Channel.EMAIL, to))
        if any(row is not None and cases.guard(*row) is not None for row in rows):
            case = without_party_channel(case, party.party_id, Channel.EMAIL)
    return case
