"""Paying what a letter asks by its date settles the debt: interest does not run on in between."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sovinto.domain.communication import Communication
from sovinto.domain.letter import Letter
from sovinto.domain.payment import Payment


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
