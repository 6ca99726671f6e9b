"""How many open cases each owner has, counted when first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sovinto.domain.assignment import AGENCY, Collector
from sovinto.errors import AlreadyStored, StaleVersion
from sovinto.ports import Cases, Change, Guard


@dataclass(slots=True)
class Loads:
    """Counts are kept while one piece of work lasts, so that a file of cases counts once, not per row."""

    cases: Cases
    known: dict[str, int] = field(default_factory=dict)

    def of(self, collector_id: str) -> int:
        if collector_id not in self.known:
            self.known[collector_id] = sum(1 for _ in self.cases.owned_by(collector_id))
        return self.known[collector_id]

    def add(self, collector_id: str, count: int = 1) -> None:
        self.known[collector_id] = self.of(collector_id) + count

    def announce(self, collector_id: str) -> None:
        """The first case of an owner puts their id on the list of owners, by which those are found who
        are no collectors any more. Stored before the case; again where the count was not up to date."""
        if self.of(collector_id) > 0:
            return
        try:
            self.cases.commit(Change(guards=(Guard("OWNERS", collector_id),)))
        except (AlreadyStored, StaleVersion):
            return


def loads_by_owner(cases: Cases, collectors: Sequence[Collector]) -> dict[str, int]:
    """The open cases of every collector, of the agency itself, and of owners who have left with some."""
    loads = Loads(cases)
    here = [*(collector.collector_id for collector in collectors), AGENCY]
    return {**{name: loads.of(name) for name in here}, **strangers(cases, collectors)}


def strangers(cases: Cases, collectors: Sequence[Collector]) -> dict[str, int]:
    """Owners of open cases who are no collectors of this agency any more, with how many they have."""
    here = {AGENCY, *(collector.collector_id for collector in collectors)}
    loads = Loads(cases)
    return {name: loads.of(name) for name in cases.owners() if name not in here and loads.of(name)}
