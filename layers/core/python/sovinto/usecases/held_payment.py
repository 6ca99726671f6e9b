"""A card payment with another sum than its page was opened for: held, until a person takes it as it is."""

from __future__ import annotations

from contextlib import suppress

from sovinto.domain.money import Money
from sovinto.domain.payment import Attempt
from sovinto.errors import AlreadyStored, InvalidInput, NotFound
from sovinto.ids import CaseId, PaymentId, derived
from sovinto.ports import Cases, Change, Guard

PAYMENT_HELD = "PAYMENT_HELD"
PAYMENT_TAKEN = "PAYMENT_TAKEN"


class OtherSum(InvalidInput):
    """Paid with another sum or currency than was asked for."""

    code = "other_sum"


def check_sum(attempt: Attempt, paid: Money, cases: Cases) -> None:
    """Raises OtherSum, and keeps why for people, each reason once; not where a person took that sum."""
    if paid == attempt.amount or _taken(attempt.payment_id, cases) == _text(paid):
        return
    held = _held(attempt, paid)
    with suppress(AlreadyStored):
        cases.commit(Change(guards=(held,)))
    raise OtherSum(held.payload)


def take_held(payment_id: PaymentId, case_id: CaseId, paid: Money, *, by: str, cases: Cases) -> bool:
    """What the provider told is right after all: told again, it is booked. True where it was taken before.

    Raises NotFound for a payment that was not begun for this case, InvalidInput for a sum that is not held,
    or in another currency than the case: that has to go back at the provider.
    """
    attempt = cases.attempt(payment_id)
    if attempt is None or attempt.case_id != case_id:
        raise NotFound(f"payment {payment_id} was not begun at a provider's page for case {case_id}")
    held = _held(attempt, paid)
    if paid == attempt.amount or cases.guard(held.scope, held.key) is None:
        raise InvalidInput("amount must be the sum that the provider told and that is held", field="amount")
    if paid.currency != attempt.amount.currency:
        raise InvalidInput(
            f"currency must be {attempt.amount.currency}; give this money back at the provider",
            field="currency",
        )
    try:
        cases.commit(Change(guards=(Guard(PAYMENT_TAKEN, payment_id, f"{_text(paid)}|{by}"),)))
    except AlreadyStored:
        if _taken(payment_id, cases) == _text(paid):
            return True
        raise
    return False


def _held(attempt: Attempt, paid: Money) -> Guard:
    asked = attempt.amount
    reason = (
        f"payment {attempt.payment_id} is {paid.decimal()} {paid.currency} at the provider, and "
        f"{asked.decimal()} {asked.currency} was asked for"
    )
    return Guard(PAYMENT_HELD, f"{attempt.payment_id}/{derived('why', reason)}", reason)


def _taken(payment_id: PaymentId, cases: Cases) -> str:
    return (cases.guard(PAYMENT_TAKEN, payment_id) or "").partition("|")[0]


def _text(amount: Money) -> str:
    return f"{amount.minor}{amount.currency}"
