"""Rows on what collection may cost the debtor."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from sovinto.domain.law.kinds import (
    ClaimKind,
    FeeBasis,
    FeeKind,
    FeeMode,
    LetterKind,
    Rounding,
    Sender,
    VatTreatment,
)
from sovinto.domain.law.rows.base import Row
from sovinto.domain.money import Money


@dataclass(frozen=True, slots=True)
class Band:
    """The fee for principals up to and including `up_to` (None: any), in plans of at least
    `min_instalments`: `amount`, plus `factor` times the official scale, plus `percent_of_excess` of
    what the principal is above the band before. The first band that fits decides."""

    up_to: Money | None
    amount: Money
    min_instalments: int = 0
    factor: Fraction = Fraction(0)
    percent_of_excess: Fraction = Fraction(0)

    def fits(self, principal: Money, instalments: int) -> bool:
        return (self.up_to is None or principal <= self.up_to) and instalments >= self.min_instalments


@dataclass(frozen=True, slots=True)
class Tariff:
    """Bands, with what bounds and rounds them.

    `scale` names the official scale that factors multiply. `minimum` and `maximum` bound the fee
    before `expenses_percent` of it is added, at most `expenses_maximum`.
    """

    bands: tuple[Band, ...]
    scale: str | None = None
    minimum: Money | None = None
    maximum: Money | None = None
    expenses_percent: Fraction = Fraction(0)
    expenses_maximum: Money | None = None
    rounding: Rounding = Rounding.MINOR


@dataclass(frozen=True, slots=True)
class ScaleStep:
    """Up to and including `up_to` the scale stands at `amount`, and grows by `add` for each `per`
    begun above the step before."""

    up_to: Money | None
    amount: Money
    add: Money
    per: Money | None = None


@dataclass(frozen=True, slots=True)
class ScaleRow(Row):
    """An official amount that tariffs are multiples of: one figure, or a figure by principal."""

    table: ClassVar[str] = "scale"

    name: str
    steps: tuple[ScaleStep, ...]

    @property
    def keys(self) -> tuple[frozenset[str], ...]:
        return (frozenset({self.name}),)


@dataclass(frozen=True, slots=True)
class FeeRow(Row):
    """The most that may be charged for one `kind`. `letters` earn it, none for a plan or extension.
    `basis` is the principal that the bands look at.

    It stands in for the kinds in `includes`: what they cost before is taken off.
    """

    table: ClassVar[str] = "fee"

    kind: FeeKind
    senders: frozenset[Sender]
    letters: frozenset[LetterKind]
    claim_kinds: frozenset[ClaimKind]
    tariff: Tariff
    includes: frozenset[FeeKind]
    basis: FeeBasis = FeeBasis.PLACED

    @property
    def keys(self) -> tuple[frozenset[str], ...]:
        return (frozenset({self.kind}), frozenset(self.senders), frozenset(self.claim_kinds))


@dataclass(frozen=True, slots=True)
class FeeCountRow(Row):
    """How many fees of these kinds one claim can carry."""

    table: ClassVar[str] = "fee_count"

    kinds: frozenset[FeeKind]
    max_count: int

    @property
    def keys(self) -> tuple[frozenset[str], ...]:
        return (frozenset(self.kinds),)


@dataclass(frozen=True, slots=True)
class CapPart:
    """So many fees of a kind, each at its own maximum."""

    kind: FeeKind
    times: int


@dataclass(frozen=True, slots=True)
class FeeCapRow(Row):
    """The most that all fees of one claim may come to: a tariff, or the sum of `parts`.

    Neither where the law names no total; a lump sum stands beside it.
    """

    table: ClassVar[str] = "fee_cap"

    claim_kinds: frozenset[ClaimKind]
    tariff: Tariff | None
    parts: tuple[CapPart, ...]

    @property
    def is_open(self) -> bool:
        return self.tariff is None and not self.parts

    @property
    def keys(self) -> tuple[frozenset[str], ...]:
        return (frozenset(self.claim_kinds),)


@dataclass(frozen=True, slots=True)
class LumpSumRow(Row):
    """Standard compensation per claim. It `offsets` fees (the debtor owes the larger), or adds to them.

    The rule of the first day of delay decides.
    """

    table: ClassVar[str] = "lump_sum"

    bands: tuple[Band, ...]
    offsets: bool


@dataclass(frozen=True, slots=True)
class FeeVatRow(Row):
    """Value added tax on the costs a debtor pays, in percent, for these kinds and senders."""

    table: ClassVar[str] = "fee_vat"

    kinds: frozenset[FeeKind]
    senders: frozenset[Sender]
    treatment: VatTreatment
    percent: Fraction

    @property
    def keys(self) -> tuple[frozenset[str], ...]:
        return (frozenset(self.kinds), frozenset(self.senders))


@dataclass(frozen=True, slots=True)
class FeeModeRow(Row):
    """By what right the debtor pays."""

    table: ClassVar[str] = "fee_mode"

    mode: FeeMode


@dataclass(frozen=True, slots=True)
class VatRow(Row):
    """The standard rate of value added tax on our own invoices."""

    table: ClassVar[str] = "vat"

    percent: Fraction
