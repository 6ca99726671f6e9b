"""Tariffs as straight pieces over the principal, in integers: worked out once, then only looked up."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm

from sovinto.domain.law.kinds import Rounding
from sovinto.domain.law.rows import Band, ScaleStep, Tariff

ENDLESS = 10**40


@dataclass(frozen=True, slots=True)
class Line:
    """For `low` < principal <= `high`: slope x principal + level, all in minor units, not rounded."""

    low: int
    high: int
    slope: Fraction | int
    level: Fraction | int

    def within(self, low: int, high: int) -> Line:
        return Line(max(self.low, low), min(self.high, high), self.slope, self.level)

    def plus(self, other: Line) -> Line:
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Line(low, high, self.slope + other.slope, self.level + other.level)

    def times(self, factor: Fraction) -> Line:
        return Line(self.low, self.high, self.slope * factor, self.level * factor)

    def at_least(self, bound: int, principal: int) -> Line:
        if not self.slope:
            return Line(self.low, self.high, 0, max(self.level, bound))
        last_below = ceil((bound - self.level) / self.slope) - 1
        if principal <= last_below:
            return Line(self.low, min(self.high, last_below), 0, bound)
        return self.within(last_below, ENDLESS)

    def at_most(self, bound: int, principal: int) -> Line:
        if not self.slope:
            return Line(self.low, self.high, 0, min(self.level, bound))
        last_under = floor((bound - self.level) / self.slope)
        if principal <= last_under:
            return self.within(0, last_under)
        return Line(max(self.low, last_under), self.high, 0, bound)


@dataclass(frozen=True, slots=True)
class Price:
    """A line with its rounding: (times x principal + plus) // over, in units of `unit` minor units."""

    low: int
    high: int
    times: int
    plus: int
    over: int
    unit: int

    def at(self, principal: int) -> int:
        return (self.times * principal + self.plus) // self.over * self.unit


@dataclass(frozen=True, slots=True)
class PriceTable:
    """One tariff with the scale and the VAT of its day. Pieces are found when first asked for.

    `unit` is how many minor units it rounds to; `steps` those of the scale, empty where it has none.
    """

    tariff: Tariff
    steps: tuple[ScaleStep, ...]
    vat_percent: Fraction
    unit: int
    highs: list[int]
    prices: list[Price]

    def price(self, principal: int) -> Price:
        at = bisect_left(self.highs, principal)
        if at < len(self.highs) and self.prices[at].low < principal:
            return self.prices[at]
        found = _rounded(self._line(principal), self.unit)
        self.highs.insert(at, found.high)
        self.prices.insert(at, found)
        return found

    def _line(self, principal: int) -> Line:
        tariff = self.tariff
        band, line = band_line(tariff.bands, principal)
        if self.steps:
            line = line.plus(scale_line(self.steps, principal).times(band.factor))
        if tariff.minimum is not None:
            line = line.at_least(tariff.minimum.minor, principal)
        if tariff.maximum is not None:
            line = line.at_most(tariff.maximum.minor, principal)
        if tariff.expenses_percent:
            expenses = line.times(tariff.expenses_percent / 100)
            most = tariff.expenses_maximum
            line = line.plus(expenses if most is None else expenses.at_most(most.minor, principal))
        return line.times(1 + self.vat_percent / 100) if self.vat_percent else line


def price_table(
    tariff: Tariff, steps: tuple[ScaleStep, ...], vat_percent: Fraction, per_major: int
) -> PriceTable:
    """An empty table; `per_major` is how many minor units make a major one."""
    unit = 1 if tariff.rounding is Rounding.MINOR else per_major
    return PriceTable(tariff, steps, vat_percent, unit, [], [])


def never_falls(tariff: Tariff, vat_percent: Fraction) -> bool:
    """Whether every figure grows the fee: the pieces are made for such tariffs only."""
    figures = [figure for band in tariff.bands for figure in (band.factor, band.percent_of_excess)]
    return min([*figures, tariff.expenses_percent, vat_percent]) >= 0


def band_line(bands: Sequence[Band], principal: int) -> tuple[Band, Line]:
    """The first band that fits a claim without a plan, and its amount as a line."""
    low = floor_minor = 0
    for band in bands:
        high = ENDLESS if band.up_to is None else band.up_to.minor
        if band.min_instalments == 0 and principal <= high:
            return band, _of_band(band, low, high, floor_minor, principal)
        low = max(low, high) if band.min_instalments == 0 else low
        floor_minor = floor_minor if band.up_to is None else high
    return bands[-1], _of_band(bands[-1], low, ENDLESS, floor_minor, principal)


def scale_line(steps: Sequence[ScaleStep], principal: int) -> Line:
    """The official scale: level between two amounts begun."""
    below = 0
    for step in steps:
        high = ENDLESS if step.up_to is None else step.up_to.minor
        if principal <= high:
            if step.per is None:
                return Line(below, high, 0, step.amount.minor)
            per = step.per.minor
            begun = -(-(principal - below) // per)
            low, end = below + (begun - 1) * per, below + begun * per
            return Line(low, min(high, end), 0, step.amount.minor + begun * step.add.minor)
        below = high
    return Line(below, ENDLESS, 0, steps[-1].amount.minor)


def _of_band(band: Band, low: int, high: int, floor_minor: int, principal: int) -> Line:
    if not band.percent_of_excess:
        return Line(low, high, 0, band.amount.minor)
    if principal <= floor_minor:
        return Line(low, min(high, floor_minor), 0, band.amount.minor)
    slope = band.percent_of_excess / 100
    return Line(max(low, floor_minor), high, slope, band.amount.minor - floor_minor * slope)


def _rounded(line: Line, unit: int) -> Price:
    """Half up, once. Every tariff is non-negative, so up is away from zero."""
    slope, level = line.slope, line.level
    over = lcm(slope.denominator, level.denominator) * unit
    times = slope.numerator * (over // slope.denominator)
    plus = level.numerator * (over // level.denominator)
    return Price(line.low, line.high, 2 * times // unit, 2 * plus // unit + over, 2 * over, unit)
