"""Who answers for a case: a local collector, chosen when the case is placed, and the account manager."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256

from sovinto.domain.agreement import Owner
from sovinto.domain.case import Case
from sovinto.domain.client import Client
from sovinto.ids import CaseId

AGENCY = "agency"
"""The owner of last resort: the agency itself, where no collector is free of conflicts."""

REASSIGNED = "case.reassigned"
"""The event by which a case gets another owner."""


class ReassignReason(StrEnum):
    """Why a case goes to somebody else; no words of its own, because it stays with the case."""

    LEFT = "left"
    ABSENT = "absent"
    CONFLICT = "conflict"
    LANGUAGE = "language"
    WORKLOAD = "workload"
    REQUEST = "request"


def nobody_has_any(collector_id: str) -> int:  # noqa: ARG001
    """The load where nobody has a case yet."""
    return 0


@dataclass(frozen=True, slots=True)
class Collector:
    """One who works cases. `countries` are ISO 3166-1 alpha-2, `languages` ISO 639-1.

    `share` is a whole number: with 2 somebody gets twice as many cases as with 1. `conflicts` are
    registration ids and client ids of parties whose cases this collector must never have. Only one
    with `may_publish` may say yes or no to the publication of a protest, and only one with `may_release`
    may approve or release money that leaves.
    """

    collector_id: str
    name: str
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    share: int = 1
    conflicts: tuple[str, ...] = ()
    may_publish: bool = False
    may_release: bool = False

    def is_barred_from(self, parties: frozenset[str]) -> bool:
        """One of these parties, on either side, is a conflict."""
        return not parties.isdisjoint(self.conflicts)


@dataclass(frozen=True, slots=True)
class Matter:
    """What assignment looks at: `language` is the debtor's, `parties` the registration ids and client
    ids of everybody in the case, on either side."""

    case_id: CaseId
    country: str
    language: str
    parties: frozenset[str]


def matter_of(case: Case, client: Client) -> Matter:
    """Who has a conflict with anybody in the case, debtor or creditor, does not get it."""
    former = (other.debtor for other in case.former_debtors)
    debtors = (case.debtor, *(party.debtor for party in case.co_debtors), *former)
    named = {client.client_id, client.registration_id, *(debtor.registration_id for debtor in debtors)}
    parties = frozenset(name for name in named if name)
    return Matter(case.case_id, case.country, case.debtor.language, parties)


def assign(
    matter: Matter,
    collectors: Sequence[Collector],
    account_manager: str,
    load_of: Callable[[str], int] = nobody_has_any,
) -> Owner:
    """The owner of a case; there always is one, and never one with a conflict. Raises nothing.

    Among those of the debtor's country and language the one with the fewest open cases for their
    share gets it; `load_of` tells how many somebody has, and is asked only where there is a choice.
    Between equals the case's id draws, weighted by share (rendezvous hashing), so that a repeat comes
    to the same. Where nobody speaks the language, anyone of the country; where there is nobody in
    the country, the lead, who is the first in the list.
    """
    free = [collector for collector in collectors if not collector.is_barred_from(matter.parties)]
    for reason, candidates in _choices(matter, free):
        if candidates:
            chosen = max(_least_loaded(candidates, load_of), key=_tickets(matter.case_id))
            return Owner(chosen.collector_id, account_manager, reason)
    return Owner(AGENCY, account_manager, "no collector without a conflict")


def _least_loaded(candidates: list[Collector], load_of: Callable[[str], int]) -> list[Collector]:
    """Those who have least for their share: with a share of 2, ten cases are as many as five."""
    if len(candidates) == 1:
        return candidates
    loads = [Fraction(load_of(one.collector_id), max(one.share, 1)) for one in candidates]
    least = min(loads)
    return [one for one, load in zip(candidates, loads, strict=True) if load == least]


def _choices(matter: Matter, free: list[Collector]) -> Iterator[tuple[str, list[Collector]]]:
    """From the best match to the last resort, with the reason that is kept on the case."""
    local = [collector for collector in free if matter.country in collector.countries]
    spoken = [collector for collector in local if matter.language in collector.languages]
    yield f"language {matter.language}", spoken
    yield f"any of {matter.country}", local
    yield "lead", free[:1]


def _tickets(case_id: CaseId) -> Callable[[Collector], tuple[bytes, str]]:
    """Each draws as many tickets as their share; the highest of all wins. Whole numbers throughout, so
    that the draw is the same on every machine."""

    def best(collector: Collector) -> tuple[bytes, str]:
        name = collector.collector_id
        texts = (f"{case_id}\x1f{name}\x1f{ticket}" for ticket in range(max(collector.share, 1)))
        return max(sha256(text.encode()).digest() for text in texts), name

    return best


def collector_name(owner: Owner, collectors: Sequence[Collector], agency: str) -> str:
    """How people know the owner; the agency's name for one who has left, until somebody takes over."""
    named = (collector.name for collector in collectors if collector.collector_id == owner.collector_id)
    return next(named, agency)
