"""An invoice or credit note as it was issued, and what has become of it since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sovinto.domain import accounts
from sovinto.domain.invoice import FeeInvoice, FeeInvoiceLine, Preceding
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput, RuleRefused

SETUP_FEE, LEGAL_FEE = "setup_fee", "legal_fee"
COMMISSION, COMMISSION_REST, COMMISSION_BACK = "commission", "commission_rest", "commission_back"
_INCOME = {
    SETUP_FEE: accounts.INCOME_SETUP,
    LEGAL_FEE: accounts.INCOME_LEGAL,
    COMMISSION: accounts.INCOME_COMMISSION,
    COMMISSION_REST: accounts.INCOME_COMMISSION,
    COMMISSION_BACK: accounts.INCOME_COMMISSION,
}


@dataclass(frozen=True, slots=True)
class IssuedInvoice:
    """`cause` is the month ("2026-01") or the reason of a credit note. `credited` and `paid` count VAT in;
    `credited_net` has minor units without VAT for each line. `reminders` were sent, the last on
    `reminded_on`; `is_reminding` while one is on its way. One that changed has a higher `revision`."""

    invoice: FeeInvoice
    document_id: str
    cause: str
    paid: Money
    credited: Money
    credited_net: tuple[int, ...]
    revision: int = 1
    reminders: int = 0
    reminded_on: date | None = None
    is_reminding: bool = False
    is_escalated: bool = False

    @classmethod
    def new(cls, invoice: FeeInvoice, document_id: str, cause: str) -> IssuedInvoice:
        zero = Money.zero(invoice.currency)
        return cls(invoice, document_id, cause, zero, zero, (0,) * len(invoice.lines))

    @property
    def number(self) -> int:
        return self.invoice.number

    @property
    def left(self) -> Money:
        """What the client has yet to pay; below zero it is owed back."""
        if self.invoice.is_credit_note:
            return Money.zero(self.invoice.currency)
        return self.invoice.gross - self.credited - self.paid

    @property
    def is_unpaid(self) -> bool:
        return self.left.minor > 0

    def creditable(self, at: int) -> Money:
        """Without VAT, what of line `at` (from 0) was not taken back yet."""
        line = self.invoice.lines[at]
        return line.net - Money(self.credited_net[at], self.invoice.currency)

    def with_payment(self, amount: Money) -> IssuedInvoice:
        return replace(self, paid=self.paid + amount, revision=self.revision + 1)

    def with_credit(
        self, note: FeeInvoice, parts: Sequence[tuple[int, Money]], more: Money
    ) -> IssuedInvoice:
        """`more` is the cent that rounding the tax of several notes leaves of the invoice's own tax."""
        nets = list(self.credited_net)
        for at, net in parts:
            nets[at] += net.minor
        return replace(
            self,
            credited=self.credited + note.gross + more,
            credited_net=tuple(nets),
            revision=self.revision + 1,
        )


def income_account(line: FeeInvoiceLine) -> str:
    """Where its net is booked. Raises InvalidInput for a line of no kind that we invoice."""
    if line.text not in _INCOME:
        raise InvalidInput(f"line {line.text!r} is none of {', '.join(_INCOME)}", field="lines")
    return _INCOME[line.text]


def parts_to_credit(
    issued: IssuedInvoice, wanted: Sequence[tuple[int, Money]] | None
) -> tuple[tuple[int, Money], ...]:
    """The lines to take back with their net amounts; None is all that is left of each.

    Raises InvalidInput for a line that is not there or an amount above what is left of it, RuleRefused
    for a credit note or where nothing is left.
    """
    if issued.invoice.is_credit_note:
        raise RuleRefused(f"{issued.number} is a credit note; credit the invoice that it takes back")
    everything = [(at, issued.creditable(at)) for at in range(len(issued.invoice.lines))]
    left = [(at, net) for at, net in everything if net]
    if not left:
        raise RuleRefused(f"all of invoice {issued.number} has been credited")
    for at, net in wanted or ():
        most = dict(left).get(at)
        if most is None or not 0 < net.minor <= most.minor:
            limit = most.decimal() if most else "nothing"
            raise InvalidInput(
                f"line {at + 1}: {net.decimal()} cannot be credited; {limit} is left of it without VAT",
                field="lines",
            )
    if wanted is not None and (not wanted or len({at for at, _ in wanted}) != len(wanted)):
        raise InvalidInput("lines must name at least one line, and each once", field="lines")
    return tuple(left if wanted is None else wanted)


def credit_note_of(
    issued: IssuedInvoice,
    parts: Sequence[tuple[int, Money]],
    *,
    number: int,
    on: date,
    reason: str,
    facts: tuple[tuple[str, str], ...] | None = None,
) -> FeeInvoice:
    """At the tax of the invoice it takes back; `facts` replace those of its lines (COMMISSION_BACK)."""
    before = issued.invoice
    return replace(
        before,
        number=number,
        invoiced_on=on,
        due_on=on,
        lines=tuple(_credited(before.lines[at], net, facts) for at, net in parts),
        credits=Preceding(before.number, before.invoiced_on),
        note=reason,
    )


def _credited(
    line: FeeInvoiceLine, net: Money, facts: tuple[tuple[str, str], ...] | None
) -> FeeInvoiceLine:
    if facts is not None:
        return replace(line, text=COMMISSION_BACK, quantity=1, unit_price=net, facts=facts)
    return line if net == line.net else replace(line, quantity=1, unit_price=net)
