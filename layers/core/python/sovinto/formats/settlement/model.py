"""Settlement reports of payment providers, whatever their format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sovinto.domain.money import Money, total
from sovinto.formats.statement.model import HOLDING, Problem


class LineKind(StrEnum):
    """What happened to the money, in our words."""

    PAYMENT = "payment"
    REFUND = "refund"
    CHARGEBACK = "chargeback"
    FEE = "fee"
    PAYOUT = "payout"
    TRANSFER = "transfer"
    CONVERSION = "conversion"
    HOLD = "hold"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Fee:
    """One charge of the provider; `amount` is negative for a cost, in the currency of the net."""

    name: str
    amount: Money


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """One row of the report. Amounts are signed from our side: money to us is positive.

    `gross` is what the payer paid, perhaps in another currency than `net`; None for a pure fee, a
    payout or a transfer. `word` is the provider's own name of the kind, `batch` its settlement.
    """

    row: int
    kind: LineKind
    word: str
    happened_on: date | None
    reference: str | None
    related: str | None
    our_reference: str | None
    counterparty: str | None
    gross: Money | None
    fees: tuple[Fee, ...]
    net: Money
    batch: str | None
    is_final: bool

    @property
    def fee(self) -> Money:
        """All charges together, negative for a cost."""
        return total((fee.amount for fee in self.fees), self.net.currency)


@dataclass(frozen=True, slots=True)
class SettlementReport:
    """`account` is the provider's name of our account. `opening` and `closing` are by currency."""

    format: str
    account: str
    lines: tuple[SettlementLine, ...]
    balances: tuple[tuple[Money, Money], ...]
    problems: tuple[Problem, ...]

    @property
    def is_held(self) -> bool:
        """True when nothing of the report may be used until a person has looked."""
        return any(problem.code in HOLDING for problem in self.problems)

    def currencies(self) -> tuple[str, ...]:
        """The currencies of the nets, in the order in which they first appear."""
        return tuple(dict.fromkeys(line.net.currency for line in self.lines))

    def net(self, currency: str) -> Money:
        """What all lines in that currency come to."""
        return total((line.net for line in self.lines if line.net.currency == currency), currency)
