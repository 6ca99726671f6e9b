"""A provider's payout, line by line: gross less fees, refunds and chargebacks is what reaches the bank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sovinto.domain import accounts
from sovinto.domain.ledger import Line
from sovinto.domain.money import Money, total
from sovinto.ids import PaymentId


class SettledKind(StrEnum):
    """What a line of a payout is.

    `carried` is an earlier payout that failed: its money comes with this one. A `reserve` is kept back by
    the provider (negative) or let go (positive); an `adjustment` is money that belongs to no payment.
    """

    PAYMENT = "payment"
    REFUND = "refund"
    REFUND_RETURNED = "refund_returned"
    CHARGEBACK = "chargeback"
    CHARGEBACK_RETURNED = "chargeback_returned"
    FEE = "fee"
    ADJUSTMENT = "adjustment"
    RESERVE = "reserve"
    CARRIED = "carried"


OF_A_PAYMENT = frozenset(
    {
        SettledKind.PAYMENT,
        SettledKind.REFUND,
        SettledKind.REFUND_RETURNED,
        SettledKind.CHARGEBACK,
        SettledKind.CHARGEBACK_RETURNED,
    }
)
_OUT = frozenset({SettledKind.REFUND, SettledKind.CHARGEBACK})


@dataclass(frozen=True, slots=True)
class SettledLine:
    """`gross` is signed from our side; `fee` is what the provider keeps of it (positive for a cost).

    `payment_id` or the provider's `charge_id` names the payment; `cause_id` the refund, the dispute or the
    earlier payout; `word` is the provider's own name of the kind.
    """

    line_id: str
    kind: SettledKind
    gross: Money
    fee: Money
    payment_id: PaymentId | None = None
    charge_id: str = ""
    cause_id: str = ""
    word: str = ""
    happened_at: datetime | None = None

    @property
    def net(self) -> Money:
        return self.gross - self.fee


@dataclass(frozen=True, slots=True)
class Settlement:
    """`amount` is what the provider says that it pays; None where only the bank line will tell.

    `is_final` is False while the provider still collects lines, or the payout is not on its way.
    """

    payout_id: str
    currency: str
    amount: Money | None
    paid_on: date
    lines: tuple[SettledLine, ...]
    is_final: bool = True

    @property
    def net(self) -> Money:
        """What all lines come to. Raises InvalidInput where they are of several currencies."""
        return total((line.net for line in self.lines), self.currency)


@dataclass(frozen=True, slots=True)
class Explained:
    """The payout as a sum: gross - fees - refunds - chargebacks + adjustments = net, all in minor units.

    Refunds and chargebacks are net of those that came back; reserves and carried payouts are in
    `adjustments` here, though each has its own account.
    """

    currency: str
    gross: int
    fees: int
    refunds: int
    chargebacks: int
    adjustments: int

    @property
    def net(self) -> int:
        return self.gross - self.fees - self.refunds - self.chargebacks + self.adjustments

    def text(self) -> str:
        """One line for the record: every part in minor units."""
        parts = (self.gross, self.fees, self.refunds, self.chargebacks, self.adjustments, self.net)
        names = ("gross", "fees", "refunds", "chargebacks", "adjustments", "net")
        said = " ".join(f"{name}={value}" for name, value in zip(names, parts, strict=True))
        return f"{said} {self.currency}"


def why_held(settlement: Settlement) -> str:
    """Why nothing of it may be booked, in one sentence with the difference; empty where it adds up."""
    for line in settlement.lines:
        strange = {line.gross.currency, line.fee.currency} - {settlement.currency}
        if strange:
            found = ", ".join(sorted(strange))
            return f"line {line.line_id} is in {found}, the payout in {settlement.currency}"
        if line.kind in OF_A_PAYMENT and (line.gross.minor < 0) != (line.kind in _OUT):
            return f"line {line.line_id} is a {line.kind.value} of {line.gross.decimal()}"
    twice = _repeated(line.line_id for line in settlement.lines)
    if twice:
        return f"line {twice} is in the payout twice"
    if settlement.amount is None or settlement.amount == settlement.net:
        return ""
    if settlement.amount.currency != settlement.currency:
        return f"the payout is in {settlement.amount.currency}, its lines in {settlement.currency}"
    difference = settlement.amount - settlement.net
    return (
        f"the payout is {settlement.amount.decimal()} {settlement.currency}, its lines come to "
        f"{settlement.net.decimal()}: {difference.decimal()} is not explained"
    )


def explained(settlement: Settlement) -> Explained:
    """The sum of a settlement that adds up (`why_held` is empty)."""

    def gross(*kinds: SettledKind) -> int:
        return sum(line.gross.minor for line in settlement.lines if line.kind in kinds)

    return Explained(
        currency=settlement.currency,
        gross=gross(SettledKind.PAYMENT),
        fees=sum(line.fee.minor for line in settlement.lines) - gross(SettledKind.FEE),
        refunds=-gross(SettledKind.REFUND, SettledKind.REFUND_RETURNED),
        chargebacks=-gross(SettledKind.CHARGEBACK, SettledKind.CHARGEBACK_RETURNED),
        adjustments=gross(SettledKind.ADJUSTMENT, SettledKind.RESERVE, SettledKind.CARRIED),
    )


def costs(provider: str, settlement: Settlement) -> tuple[Line, ...]:
    """Fees, adjustments and reserves, out of the provider's account: what is no payment and no payout.

    Empty where there is none; the legs balance.
    """
    sums = explained(settlement)
    adjusted = sum(line.gross.minor for line in settlement.lines if line.kind is SettledKind.ADJUSTMENT)
    reserved = sum(line.gross.minor for line in settlement.lines if line.kind is SettledKind.RESERVE)
    legs = (
        (accounts.PSP_FEES, sums.fees),
        (accounts.PSP_ADJUSTMENTS, -adjusted),
        (accounts.psp_reserve(provider), -reserved),
        (accounts.psp(provider), adjusted + reserved - sums.fees),
    )
    return tuple(Line(account, Money(minor, settlement.currency)) for account, minor in legs if minor)


def members(settlement: Settlement) -> tuple[SettledLine, ...]:
    """The lines that move the money of a payment."""
    return tuple(line for line in settlement.lines if line.kind in OF_A_PAYMENT)


def _repeated(names: Iterable[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""
