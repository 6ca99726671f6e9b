"""Interest claim by claim, from what the ledger says was outstanding on which day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sovinto.domain.case import Case, Claim
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.hold import Hold
from sovinto.domain.law.interest import InterestResult, accrue
from sovinto.domain.law.model import Pack
from sovinto.domain.ledger import Entry, debtor_account
from sovinto.domain.money import Money
from sovinto.ids import EntryId

CREDIT_NOTE = "credit_note"
_PAYMENTS = ("payment_allocated", "payment_reversed")
_DAY = timedelta(days=1)


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
                principal_history=without_paused_days(history, case.holds, until),
                until=until,
                interest_paid=paid[claim.invoice_number],
            ),
        )
        for claim, history in principal_histories(case, entries)
    )


def without_paused_days(
    history: Sequence[tuple[date, Money]], holds: Sequence[Hold], until: date
) -> tuple[tuple[date, Money], ...]:
    """The history with nothing outstanding on days on which a hold stops interest, back-dated or not.

    Only the days count, not how many holds cover them nor in which order they came.
    """
    pausing = [hold for hold in holds if hold.stops_interest and not hold.is_void]
    if not pausing:
        return tuple(history)
    ends = [(hold.last_on or until) + _DAY for hold in pausing]
    first, nothing = history[0][0], Money.zero(history[0][1].currency)
    days = {day for day, _ in history} | {hold.from_on for hold in pausing} | set(ends)

    def outstanding(day: date) -> Money:
        if any(hold.covers(day) for hold in pausing):
            return nothing
        return [amount for on, amount in history if on <= day][-1]

    return _changes_only((day, outstanding(day)) for day in sorted(days) if day >= first)


def _changes_only(history: Iterable[tuple[date, Money]]) -> tuple[tuple[date, Money], ...]:
    """Each segment of interest is rounded once, so there is none where nothing changed."""
    kept: list[tuple[date, Money]] = []
    for day, amount in history:
        if not kept or kept[-1][1] != amount:
            kept.append((day, amount))
    return tuple(kept)


def _interest_paid(case: Case, entries: Sequence[Entry]) -> dict[str, list[tuple[date, Money]]]:
    """What payments took off the interest of each claim, by value date: oldest claim first, each up to
    what was posted for it by then. Only laws that compound by year ask for it."""
    account = debtor_account(case.case_id, ClaimClass.INTEREST)
    claims = [c.invoice_number for c in sorted(case.claims, key=lambda c: (c.due_on, c.invoice_number))]
    open_minor = dict.fromkeys(claims, 0)
    found: dict[str, list[tuple[date, Money]]] = {name: [] for name in claims}
    taken: dict[EntryId, list[tuple[str, int]]] = {}
    for entry in entries:
        minor = entry.amount_on(account, case.currency).minor
        if entry.kind == "interest_accrued":
            open_minor[entry.label] += minor
        elif minor and entry.kind in _PAYMENTS:
            before = taken.get(entry.reverses) if entry.reverses else None
            shares = _given_back(minor, before) if before else list(_shares(-minor, open_minor))
            taken[entry.entry_id] = list(shares)
            for name, part in shares:
                open_minor[name] -= part
                found[name].append((entry.value_on, Money(part, case.currency)))
    return found


def _given_back(minor: int, taken: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """A payment that went back is off the claims that it had filled, the last one first; `taken` is
    what is left of it for the next time."""
    shares = []
    while taken and minor:
        name, part = taken.pop()
        back = min(part, minor)
        shares.append((name, -back))
        minor -= back
        if part != back:
            taken.append((name, part - back))
            break
    return [*shares, (shares[-1][0], -minor)] if shares and minor else shares


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
    A credit note takes its own claim down from its value day on.
    """
    claims = sorted(case.claims, key=lambda claim: (claim.due_on, claim.invoice_number))
    histories = {claim.invoice_number: [(claim.due_on + _DAY, claim.principal)] for claim in case.claims}
    paid, credited = 0, dict.fromkeys(histories, 0)
    for change in _principal_changes(case, entries):
        if change.credits is None:
            paid += change.minor
        else:
            credited[change.credits] += change.minor
        for claim, outstanding in _left(claims, paid, credited):
            histories[claim.invoice_number].append((change.on, outstanding))
    return tuple((claim, _in_order(histories[claim.invoice_number])) for claim in claims)


@dataclass(frozen=True, slots=True)
class _PrincipalChange:
    """From `on` so much less is owed; `credits` is the invoice a credit note is about."""

    on: date
    minor: int
    credits: str | None


def _principal_changes(case: Case, entries: Sequence[Entry]) -> list[_PrincipalChange]:
    account = debtor_account(case.case_id, ClaimClass.PRINCIPAL)
    found = []
    for entry in entries:
        minor = -entry.amount_on(account, case.currency).minor
        if not minor or entry.kind == "claim_placed":
            continue
        is_credit = entry.kind == CREDIT_NOTE
        on = entry.value_on if is_credit else entry.value_on + _DAY
        found.append(_PrincipalChange(on, minor, entry.label if is_credit else None))
    return sorted(found, key=lambda change: change.on)


def _left(claims: Sequence[Claim], paid: int, credited: Mapping[str, int]) -> Iterator[tuple[Claim, Money]]:
    """All that was paid so far, spread over the claims afresh, the oldest first."""
    for claim in claims:
        owed = claim.principal.minor - credited[claim.invoice_number]
        taken = max(0, min(paid, owed))
        paid -= taken
        yield claim, Money(owed - taken, claim.principal.currency)


def _in_order(history: list[tuple[date, Money]]) -> tuple[tuple[date, Money], ...]:
    """A payment before or on the due day lowers the principal from the first interest day on."""
    first = history[0][0]
    by_day: dict[date, Money] = {}
    for on, outstanding in history:
        by_day[max(on, first)] = outstanding
    return _changes_only(sorted(by_day.items()))
