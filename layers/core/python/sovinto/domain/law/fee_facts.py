"""What bears on one fee, and the answer about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sovinto.domain.debtor import DebtorType
from sovinto.domain.explanation import Explanation
from sovinto.domain.law.kinds import FeeKind, Sender
from sovinto.domain.law.model import Pack, in_force
from sovinto.domain.law.rows import Band, FeeRow
from sovinto.domain.law.waits import SentLetter
from sovinto.domain.money import Money, total


@dataclass(frozen=True, slots=True)
class ChargedFee:
    """A fee this claim carries already; reversed fees are left out."""

    kind: FeeKind
    on: date
    amount: Money
    sender: Sender = Sender.AGENCY


@dataclass(frozen=True, slots=True)
class FeeDecision:
    """`amount` may be charged; when it is less than the tariff, `reason` says why in one sentence."""

    amount: Money
    explanation: Explanation
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FeeQuestion:
    """One fee in question, with all the facts that limit it."""

    pack: Pack
    kind: FeeKind
    debtor_type: DebtorType
    sender: Sender
    principal: Money
    on: date
    charged: tuple[ChargedFee, ...]
    instalments: int
    due_on: date | None
    invoiced_on: date | None
    sent: tuple[SentLetter, ...]

    @property
    def charged_total(self) -> Money:
        return total((fee.amount for fee in self.charged), self.pack.currency)

    @property
    def earned(self) -> tuple[ChargedFee, ...]:
        """The fees charged for work done, apart from a lump sum."""
        return tuple(fee for fee in self.charged if fee.kind is not FeeKind.LUMP_SUM)

    @property
    def nothing(self) -> Money:
        return Money.zero(self.pack.currency)


def tariff_row(question: FeeQuestion, kind: FeeKind, sender: Sender, on: date) -> FeeRow:
    """The tariff for a kind of fee by its sender. Raises LawMissing."""
    rows = [row for row in question.pack.fees if row.kind is kind and sender in row.senders]
    what = f"a {kind.value} sent by the {sender.value}"
    return in_force(rows, debtor_type=question.debtor_type, on=on, what=what)


def amount_in_band(bands: tuple[Band, ...], principal: Money, instalments: int = 0) -> Money:
    """The amount of the first band that fits; the loader makes sure that one does."""
    return next(band.amount for band in bands if band.fits(principal, instalments))
