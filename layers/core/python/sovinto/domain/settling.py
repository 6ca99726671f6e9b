"""Paying what a letter asks by its date settles the debt: interest does not run on in between."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sovinto.domain import accounts
from sovinto.domain.case import Case
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.communication import Communication
from sovinto.domain.facts import Facts, Rules, paid
from sovinto.domain.ledger import Entry, Line, balance_of, debtor_account
from sovinto.domain.letter import Letter
from sovinto.domain.money import Money
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


def covered_since(facts: Facts, moment: datetime) -> Money:
    """What an instalment need not ask for any more: payments since `moment`, and all else, such as a
    credit note with its interest and fees, by which the debt is lower than it was then.

    A payment from before `moment` that went back since takes nothing off: it never counted.
    """
    case = facts.case
    before = [entry for entry in facts.entries if entry.posted_at <= moment]
    known = {entry.entry_id for entry in before}
    after = [entry for entry in facts.entries if entry.posted_at > moment]
    gone = [entry for entry in after if entry.kind == "payment_reversed" and entry.reverses in known]
    was = balance_of(case.case_id, case.currency, [*before, *gone]).total
    since = paid(case.currency, [entry for entry in after if entry not in gone])
    return max(since, was - facts.balance.total)


def is_rest_tolerated(facts: Facts, rules: Rules) -> bool:
    """Whether all that is left at the end of the plan is within the tolerance for its last instalment."""
    plan, rest = facts.case.plan, facts.balance.total
    if plan is None:
        return False
    return rules.policy.plan.is_paid(Money.zero(rest.currency), rest, plan.instalments[-1].amount)


def surplus_given_back(
    case: Case, entries: Iterable[Entry], occasion: Occasion, on: date
) -> tuple[Entry, ...]:
    """A debt below zero when the case closes: the debtor's credit becomes a refund that we owe.

    The client got, or will get, what was paid too much, so the client owes it to us. Nothing where the
    debtor has no credit on the whole.
    """
    balance = balance_of(case.case_id, case.currency, entries)
    if balance.total.minor >= 0:
        return ()
    legs = [Line(debtor_account(case.case_id, c), -balance.of(c)) for c in ClaimClass if balance.of(c)]
    legs += [
        Line(accounts.client_claims(case.client_id), balance.total),
        Line(accounts.client_invoiced(case.client_id), -balance.total),
        Line(accounts.refunds(case.case_id), balance.total),
    ]
    entry = Entry(
        entry_id=occasion.entry_id("payment_reversed", "surplus"),
        kind="payment_reversed",
        posted_at=occasion.at,
        value_on=on,
        lines=tuple(legs),
        event_id=occasion.event_id,
        case_id=case.case_id,
    )
    return (entry,)


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
