"""Rows on late-payment interest."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from sovinto.domain.law.kinds import Compounding, DayCount, InterestBasis, InterestStart, RateMovement
from sovinto.domain.law.rows.base import Row


@dataclass(frozen=True, slots=True)
class ReferenceRateRow(Row):
    """The reference rate of a half-year, a yearly percentage."""

    table: ClassVar[str] = "reference_rate"

    percent: Fraction


@dataclass(frozen=True, slots=True)
class MarginRow(Row):
    """Percentage points on top of the reference rate."""

    table: ClassVar[str] = "margin"

    percent: Fraction


@dataclass(frozen=True, slots=True)
class InterestTermsRow(Row):
    """How interest is calculated, and whether the statute gives any."""

    table: ClassVar[str] = "interest_terms"

    day_count: DayCount
    compounding: Compounding
    movement: RateMovement
    basis: InterestBasis
    start: InterestStart
