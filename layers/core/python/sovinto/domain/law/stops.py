"""What a dispute, a hold or a moratorium stops, and for how long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sovinto.domain.debtor import DebtorType
from sovinto.domain.explanation import Explanation
from sovinto.domain.law.kinds import Circumstance, Effect
from sovinto.domain.law.model import Pack, explain, in_force
from sovinto.domain.law.rows import EffectRow


@dataclass(frozen=True, slots=True)
class Stop:
    """`effects` hold from the circumstance on, to `last_on` where the law sets an end."""

    circumstance: Circumstance
    effects: frozenset[Effect]
    last_on: date | None
    explanation: Explanation

    def holds(self, on: date) -> bool:
        return self.last_on is None or on <= self.last_on


def stop_for(pack: Pack, circumstance: Circumstance, *, debtor_type: DebtorType, since: date) -> Stop:
    """What the law stops. Raises LawMissing where the pack does not know the circumstance."""
    row = in_force(
        pack,
        EffectRow,
        debtor_type=debtor_type,
        on=since,
        what=f"what a {circumstance.value} stops",
        where=lambda row: row.circumstance is circumstance,
    )
    last_on = None if row.calendar_days is None else since + timedelta(days=row.calendar_days - 1)
    why = explain(
        row.citation,
        "effects of the circumstance",
        circumstance=circumstance.value,
        since=since,
        stops=", ".join(sorted(row.effects)),
    )
    return Stop(circumstance, row.effects, last_on, why)


def is_stopped(stops: Iterable[Stop], effect: Effect, on: date) -> bool:
    """True when any of them stops this on that day."""
    return any(effect in stop.effects and stop.holds(on) for stop in stops)
