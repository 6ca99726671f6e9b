"""Tables on what collection may cost the debtor."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Self

from pydantic import Field, model_validator

from sovinto.countries.fields import Model, Percent
from sovinto.countries.tables.base import NonEmpty, RuleTable
from sovinto.countries.tables.tariffs import BandTable, TariffFields, check_bands, to_bands
from sovinto.domain.law import rows
from sovinto.domain.law.kinds import ClaimKind, FeeBasis, FeeKind, FeeMode, LetterKind, Sender, VatTreatment

_ORDINARY = frozenset({ClaimKind.ORDINARY})


class FeeTable(TariffFields):
    kind: FeeKind
    senders: Annotated[frozenset[Sender], NonEmpty]
    letters: frozenset[LetterKind] = frozenset()
    claim_kinds: Annotated[frozenset[ClaimKind], NonEmpty] = _ORDINARY
    includes: frozenset[FeeKind] = frozenset()
    basis: FeeBasis = FeeBasis.PLACED
    bands: Annotated[tuple[BandTable, ...], NonEmpty]

    def to_row(self, currency: str) -> rows.FeeRow:
        return rows.FeeRow(
            self.citation(),
            self.debtor_types,
            self.kind,
            self.senders,
            self.letters,
            self.claim_kinds,
            self.tariff(currency),
            self.includes,
            self.basis,
        )


class FeeCountTable(RuleTable):
    kinds: Annotated[frozenset[FeeKind], NonEmpty]
    max_count: Annotated[int, Field(ge=0)]

    def to_row(self, currency: str) -> rows.FeeCountRow:
        return rows.FeeCountRow(self.citation(), self.debtor_types, self.kinds, self.max_count)


class CapPartTable(Model):
    kind: FeeKind
    times: Annotated[int, Field(ge=1)] = 1


class FeeCapTable(TariffFields):
    """`bands`, or `sum_of` the maxima of kinds, or neither with `is_open` where the law names no total."""

    claim_kinds: Annotated[frozenset[ClaimKind], NonEmpty] = _ORDINARY
    sum_of: tuple[CapPartTable, ...] = ()
    is_open: bool = False

    @model_validator(mode="after")
    def _check_one_way(self) -> Self:
        if sum((bool(self.bands), bool(self.sum_of), self.is_open)) != 1:
            raise ValueError("a fee_cap has exactly one of bands, sum_of and is_open")
        return self

    def to_row(self, currency: str) -> rows.FeeCapRow:
        tariff = self.tariff(currency) if self.bands else None
        parts = tuple(rows.CapPart(part.kind, part.times) for part in self.sum_of)
        return rows.FeeCapRow(self.citation(), self.debtor_types, self.claim_kinds, tariff, parts)


class LumpSumTable(RuleTable):
    bands: Annotated[tuple[BandTable, ...], NonEmpty]
    offsets: bool

    @model_validator(mode="after")
    def _check_amounts(self) -> Self:
        check_bands(self.bands)
        if any(band.amount is None or band.factor or band.percent_of_excess for band in self.bands):
            raise ValueError("a lump sum is an amount by principal: give amount only")
        return self

    def to_row(self, currency: str) -> rows.LumpSumRow:
        bands = to_bands(self.bands, currency)
        return rows.LumpSumRow(self.citation(), self.debtor_types, bands, self.offsets)


class FeeVatTable(RuleTable):
    kinds: Annotated[frozenset[FeeKind], NonEmpty]
    senders: Annotated[frozenset[Sender], NonEmpty] = frozenset(Sender)
    treatment: VatTreatment
    percent: Percent = Fraction(0)

    @model_validator(mode="after")
    def _check_percent(self) -> Self:
        if (self.treatment is VatTreatment.ADDED_IF_NOT_DEDUCTIBLE) != bool(self.percent):
            raise ValueError("percent belongs to added_if_not_deductible, and to nothing else")
        return self

    def to_row(self, currency: str) -> rows.FeeVatRow:
        who = (self.citation(), self.debtor_types)
        return rows.FeeVatRow(*who, self.kinds, self.senders, self.treatment, self.percent)


class FeeModeTable(RuleTable):
    mode: FeeMode

    def to_row(self, currency: str) -> rows.FeeModeRow:
        return rows.FeeModeRow(self.citation(), self.debtor_types, self.mode)


class VatTable(RuleTable):
    percent: Percent

    def to_row(self, currency: str) -> rows.VatRow:
        return rows.VatRow(self.citation(), self.debtor_types, self.percent)
