"""When a payment settles the debt although a small rest is left by the calendar or by rounding."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sovinto.domain.case import Case
from sovinto.domain.claim_class import Balance, ClaimClass
from sovinto.domain.communication import Communication
from sovinto.domain.explanation import Explanation
from sovinto.domain.ledger import Entry
from sovinto.domain.letter import Letter
from sovinto.domain.money import Money
from sovinto.domain.payment import Payment
from sovinto.domain.posting import Occasion, charge

_AS_BILLED = Explanation(
    rule_id="policy.paid_as_billed",
    statute="our policy, not law",
    formula="paid the total of the last letter by its date: interest that ran since is waived",
    certainty="statute",
)


def is_paid_as_billed(received: Payment, letters: Iterable[Letter]) -> bool:
    """True where the payment covers the total of a letter by that letter's own date."""
    return any(
        letter.written_on <= received.value_on <= letter.payment.pay_by
        and received.amount.minor >= letter.total.minor
        for letter in letters
    )


def letters_sent(communications: Iterable[Communication]) -> tuple[Letter, ...]:
    return tuple(
        item.letter
        for item in communications
        if item.letter is not None and item.audience == "debtor" and item.state.value != "withheld"
    )


def waive_rest(case: Case, rest: Balance, occasion: Occasion, *, on: date) -> tuple[Entry, ...]:
    """Interest that ran between letter and payment is taken back, class by class."""
    owed: tuple[tuple[ClaimClass, Money], ...] = tuple((c, rest.of(c)) for c in ClaimClass)
    return tuple(
        charge(
            case,
            occasion,
            claim_class=claim_class,
            kind="rest_waived",
            label=claim_class.value,
            amount=-amount,
            value_on=on,
            explanation=_AS_BILLED,
        )
        for claim_class, amount in owed
        if amount
    )
