"""Tables on late-payment interest."""

from __future__ import annotations

from sovinto.countries.fields import Percent
from sovinto.countries.tables.base import RuleTable
from sovinto.domain.law import rows
from sovinto.domain.law.kinds import Compounding, DayCount, InterestBasis, InterestStart, RateMovement


class ReferenceRateTable(RuleTable):
    percent: Percent

    def to_row(self, currency: str) -> rows.ReferenceRateRow:
        return rows.ReferenceRateRow(self.citation(), self.debtor_types, self.percent)


class MarginTable(RuleTable):
    percent: Percent

    def to_row(self, currency: str) -> rows.MarginRow:
        return rows.MarginRow(self.citation(), self.debtor_types, self.percent)


class InterestTermsTable(RuleTable):
    day_count: DayCount
    compounding: Compounding
    movement: RateMovement
    basis: InterestBasis = InterestBasis.STATUTORY
    start: InterestStart = InterestStart.DAY_AFTER_DUE

    def to_row(self, currency: str) -> rows.InterestTermsRow:
        return rows.InterestTermsRow(
            self.citation(),
            self.debtor_types,
            self.day_count,
            self.compounding,
            self.movement,
            self.basis,
            self.start,
        )
