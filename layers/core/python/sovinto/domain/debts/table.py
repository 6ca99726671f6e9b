"""The debt at a date for many cases: `debt_on` without its explanations, as integers from tables."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date

from sovinto.domain.debt import debt_on
from sovinto.domain.debtor import DebtorType
from sovinto.domain.debts.curve import Curve, Piece
from sovinto.domain.debts.ladder import LadderTable, ladder_table
from sovinto.domain.debts.rates import RateTable, rate_table
from sovinto.domain.law.fee_facts import FeeFacts
from sovinto.domain.law.kinds import ClaimKind
from sovinto.domain.law.model import Pack
from sovinto.domain.money import Money
from sovinto.errors import LawMissing

# Of the due dates of a run: before which day (an ordinal) it ends; the weight of a day and the last
# day of the first segment; the weights of the others (None: by year); the curve of the fees (None: ask
# `debt_on`), its edges and its pieces.
Run = tuple[int, int, int, "tuple[int, ...] | None", "Curve | None", list[int], list[Piece]]
_BEFORE_ALL: Run = (0, 0, 0, (), None, [], [])


@dataclass(frozen=True, slots=True)
class DebtTable:
    """What claims of one country and kind of debtor come to on one day, by due date and principal.

    Due dates that the law treats alike make a run, worked out when it is first asked for and kept. It
    never guesses: what its integers cannot tell (a missing rule, a negative rate, no principal) it
    asks of `debt_on`, which answers or refuses.
    """

    pack: Pack
    facts: FeeFacts
    on: date
    rates: RateTable
    ladder: LadderTable
    half: int
    begins: list[int] = field(default_factory=lambda: [0])
    runs: list[Run] = field(default_factory=lambda: [_BEFORE_ALL])
    years: dict[date, tuple[tuple[int, ...], ...]] = field(default_factory=dict)

    def owed(self, due_on: date, principal: int) -> tuple[int, int]:
        """Interest and fees in minor units, for a principal in minor units.

        Equal to `debt_on` to the minor unit: each segment of the interest is rounded half up on its
        own, as the letter itemises it. Raises LawMissing and InvalidInput as `debt_on` does.
        """
        due = due_on.toordinal()
        end, per_day, last, rest, curve, highs, pieces = self.runs[bisect_right(self.begins, due) - 1]
        if due >= end:
            try:
                _, per_day, last, rest, curve, highs, pieces = self._run(due)
            except LawMissing:
                # Several rules may be missing: the engine says which of them comes first.
                return self._explained(due_on, principal)
        if curve is None or principal < 1:
            return self._explained(due_on, principal)
        half = self.half
        double = half + half
        if rest is None:
            interest = self._yearly(due_on, principal)
        else:
            interest = (principal * per_day * (last - due) + half) // double
            for weight in rest:
                interest += (principal * weight + half) // double
        at = bisect_left(highs, principal)
        piece = pieces[at]
        if principal <= piece.low:
            piece = curve.find(principal, at)
        if piece.price is None and piece.terms is None:
            return interest, piece.level
        return interest, curve.moving_fees(principal, piece)

    def _yearly(self, due_on: date, principal: int) -> int:
        years = self.years.get(due_on)
        if years is None:
            years = self.years[due_on] = self.rates.years(due_on)
        interest, half = 0, self.half
        for year in years:
            base = principal + interest
            for weight in year:
                interest += (base * weight + half) // (half + half)
        return interest

    def _run(self, due: int) -> Run:
        rates, fees = self.rates.run(due), self.ladder.run(due)
        at = bisect_right(self.begins, due)
        # Runs never overlap, so that the last one to begin before a due date is the one that has it.
        begin = max(rates.begin, fees.begin, self.runs[at - 1][0])
        end = min(rates.end, fees.end, *self.begins[at : at + 1])
        curve = None if rates.is_open else fees.curve
        highs, pieces = ([], []) if curve is None else (curve.highs, curve.pieces)
        rest = None if rates.is_yearly else rates.rest
        run: Run = (end, rates.per_day, rates.last, rest, curve, highs, pieces)
        self.begins.insert(at, begin)
        self.runs.insert(at, run)
        return run

    def _explained(self, due_on: date, principal: int) -> tuple[int, int]:
        facts = FeeFacts(
            self.facts.debtor_type,
            Money(principal, self.pack.currency),
            self.facts.claim_kind,
            self.facts.is_vat_deductible,
        )
        debt = debt_on(self.pack, facts, due_on=due_on, on=self.on)
        return debt.interest.total.minor, debt.fee_total.minor


def debt_table(
    pack: Pack,
    *,
    debtor_type: DebtorType,
    on: date,
    claim_kind: ClaimKind = ClaimKind.ORDINARY,
    is_vat_deductible: bool = True,
) -> DebtTable:
    """A table of what is owed on `on`; what the law does not cover is refused when it is asked for."""
    facts = FeeFacts(debtor_type, Money(1, pack.currency), claim_kind, is_vat_deductible)
    rates = rate_table(pack, debtor_type, on)
    return DebtTable(pack, facts, on, rates, ladder_table(pack, facts, on), rates.half)
