"""Interest claim by claim, from what the ledger says was outstanding on which day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from sovinto.domain.case import Case, Claim
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.law.interest import InterestResult, accrue
from sovinto.domain.law.model import Pack
from sovinto.domain.ledger import Entry, debtor_account
from sovinto.domain.money import Money


def claim_interest(
    case: Case, entries: Sequence[Entry], pack: Pack, *, until: date
) -> tuple[tuple[Claim, InterestResult], ...]:
    """Each claim with its interest through `until` (inclusive). Raises LawMissing."""
    paid = _interest_paid(case, entries)
    return tuple(
        (
            claim,
            accrue(
                pack,
                debtor_type=case.debtor.debtor_type,
                due_on=claim.due_on,
                principal_history=history,
                until=until,
                interest_paid=paid[claim.invoice_number],
            ),
        )
        for claim, history in principal_histories(case, entries)
    )


def _interest_paid(case: Case, entries: Sequence[Entry]) -> dict[str, list[tuple[date, Money]]]:
    """What payments took off the interest of each claim, by value date: oldest claim first, each up to
    what was posted for it by then. Only laws that compound by year ask for it."""
    account = debtor_account(case.case_id, ClaimClass.INTEREST)
    claims = [c.invoice_number for c in sorted(case.claims, key=lambda c: (c.due_on, c.invoice_number))]
    open_minor = dict.fromkeys(claims, 0)
    found: dict[str, list[tuple[date, Money]]] = {name: [] for name in claims}
    for entry in entries:
        minor = entry.amount_on(account, case.currency).minor
        if entry.kind == "interest_accrued":
            open_minor[entry.label] += minor
        elif minor and entry.kind in ("payment_allocated", "payment_reversed"):
            for name, part in _shares(-minor, open_minor):
                open_minor[name] -= part
                found[name].append((entry.value_on, Money(part, case.currency)))
    return found


def _shares(minor: int, open_minor: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """A payment fills claims in their order; what is left, or given back, falls on the last one."""
    *names, last = open_minor
    for name in names:
        part = min(minor, max(open_minor[name], 0)) if minor > 0 else 0
        if part:
            yield name, part
            minor -= part
    if minor:
        yield last, minor


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
