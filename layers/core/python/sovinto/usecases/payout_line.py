"""Which awaited payout a bank line is: by a name of it, by its provider and sum, or by a person's word."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sovinto.domain.money import Money
from sovinto.errors import InvalidInput, NotFound
from sovinto.ids import PaymentId
from sovinto.ports import Book, Cases, Clock
from sovinto.usecases.payouts import Payout, awaited, cleared, expected
from sovinto.usecases.suspense_rows import committed_once, is_settled, row_of, settled_event, settling

if TYPE_CHECKING:
    # It loads the readers of statements, which the desk can do without.
    from sovinto.usecases.bank_line import BankLine

PROVIDERS = ("stripe", "paytrail")
"""Each pays out under its own name."""


def payout_of(line: BankLine, cases: Cases) -> Payout | None:
    """The payout of just this sum that the line names.

    Stripe's lines carry no name of the payout: there it is the only one of this sum that Stripe, by whose
    name the money comes, has announced and not paid yet.
    """
    named = (expected(name, cases) for name in line.payout_names)
    found = next((one for one in named if one is not None and one.is_of(line.amount)), None)
    return found or _by_sum(line.found.counterparty or "", line.amount, cases)


def _by_sum(payer: str, amount: Money, cases: Cases) -> Payout | None:
    first = "".join(sign if sign.isalnum() else " " for sign in payer.casefold()).split()[:1]
    provider = next((name for name in PROVIDERS if [name] == first), None)
    found = awaited(provider, amount, cases) if provider is not None else ()
    return found[0] if len(found) == 1 else None


def recognise_payout(
    payment_id: PaymentId, payout_id: str, *, by: str, book: Book, cases: Cases, clock: Clock
) -> bool:
    """A person says that this money in suspense is that payout. True where it was said before.

    Raises NotFound for a payout that is not awaited, InvalidInput for another sum than it has, RuleRefused
    for money that found another owner.
    """
    told = f"payout|{payout_id}"
    if is_settled(payment_id, told, cases):
        return True
    row, payout = row_of(payment_id, book), expected(payout_id, cases)
    if payout is None:
        raise NotFound(
            f"payout {payout_id} is not awaited: it was never told, is held, or is on the bank account"
        )
    amount = row.payment.amount
    if not payout.is_of(amount):
        raise InvalidInput(
            f"payout_id must be a payout of {amount.decimal()} {amount.currency}, the sum of this money",
            field="payout_id",
        )
    change = cleared(payout, row, clock)
    change = replace(
        change,
        guards=(*change.guards, settling(payment_id, told)),
        events=(settled_event(row, "payout", by, clock),),
    )
    return committed_once(change, payment_id, told, cases)
