"""Co-debtors of a case: the case as each of them sees it, their own messages, their release."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sovinto.domain.case import Case, StepRecord
from sovinto.domain.communication import Channel, Communication
from sovinto.domain.debtor import CoDebtor
from sovinto.ids import CaseId

_PARTY, _STEP, _LETTER_AT = "party_id", "step", "letter_at"


def as_party(case: Case, party: CoDebtor) -> Case:
    """The same debt with this person in the debtor's place; for deciding and writing, never for storing."""
    refused = tuple(Channel(name) for name in party.refused_channels)
    return replace(case, debtor=party.debtor, person_key=party.person_key, refused_channels=refused)


def copy_facts(party: CoDebtor, of: StepRecord) -> tuple[tuple[str, str], ...]:
    """What marks a message as this person's own copy, how it calls them, and of which letter it is one."""
    return (
        ("debtor_name", party.debtor.name),
        (_PARTY, party.party_id),
        (_STEP, of.step.value),
        (_LETTER_AT, of.at.isoformat()),
    )


def copied_step(item: Communication) -> str:
    """The step whose letter this is a copy of; empty for a message that is no copy."""
    return dict(item.facts).get(_STEP, "")


def letter_at(item: Communication) -> datetime:
    """When the letter that this is a copy of was planned; a copy may come later."""
    told = dict(item.facts).get(_LETTER_AT)
    return datetime.fromisoformat(told) if told else item.planned_at


def waiting_for(case: Case, party_id: str, step: str) -> Case:
    """This person's copy of the letter of that step has yet to go; of none, where `step` is empty."""
    return _with_party(case, party_id, waits_for=step)


def receiver_id(item: Communication) -> str:
    """The id of the co-debtor whose copy this is; empty for a message to anybody else."""
    return dict(item.facts).get(_PARTY, "")


def released_row(case_id: CaseId, party_id: str) -> tuple[str, str]:
    """The row that says: this person is out of the case, nothing more of it is sent to them."""
    return f"CASE#{case_id}", f"RELEASED#{party_id}"


def released(case: Case, party_id: str) -> Case:
    """Without this person: the debt stays, and the others owe it."""
    return _with_party(case, party_id, is_released=True)


def without_party_channel(case: Case, party_id: str, channel: Channel) -> Case:
    """The provider refused this person's address, or it leads to somebody else: not tried again."""
    party = next((party for party in case.co_debtors if party.party_id == party_id), None)
    if party is None:
        return case
    refused = tuple(sorted({*party.refused_channels, channel.value}))
    return _with_party(case, party_id, refused_channels=refused)


def _with_party(case: Case, party_id: str, **changes: object) -> Case:
    parties = tuple(
        replace(party, **changes) if party.party_id == party_id else party  # type: ignore[arg-type]
        for party in case.co_debtors
    )
    return replace(case, co_debtors=parties)
