"""Value added tax on our own fee invoices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sovinto.domain.debtor import DebtorType
from sovinto.domain.explanation import Explanation
from sovinto.domain.law.figures import percent_text
from sovinto.domain.law.model import Pack, explain, in_force
from sovinto.domain.law.rows import VatRow
from sovinto.domain.money import Money


@dataclass(frozen=True, slots=True)
class VatRate:
    """`percent` is a decimal string such as "25.5", `fraction` the same per one hundred."""

    percent: str
    fraction: Fraction
    explanation: Explanation

    def of(self, net: Money) -> Money:
        """The tax on a net amount, rounded half up once."""
        return Money.rounded(net.minor * self.fraction / 100, net.currency)


def standard_rate(pack: Pack, on: date) -> VatRate:
    """The standard rate on the day of supply. Our clients are businesses. Raises LawMissing."""
    row = in_force(pack, VatRow, debtor_type=DebtorType.BUSINESS, on=on, what="the standard VAT rate")
    text = percent_text(row.percent)
    return VatRate(text, row.percent, explain(row.citation, "net x rate / 100", rate=text))
