"""Using up a payment class by class, in the order of the law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sovinto.domain.claim_class import Balance, ClaimClass
from sovinto.domain.debtor import DebtorType
from sovinto.domain.explanation import Explanation
from sovinto.domain.law.model import Pack, explain, in_force
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Allocation:
    """`parts` name each class that got something, in order; `over` is what nothing was owed for."""

    parts: tuple[tuple[ClaimClass, Money], ...]
    over: Money


def order(pack: Pack, debtor_type: DebtorType, on: date) -> tuple[ClaimClass, ...]:
    """The legal order on the day of the payment. Raises LawMissing."""
    return in_force(pack.allocations, debtor_type=debtor_type, on=on, what="the allocation order").order


def order_explained(pack: Pack, debtor_type: DebtorType, on: date) -> Explanation:
    """Why payments are used in that order. Raises LawMissing."""
    row = in_force(pack.allocations, debtor_type=debtor_type, on=on, what="the allocation order")
    return explain(row.citation, " -> ".join(claim_class.value for claim_class in row.order))


def allocate(amount: Money, balance: Balance, order: Sequence[ClaimClass]) -> Allocation:
    """Fill each class of `balance` in turn; a class in credit (negative) takes nothing.

    Raises InvalidInput for an amount that is not above zero or an order that misses a class.
    """
    if amount.minor <= 0:
        raise InvalidInput("amount must be above zero; a returned payment is reversed.", field="amount")
    if sorted(order) != sorted(ClaimClass):
        raise InvalidInput("order must name each claim class once.", field="order")
    parts: list[tuple[ClaimClass, Money]] = []
    left = amount
    for claim_class in order:
        part = min(left, balance.of(claim_class))
        if part.minor > 0:
            parts.append((claim_class, part))
            left = left - part
    return Allocation(tuple(parts), left)
