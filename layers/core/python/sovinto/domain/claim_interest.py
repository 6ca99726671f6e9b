"""Interest claim by claim, from what the ledger says was outstanding on which day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sovinto.domain.case import Case, Claim
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.hold import Hold
from sovinto.domain.law.interest import InterestResult, accrue
from sovinto.domain.law.model import Pack
from sovinto.domain.ledger import Entry, debtor_account
from sovinto.domain.money import Money


def claim_interest(
    case: Case, entries: Sequence[Entry], pack: Pack, *, until: date
) -> tuple[tuple[Claim, InterestResult], ...]:
    """Each claim with its interest through `until` (inclusive). Raises LawMissing."""
    paid = _interest_paid(case, entries)
    weights = [claim.principal.minor for claim in case.claims]
    return tuple(
        (
            claim,
            accrue(
                pack,
                debtor_type=case.debtor.debtor_type,
                due_on=claim.due_on,
                principal_history=without_paused_days(history, case.holds, until),
                until=until,
                interest_paid=[
                    (on, amount.share(weights)[case.claims.index(claim)]) for on, amount in paid
                ],
            ),
        )
        for claim, history in principal_histories(case, entries)
    )


def without_paused_days(
    history: Sequence[tuple[date, Money]], holds: Sequence[Hold], until: date
) -> tuple[tuple[date, Money], ...]:
    """The history with nothing outstanding on days on which a hold stops interest, back-dated or not."""
    pausing = [hold for hold in holds if hold.stops_interest]
    if not pausing:
        return tuple(history)
    ends = [(hold.last_on or until) + timedelta(days=1) for hold in pausing]
    first, nothing = history[0][0], Money.zero(history[0][1].currency)
    days = {day for day, _ in history} | {hold.from_on for hold in pausing} | set(ends)

    def outstanding(day: date) -> Money:
        if any(hold.covers(day) for hold in pausing):
            return nothing
        return [amount for on, amount in history if on <= day][-1]

    return tuple((day, outstanding(day)) for day in sorted(days) if day >= first)


def _interest_paid(case: Case, entries: Sequence[Entry]) -> list[tuple[date, Money]]:
    """What payments took off interest, by value date; shared by principal where claims are several.

    Only laws that compound by year ask for it.
    """
    account = debtor_account(case.case_id, ClaimClass.INTEREST)
    return [
        (entry.value_on, -entry.amount_on(account, case.currency))
        for entry in entries
        if entry.kind in ("payment_allocated", "payment_reversed")
        and entry.amount_on(account, case.currency)
    ]


def principal_histories(
    case: Case, entries: Sequence[Entry]
) -> tuple[tuple[Claim, tuple[tuple[date, Money], ...]], ...]:
    """For each claim: what was outstanding from which day on. Payments fill the oldest claim first.

    A payment with value date d is still owed on d itself; the reduced principal counts from d + 1.
    """
    account = debtor_account(case.case_id, ClaimClass.PRINCIPAL)
    paid = sorted(
        (
            (entry.value_on, -entry.amount_on(account, case.currency).minor)
            for entry in entries
            if entry.kind != "claim_placed" and entry.amount_on(account, case.currency)
        ),
    )
    remaining = {claim.invoice_number: claim.principal.minor for claim in case.claims}
    claims = sorted(case.claims, key=lambda claim: (claim.due_on, claim.invoice_number))
    histories = {
        claim.invoice_number: [(claim.due_on + timedelta(days=1), claim.principal)] for claim in claims
    }
    for on, amount in paid:
        rest = amount
        for claim in claims:
            taken = min(rest, remaining[claim.invoice_number])
            if taken == 0:
                continue
            remaining[claim.invoice_number] -= taken
            rest -= taken
            outstanding = Money(remaining[claim.invoice_number], case.currency)
            histories[claim.invoice_number].append((on + timedelta(days=1), outstanding))
    return tuple((claim, _in_order(histories[claim.invoice_number])) for claim in claims)


def _in_order(history: list[tuple[date, Money]]) -> tuple[tuple[date, Money], ...]:
    """A payment before or on the due day lowers the principal from the first interest day on."""
    first = history[0][0]
    by_day: dict[date, Money] = {}
    for on, outstanding in history:
        by_day[max(on, first)] = outstanding
    return tuple(sorted(by_day.items()))
