"""Working out a tariff: bands, multiples of an official scale, expenses, bounds; exact until the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.figures import percent_text
from sovinto.domain.law.kinds import Rounding
from sovinto.domain.law.model import Pack, in_force
from sovinto.domain.law.rows import Band, Citation, ScaleRow, ScaleStep, Tariff
from sovinto.domain.money import Money, exponent


@dataclass(frozen=True, slots=True)
class Worked:
    """The amount of a tariff, its value in major units before rounding, how it came, and on what rules."""

    amount: Money
    exact: Fraction
    formula: str
    inputs: tuple[tuple[str, str], ...]
    rules: tuple[Citation, ...]


def work_out(
    pack: Pack,
    tariff: Tariff,
    *,
    principal: Money,
    debtor_type: DebtorType,
    on: date,
    instalments: int = 0,
    vat_percent: Fraction = Fraction(0),
) -> Worked:
    """What the tariff gives for a principal on that day, VAT on top. Raises LawMissing for the scale."""
    band, floor = _band(tariff.bands, principal, instalments)
    minor = Fraction(band.amount.minor)
    inputs = [("principal", principal.decimal())]
    formula, rules = "amount of the band", tuple[Citation, ...]()
    if band.percent_of_excess:
        minor += max(principal.minor - floor, 0) * band.percent_of_excess / 100
        inputs.append(("percent_of_excess", percent_text(band.percent_of_excess)))
        formula = "amount of the band + percent of what is above the band before"
    if tariff.scale is not None:
        row = in_force(
            pack,
            ScaleRow,
            debtor_type=debtor_type,
            on=on,
            what=f"the scale {tariff.scale}",
            where=lambda row: row.name == tariff.scale,
        )
        unit = scale_amount(row.steps, principal)
        minor += unit.minor * band.factor
        inputs += [("factor", percent_text(band.factor)), (tariff.scale, unit.decimal())]
        formula, rules = "factor x scale", (row.citation,)
    minor = _bounded(minor, tariff)
    if tariff.expenses_percent:
        minor += _expenses(minor, tariff)
        inputs.append(("expenses_percent", percent_text(tariff.expenses_percent)))
        formula += " + expenses"
    if vat_percent:
        minor += minor * vat_percent / 100
        inputs.append(("vat_percent", percent_text(vat_percent)))
        formula += " + VAT"
    per_major = 10 ** exponent(principal.currency)
    return Worked(
        _rounded(minor, tariff.rounding, principal.currency),
        minor / per_major,
        formula,
        tuple(inputs),
        rules,
    )


def scale_amount(steps: tuple[ScaleStep, ...], principal: Money) -> Money:
    """The value of an official scale for a principal; the loader makes sure that a step fits."""
    below = 0
    for step in steps:
        if step.up_to is None or principal <= step.up_to:
            begun = 0 if step.per is None else -(-(principal.minor - below) // step.per.minor)
            return Money(step.amount.minor + begun * step.add.minor, principal.currency)
        below = step.up_to.minor
    return steps[-1].amount


def band_amount(bands: tuple[Band, ...], principal: Money) -> Money:
    """The fixed amount of the first band that fits."""
    return _band(bands, principal, 0)[0].amount


def band_end(bands: Sequence[Band]) -> Money:
    """What the last of these bands comes to at its upper limit: where the next one goes on from."""
    last = bands[-1]
    floor = 0 if len(bands) < 2 or bands[-2].up_to is None else bands[-2].up_to.minor
    width = 0 if last.up_to is None else last.up_to.minor - floor
    grown = last.amount.minor + width * last.percent_of_excess / 100
    return Money.rounded(Fraction(grown), last.amount.currency)


def _band(bands: tuple[Band, ...], principal: Money, instalments: int) -> tuple[Band, int]:
    """The first band that fits, and where the band before it ended, in minor units."""
    floor = 0
    for band in bands:
        if band.fits(principal, instalments):
            return band, floor
        floor = band.up_to.minor if band.up_to is not None else floor
    return bands[-1], floor


def _bounded(minor: Fraction, tariff: Tariff) -> Fraction:
    if tariff.minimum is not None:
        minor = max(minor, Fraction(tariff.minimum.minor))
    return minor if tariff.maximum is None else min(minor, Fraction(tariff.maximum.minor))


def _expenses(minor: Fraction, tariff: Tariff) -> Fraction:
    expenses = minor * tariff.expenses_percent / 100
    most = tariff.expenses_maximum
    return expenses if most is None else min(expenses, Fraction(most.minor))


def _rounded(minor: Fraction, rounding: Rounding, currency: str) -> Money:
    if rounding is Rounding.MINOR:
        return Money.rounded(minor, currency)
    unit = 10 ** exponent(currency)
    return Money(Money.rounded(minor / unit, currency).minor * unit, currency)
