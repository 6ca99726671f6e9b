"""What a client and we agreed on for our work: commission on what is collected, legal fees, who bears them.

A contract, not law: the law only says what of it the debtor may be asked to bear, and that is in the books.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput


class Bearer(StrEnum):
    """Who bears the commission: the client all of it; or debtors first, by the collection fees that they
    paid and we retained, and the client the rest."""

    CLIENT = "client"
    DEBTOR_FIRST = "debtor_first"


@dataclass(frozen=True, slots=True)
class Band:
    """`percent` (a decimal string such as "12.5") of what is collected up to `up_to_minor` minor units of
    the client's currency; None is without end."""

    percent: str
    up_to_minor: int | None = None

    @property
    def rate(self) -> Fraction:
        return Fraction(self.percent) / 100


@dataclass(frozen=True, slots=True)
class FeesAgreed:
    """Bands are counted case by case, on everything ever collected on the case, so that a claw-back gives
    back just what its money had cost, while these terms stay the same. `base` are the classes commission
    is on; `counts_direct` counts what debtors paid to the client itself. `legal_fee_minor` is for each case
    handed to legal action.

    Raises InvalidInput for bands that do not ascend or do not end, or a percentage out of 0 to 100.
    """

    commission: tuple[Band, ...] = ()
    base: tuple[ClaimClass, ...] = (ClaimClass.PRINCIPAL,)
    counts_direct: bool = False
    legal_fee_minor: int = 0
    bearer: Bearer = Bearer.CLIENT
    payment_days: int = 14

    def __post_init__(self) -> None:
        _check_bands(self.commission)
        if not self.base or ClaimClass.FEE in self.base:
            # The debtor's fees are ours already; commission on them would be asked twice.
            raise InvalidInput("base must name principal, interest or cost, and not fee", field="base")
        if self.legal_fee_minor < 0 or not 0 <= self.payment_days <= 60:
            # Directive 2011/7/EU art. 3 (5): sixty days at most between businesses.
            raise InvalidInput(
                "legal_fee_minor must be 0 or more, payment_days 0 to 60", field="payment_days"
            )

    def commission_on(self, collected: Money) -> Money:
        """On all that was collected on one case, rounded half up once; nothing on nothing."""
        exact = sum((part * band.rate for band, part in self.split(collected.minor)), Fraction(0))
        return Money.rounded(exact, collected.currency)

    def split(self, minor: int) -> Iterator[tuple[Band, int]]:
        """How much of it falls into each band."""
        passed = 0
        for band in self.commission:
            top = minor if band.up_to_minor is None else min(minor, band.up_to_minor)
            if top > passed:
                yield band, top - passed
                passed = top


def _check_bands(bands: Sequence[Band]) -> None:
    for band in bands:
        try:
            rate = band.rate
        except (ValueError, ZeroDivisionError) as error:
            raise InvalidInput(
                f"percent {band.percent!r} is not a number such as 12.5", field="percent"
            ) from (error)
        if not 0 <= rate <= 1:
            raise InvalidInput(f"percent {band.percent} must lie between 0 and 100", field="percent")
    tops = [band.up_to_minor for band in bands]
    ends = [top for top in tops if top is not None]
    is_ascending = all(low < high for low, high in pairwise([0, *ends]))
    if bands and (tops[-1] is not None or len(ends) != len(bands) - 1 or not is_ascending):
        raise InvalidInput("bands must ascend, and only the last has no up_to_minor", field="commission")


SETUP_FEE_ONLY = FeesAgreed()
