"""The four kinds of money a debtor may owe; they are never merged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sovinto.domain.money import Money


class ClaimClass(StrEnum):
    PRINCIPAL = "principal"
    INTEREST = "interest"
    FEE = "fee"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class Balance:
    """What is owed in each class; derived from entries, never stored."""

    principal: Money
    interest: Money
    fee: Money
    cost: Money

    @classmethod
    def zero(cls, currency: str) -> Balance:
        nothing = Money.zero(currency)
        return cls(nothing, nothing, nothing, nothing)

    def of(self, claim_class: ClaimClass) -> Money:
        return {
            ClaimClass.PRINCIPAL: self.principal,
            ClaimClass.INTEREST: self.interest,
            ClaimClass.FEE: self.fee,
            ClaimClass.COST: self.cost,
        }[claim_class]

    @property
    def total(self) -> Money:
        return self.principal + self.interest + self.fee + self.cost
