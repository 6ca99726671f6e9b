"""Money whose owner is unknown: how long it has waited, and how it is shared out when it is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sovinto.domain.money import Money, total
from sovinto.domain.payment import UnallocatedPayment
from sovinto.errors import InvalidInput
from sovinto.ids import CaseId, PaymentId, derived

MOST_SHARES = 20
AGES = ((7, "0-7 days"), (30, "8-30 days"))
OLD = "over 30 days"


def age(received_on: date, today: date) -> tuple[int, str]:
    """Whole days since the money came, and the bracket that shows it. Both are days of one calendar."""
    days = max((today - received_on).days, 0)
    return days, next((name for most, name in AGES if days <= most), OLD)


def parts_of(
    waiting: UnallocatedPayment, shares: Sequence[tuple[CaseId, Money]]
) -> tuple[UnallocatedPayment, ...]:
    """The same money in parts, each meant for a case of its own. Together they are the whole.

    Raises InvalidInput where they are not, or a case is named twice.
    """
    whole = waiting.payment.amount
    if not 2 <= len(shares) <= MOST_SHARES:
        raise InvalidInput(f"shares must be 2 to {MOST_SHARES}; post the money to one case", field="shares")
    if len({case_id for case_id, _ in shares}) < len(shares):
        raise InvalidInput("shares must name each case once; add up what is for one case", field="shares")
    if any(amount.minor <= 0 or amount.currency != whole.currency for _, amount in shares):
        raise InvalidInput(f"each share must be above zero and in {whole.currency}", field="shares")
    given = total((amount for _, amount in shares), whole.currency)
    if given != whole:
        raise InvalidInput(
            f"shares must add up to {whole.decimal()}, not {given.decimal()}; correct them", field="shares"
        )
    return tuple(_part(waiting, case_id, amount) for case_id, amount in shares)


def part_name(payment_id: PaymentId, case_id: CaseId) -> PaymentId:
    """The part of that payment which was meant for the case."""
    return PaymentId(derived("pay", "part", payment_id, case_id))


def _part(waiting: UnallocatedPayment, case_id: CaseId, amount: Money) -> UnallocatedPayment:
    first = waiting.payment
    part_id = part_name(first.payment_id, case_id)
    return replace(
        waiting,
        payment=replace(first, payment_id=part_id, amount=amount),
        reason="part of a transfer for several cases",
        end_to_end_id="",
        suggestions=(),
        meant_for=case_id,
        part_of=first.payment_id,
    )
