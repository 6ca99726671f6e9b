"""The fee that a letter earns on its day, its rows looked up once and kept as tables of pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from sovinto.domain.debts.curve import FeeStep
from sovinto.domain.debts.pieces import PriceTable, never_falls, price_table
from sovinto.domain.law.fee_facts import FeeFacts, tariff_row, vat_row
from sovinto.domain.law.kinds import FeeKind, Sender
from sovinto.domain.law.model import Pack, in_force
from sovinto.domain.law.rows import FeeCapRow, FeeRow, ScaleRow, Tariff
from sovinto.domain.money import exponent


@dataclass(frozen=True, slots=True)
class StepTable:
    """The tariffs met so far. `facts` are the claim's, apart from the principal."""

    pack: Pack
    facts: FeeFacts
    prices: dict[tuple[int, int, Fraction], PriceTable] = field(default_factory=dict)

    def step(self, row: FeeRow, on: date, before: Sequence[FeeKind | None]) -> FeeStep | None:
        """The fee with its cap, None where a tariff can fall. Raises LawMissing.

        `before` are the kinds of the steps before this one.
        """
        tariff = self._of_row(row, on)
        cap = in_force(
            self.pack,
            FeeCapRow,
            debtor_type=self.facts.debtor_type,
            on=on,
            what="the total of fees",
            where=lambda row: self.facts.claim_kind in row.claim_kinds,
        )
        parts = self._parts(cap, on)
        known = tuple((table, times) for table, times in parts if table is not None)
        if tariff is None or len(known) < len(parts):
            return None
        includes = tuple(at for at, kind in enumerate(before) if kind in row.includes)
        return FeeStep(tariff, includes, None if cap.is_open else known)

    def _parts(self, cap: FeeCapRow, on: date) -> list[tuple[PriceTable | None, int]]:
        if cap.tariff is not None:
            return [(self._prices(cap.tariff, on, Fraction(0)), 1)]
        return [
            (self._of_row(tariff_row(self.pack, self.facts, part.kind, Sender.AGENCY, on), on), part.times)
            for part in cap.parts
        ]

    def _of_row(self, row: FeeRow, on: date) -> PriceTable | None:
        vat = vat_row(self.pack, self.facts, row.kind, Sender.AGENCY, on)
        return self._prices(row.tariff, on, Fraction(0) if vat is None else vat.percent)

    def _prices(self, tariff: Tariff, on: date, vat_percent: Fraction) -> PriceTable | None:
        if not never_falls(tariff, vat_percent):
            return None
        scale = None
        if tariff.scale is not None:
            scale = in_force(
                self.pack,
                ScaleRow,
                debtor_type=self.facts.debtor_type,
                on=on,
                what=f"the scale {tariff.scale}",
                where=lambda row: row.name == tariff.scale,
            )
        key = (id(tariff), id(scale), vat_percent)
        if key not in self.prices:
            steps = () if scale is None else scale.steps
            self.prices[key] = price_table(tariff, steps, vat_percent, 10 ** exponent(self.pack.currency))
        return self.prices[key]
