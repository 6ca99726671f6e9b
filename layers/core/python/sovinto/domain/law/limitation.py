"""When a claim grows too old to be collected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sovinto.domain.debtor import DebtorType
from sovinto.domain.explanation import Explanation
from sovinto.domain.law.kinds import Interruption, LimitationStart
from sovinto.domain.law.model import Pack, explain, in_force
from sovinto.domain.law.rows import Citation, LimitationRow


@dataclass(frozen=True, slots=True)
class Limitation:
    """The claim may be collected up to and including `last_on`."""

    last_on: date
    explanation: Explanation
    rules: tuple[Citation, ...]

    def is_time_barred(self, on: date) -> bool:
        return on > self.last_on


def limitation_on(
    pack: Pack,
    *,
    debtor_type: DebtorType,
    due_on: date,
    interruptions: Sequence[tuple[Interruption, date]] = (),
) -> Limitation:
    """The last day of the period, begun anew by each interruption the law knows that came in time.

    The rule is the one in force when the claim fell due. Raises LawMissing.
    """
    row = in_force(pack, LimitationRow, debtor_type=debtor_type, on=due_on, what="the limitation period")
    last_on = _years_after(_start(row, due_on), row.years)
    base, years = due_on, row.years
    for kind, on in sorted(interruptions, key=lambda interruption: interruption[1]):
        if kind in row.interrupted_by and due_on <= on <= last_on:
            restarted = _years_after(on, row.restart_years)
            if restarted > last_on:
                last_on, base, years = restarted, on, row.restart_years
    if row.absolute_years is not None:
        last_on = min(last_on, _years_after(due_on, row.absolute_years))
    why = explain(row.citation, "start + years", start=row.start.value, base=base, years=years)
    return Limitation(last_on, why, (row.citation,))


def _start(row: LimitationRow, due_on: date) -> date:
    return date(due_on.year, 12, 31) if row.start is LimitationStart.YEAR_END else due_on


def _years_after(day: date, years: int) -> date:
    """The same day in a later year; of a leap day, the 28th of February."""
    year = day.year + years
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
