"""Who answers for a case: a local collector, chosen when the case is placed, and the account manager."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sovinto.domain.agreement import Owner
from sovinto.ids import CaseId

AGENCY = "agency"
"""The owner of last resort: the agency itself, where no collector is free of conflicts."""


@dataclass(frozen=True, slots=True)
class Collector:
    """One who works cases. `countries` are ISO 3166-1 alpha-2, `languages` ISO 639-1.

    `share` is a whole number: with 2 somebody gets twice as many cases as with 1. `conflicts` are
    registration ids and client ids of parties whose cases this collector must never have.
    """

    collector_id: str
    name: str
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    share: int = 1
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """What assignment looks at: `language` is the debtor's, `parties` the registration ids and client
    ids of everybody in the case, on either side."""

    case_id: CaseId
    country: str
    language: str
    parties: frozenset[str]


def assign(matter: Matter, collectors: Sequence[Collector], account_manager: str) -> Owner:
    """The owner of a case; there always is one, and never one with a conflict. Raises nothing.

    Among those of the debtor's country and language the case's id draws one, weighted by share
    (rendezvous hashing). Nobody counts open cases: a counter would be one row that every placement
    writes. The draw needs no state, is the same on a repeat, and a collector who joins or leaves moves
    only their own part. Where nobody speaks the language, anyone of the country; where there is nobody
    in the country, the lead, who is the first in the list.
    """
    free = [collector for collector in collectors if matter.parties.isdisjoint(collector.conflicts)]
    for reason, candidates in _choices(matter, free):
        if candidates:
            drawn = max(candidates, key=_tickets(matter.case_id))
            return Owner(drawn.collector_id, account_manager, reason)
    return Owner(AGENCY, account_manager, "no collector without a conflict")


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
