"""Using up a payment class by class, in the order of the law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sovinto.domain.claim_class import Balance, ClaimClass
from sovinto.domain.debtor import DebtorType
from sovinto.domain.explanation import Explanation
from sovinto.domain.law.model import Pack, explain, in_force
from sovinto.domain.law.rows import AllocationRow
from sovinto.domain.money import Money, total
from sovinto.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Allocation:
    """`parts` name each class that got something, in order; `over` is what nothing was owed for.

    `netted` moves a credit of one class to the others (positive: that class owes more); it sums to zero.
    """

    parts: tuple[tuple[ClaimClass, Money], ...]
    over: Money
    netted: tuple[tuple[ClaimClass, Money], ...] = ()

    @classmethod
    def nothing_owed(cls, amount: Money) -> Allocation:
        """All of it is to be given back."""
        return cls((), amount)


def order(pack: Pack, debtor_type: DebtorType, on: date) -> tuple[ClaimClass, ...]:
    """The legal order on the day of the payment. Raises LawMissing."""
    return in_force(pack, AllocationRow, debtor_type=debtor_type, on=on, what="the allocation order").order


def order_explained(pack: Pack, *, debtor_type: DebtorType, on: date, source_id: str) -> Explanation:
    """Why a payment was used up as it was; `source_id` is the key of the bank line, or the
    provider's own id.
    Raises LawMissing."""
    row = in_force(pack, AllocationRow, debtor_type=debtor_type, on=on, what="the allocation order")
    words = ", then ".join(row.order)
    return explain(row.citation, f"in this order: {words}", value_on=on.isoformat(), source_id=source_id)


def allocate(amount: Money, balance: Balance, order: Sequence[ClaimClass]) -> Allocation:
    """Fill each class of `balance` in turn, after what classes in credit (negative) give to the others.

    So the parts never come to more than the whole balance: the rest is `over`.
    Raises InvalidInput for an amount that is not above zero or an order that misses a class.
    """
    if amount.minor <= 0:
        raise InvalidInput("amount must be above zero; a returned payment is reversed.", field="amount")
    if sorted(order) != sorted(ClaimClass):
        raise InvalidInput("order must name each claim class once.", field="order")
    debts = [(c, balance.of(c)) for c in order if balance.of(c).minor > 0]
    credits = [(c, -balance.of(c)) for c in order if balance.of(c).minor < 0]
    settled, _ = _fill(total((credit for _, credit in credits), amount.currency), debts)
    given, _ = _fill(total((part for _, part in settled), amount.currency), credits)
    known = dict(settled)
    rest = [(c, debt - known.get(c, Money.zero(amount.currency))) for c, debt in debts]
    parts, over = _fill(amount, rest)
    return Allocation(parts, over, (*given, *((c, -part) for c, part in settled)))


def _fill(
    amount: Money, classes: Sequence[tuple[ClaimClass, Money]]
) -> tuple[tuple[tuple[ClaimClass, Money], ...], Money]:
    """What each class gets of `amount`, in turn, and what is left."""
    parts: list[tuple[ClaimClass, Money]] = []
    for claim_class, wanted in classes:
        part = min(amount, wanted)
        if part.minor > 0:
            parts.append((claim_class, part))
            amount = amount - part
    return tuple(parts), amount
