"""How a tariff is written: bands, and official scales that they may multiply."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from sovinto.countries.fields import Amount, Factor, Model, Percent, Text
from sovinto.countries.tables.base import NonEmpty, RuleTable
from sovinto.domain.law import rows
from sovinto.domain.law.kinds import Rounding
from sovinto.domain.law.tariff import band_end, scale_amount
from sovinto.domain.money import Money


def money(amount: str | None, currency: str) -> Money | None:
    return None if amount is None else Money.parse(amount, currency)


class BandTable(Model):
    """A band that leaves `amount` out and takes a percentage goes on from where the one before ended."""

    up_to: Amount | None = None
    amount: Amount | None = None
    factor: Factor = Fraction(0)
    percent_of_excess: Percent = Fraction(0)
    min_instalments: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _check_value(self) -> Self:
        if self.factor < 0 or self.percent_of_excess < 0:
            raise ValueError("factor and percent_of_excess must not be negative")
        if self.amount is None and not self.factor and not self.percent_of_excess:
            raise ValueError("a band must give an amount, a factor or a percent_of_excess")
        return self


def check_bands(bands: Sequence[BandTable]) -> None:
    """Limits rise from band to band, and the last one holds for every principal. Raises ValueError."""
    last = bands[-1]
    if last.up_to is not None or last.min_instalments:
        raise ValueError("the last band must hold for every principal: leave up_to out")
    check_rising([band.up_to for band in bands if not band.min_instalments])


def check_rising(limits: Sequence[str | None]) -> None:
    """Each `up_to` is above the one before; only the last is left out. Raises ValueError."""
    known = [Decimal(limit) for limit in limits if limit is not None]
    if None in limits[:-1] or any(later <= earlier for earlier, later in pairwise(known)):
        raise ValueError("up_to must rise from band to band, and only the last one may be left out")


def to_bands(tables: Sequence[BandTable], currency: str) -> tuple[rows.Band, ...]:
    """The bands in order, each that goes on from the one before with its amount worked out."""
    bands: list[rows.Band] = []
    for table in tables:
        amount = money(table.amount, currency)
        if amount is None:
            goes_on = bands and table.percent_of_excess
            amount = band_end(bands) if goes_on else Money.zero(currency)
        bands.append(
            rows.Band(
                money(table.up_to, currency),
                amount,
                table.min_instalments,
                table.factor,
                table.percent_of_excess,
            )
        )
    return tuple(bands)


class TariffFields(RuleTable):
    """The fields of a tariff. The last band has no limit, so that every principal finds its amount."""

    bands: tuple[BandTable, ...] = ()
    scale: Text | None = None
    minimum: Amount | None = None
    maximum: Amount | None = None
    expenses_percent: Percent = Fraction(0)
    expenses_maximum: Amount | None = None
    rounding: Rounding = Rounding.MINOR

    @model_validator(mode="after")
    def _check_bands(self) -> Self:
        if not self.bands:
            return self
        check_bands(self.bands)
        if Decimal(self.minimum or 0) > Decimal(self.maximum or "Infinity"):
            raise ValueError("minimum must not be above maximum")
        if any(band.factor for band in self.bands) and self.scale is None:
            raise ValueError("scale must name the official scale that the factors multiply")
        return self

    def tariff(self, currency: str) -> rows.Tariff:
        return rows.Tariff(
            bands=to_bands(self.bands, currency),
            scale=self.scale,
            minimum=money(self.minimum, currency),
            maximum=money(self.maximum, currency),
            expenses_percent=self.expenses_percent,
            expenses_maximum=money(self.expenses_maximum, currency),
            rounding=self.rounding,
        )


class ScaleStepTable(Model):
    """`amount` may be left out where the step goes on from where the one before ended."""

    up_to: Amount | None = None
    amount: Amount | None = None
    add: Amount | None = None
    per: Amount | None = None


class ScaleTable(RuleTable):
    name: Text
    steps: Annotated[tuple[ScaleStepTable, ...], NonEmpty]

    @model_validator(mode="after")
    def _check_steps(self) -> Self:
        check_rising([step.up_to for step in self.steps])
        if any((step.per is None) != (step.add is None) for step in self.steps):
            raise ValueError("add and per belong together: give both or neither")
        if any(step.per is not None and not Decimal(step.per) for step in self.steps):
            raise ValueError("per must be above zero")
        return self

    @model_validator(mode="after")
    def _check_last_step(self) -> Self:
        if self.steps[-1].up_to is not None:
            raise ValueError("the last step must hold for every principal: leave up_to out")
        if self.steps[0].amount is None:
            raise ValueError("the first step must give an amount")
        return self

    def to_row(self, currency: str) -> rows.ScaleRow:
        steps: list[rows.ScaleStep] = []
        for table in self.steps:
            amount = money(table.amount, currency)
            if amount is None:
                amount = self._end(steps, currency)
            add = Money.parse(table.add or "0", currency)
            steps.append(
                rows.ScaleStep(money(table.up_to, currency), amount, add, money(table.per, currency))
            )
        return rows.ScaleRow(self.citation(), self.debtor_types, self.name, tuple(steps))

    @staticmethod
    def _end(steps: Sequence[rows.ScaleStep], currency: str) -> Money:
        limit = steps[-1].up_to or Money.zero(currency)
        return scale_amount(tuple(steps), limit)
