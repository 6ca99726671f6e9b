"""All fees of one course of letters as a function of the principal alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from sovinto.domain.debts.pieces import ENDLESS, Price, PriceTable, band_line
from sovinto.domain.law.rows import LumpSumRow


@dataclass(frozen=True, slots=True)
class FeeStep:
    """A fee that is earned: its tariff, the earlier steps it includes, and the cap of its day.

    `cap` is a sum of tariffs, each so many times; None where the law names no total.
    """

    tariff: PriceTable
    includes: tuple[int, ...]
    cap: tuple[tuple[PriceTable, int], ...] | None


@dataclass(frozen=True, slots=True)
class Term:
    """One step between two edges: everything but the principal is settled."""

    price: Price
    includes: tuple[int, ...]
    cap: tuple[tuple[Price, int], ...] | None

    def amount(self, principal: int, before: list[int]) -> int:
        amount = self.price.at(principal) - sum(before[at] for at in self.includes)
        if amount <= 0 or self.cap is None:
            return max(amount, 0)
        most = sum(price.at(principal) * times for price, times in self.cap)
        return min(amount, max(most - sum(before), 0))

    def is_below_cap(self, low: int, high: int) -> bool:
        """Whether its cap leaves it whole between the edges, if no other fee is earned there."""
        if self.cap is None or any(price == self.price and times > 0 for price, times in self.cap):
            return True
        return sum(price.at(low + 1) * times for price, times in self.cap) >= self.price.at(high)

    @property
    def prices(self) -> tuple[Price, ...]:
        return (self.price, *(price for price, _ in self.cap or ()))


@dataclass(frozen=True, slots=True)
class Piece:
    """The fees of principals above `low`: `level`, with the `price` of the one fee that moves.

    Where several do there are `terms` to work out instead.
    """

    low: int
    level: int
    price: Price | None
    terms: tuple[Term, ...] | None


@dataclass(frozen=True, slots=True)
class Curve:
    """`highs` are the upper edges (counted in) of the `pieces` found so far, ascending.

    The last piece is a sentinel that no principal is above, so a search always ends on a piece.
    """

    steps: tuple[FeeStep, ...]
    lump: LumpSumRow | None
    highs: list[int] = field(default_factory=lambda: [ENDLESS])
    pieces: list[Piece] = field(default_factory=lambda: [Piece(ENDLESS, 0, None, None)])

    def find(self, principal: int, at: int) -> Piece:
        """The piece that holds the principal, kept at place `at` for the next one like it."""
        terms = tuple(
            Term(
                step.tariff.price(principal),
                step.includes,
                None if step.cap is None else tuple((each.price(principal), n) for each, n in step.cap),
            )
            for step in self.steps
        )
        prices = [price for term in terms for price in term.prices]
        low = max((price.low for price in prices), default=0)
        high = min((price.high for price in prices), default=ENDLESS - 1)
        if self.lump is not None:
            line = band_line(self.lump.bands, principal)[1]
            low, high = max(low, line.low), min(high, line.high)
        piece = self._piece(low, high, principal, terms)
        self.highs.insert(at, min(high, ENDLESS - 1))
        self.pieces.insert(at, piece)
        return piece

    def moving_fees(self, principal: int, piece: Piece) -> int:
        """What a piece that is not level comes to, in minor units."""
        if piece.price is not None:
            return piece.level + piece.price.at(principal)
        return self.fees(principal, piece.terms or ())

    def _piece(self, low: int, high: int, principal: int, terms: tuple[Term, ...]) -> Piece:
        if not any(price.times for term in terms for price in term.prices):
            return Piece(low, self.fees(principal, terms), None, None)
        earning = [term for term in terms if term.price.at(high)]
        lump_is_apart = self.lump is None or not self.lump.offsets
        if len(earning) == 1 and lump_is_apart and earning[0].is_below_cap(low, high):
            price = earning[0].price
            return Piece(low, self.fees(principal, terms) - price.at(principal), price, None)
        return Piece(low, 0, None, terms)

    def fees(self, principal: int, terms: tuple[Term, ...]) -> int:
        """What the terms come to, in minor units, beside the lump sum or instead of it."""
        amounts: list[int] = []
        for term in terms:
            amounts.append(term.amount(principal, amounts))
        if self.lump is None:
            return sum(amounts)
        lump = max(band_line(self.lump.bands, principal)[0].amount.minor, 0)
        return max(sum(amounts), lump) if self.lump.offsets else sum(amounts) + lump
