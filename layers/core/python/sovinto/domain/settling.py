"""Paying what a letter asks by its date settles the debt: interest does not run on in between."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sovinto.domain.case import Case
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.communication import Communication
from sovinto.domain.ledger import Entry, balance_of
from sovinto.domain.letter import Letter
from sovinto.domain.payment import Payment
from sovinto.domain.posting import Occasion, charge


def billed_on(received: Payment, letters: Iterable[Letter]) -> date | None:
    """The day of the newest letter whose total this payment covers by that letter's own date.

    Policy, not law: a debtor who pays the sum on the letter in time owes no cents afterwards.
    None where no letter was followed like that.
    """
    covered = [
        letter.written_on
        for letter in letters
        if letter.written_on <= received.value_on <= letter.payment.pay_by
        and received.amount.minor >= letter.total.minor
    ]
    return max(covered, default=None)


def letters_sent(communications: Iterable[Communication]) -> tuple[Letter, ...]:
    """What the debtor was asked to pay; messages that were withheld asked nothing."""
    return tuple(
        item.letter
        for item in communications
        if item.letter is not None and item.audience == "debtor" and item.state.value != "withheld"
    )


def rest_waived(case: Case, entries: Iterable[Entry], occasion: Occasion, on: date) -> tuple[Entry, ...]:
    """What is left within the tolerance when a plan ends is not asked for: class by class, as credit."""
    balance = balance_of(case.case_id, case.currency, entries)
    rests = [(claim_class, balance.of(claim_class)) for claim_class in ClaimClass]
    return tuple(
        charge(
            case,
            occasion,
            claim_class=claim_class,
            kind="rest_waived",
            label=claim_class.value,
            amount=-rest,
            value_on=on,
        )
        for claim_class, rest in rests
        if rest
    )
