"""Money that went back: its allocation undone, last part first, and what had followed from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sovinto.domain import accounts
from sovinto.domain.case import Case, Closure
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.ledger import Entry, Line, debtor_account
from sovinto.domain.money import Money, total
from sovinto.domain.payment import Payable
from sovinto.domain.posting import Occasion
from sovinto.errors import InvalidInput
from sovinto.ids import PaymentId, derived

ALLOCATED, REVERSED = "payment_allocated", "payment_reversed"
SHORT = "refund_short"


class Reason(StrEnum):
    """Why money went back."""

    CHARGEBACK = "chargeback"
    RETURNED = "returned"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Undone:
    """What goes back: `over` waited to be refunded, `parts` were used up, the last one first."""

    over: Money
    parts: tuple[tuple[ClaimClass, Money], ...]
    is_all: bool

    @property
    def collected(self) -> Money:
        return total((amount for _, amount in self.parts), self.over.currency)

    @property
    def retained(self) -> Money:
        fees = (amount for claim_class, amount in self.parts if claim_class is ClaimClass.FEE)
        return total(fees, self.over.currency)

    @property
    def amount(self) -> Money:
        return self.over + self.collected


def allocated_entry(entries: Iterable[Entry], payment_id: PaymentId) -> Entry | None:
    """How that payment was used up; None where it is not in these books."""
    return next((e for e in entries if e.kind == ALLOCATED and e.source == payment_id), None)


def undone(case: Case, entry: Entry, entries: Iterable[Entry], amount: Money | None) -> Undone:
    """The next `amount` of the payment to go back (None: all that is left), surplus first.

    Raises InvalidInput for an amount that is not above zero, or above what is left.
    """
    slices, left = _slices(case, entry), left_of(case, entry, entries)
    before = sum(minor for _, minor in slices) - left
    if amount is not None and amount.currency != case.currency:
        raise InvalidInput(f"amount must be in {case.currency}, as the case is", field="amount")
    wanted = left if amount is None else amount.minor
    if not 0 < wanted <= left:
        most = Money(left, case.currency).decimal()
        raise InvalidInput(
            f"amount must be above zero and at most {most}, what is left of the payment", field="amount"
        )
    over, parts = 0, []
    for claim_class, minor in _window(slices, before, wanted):
        if claim_class is None:
            over += minor
        else:
            parts.append((claim_class, Money(minor, case.currency)))
    return Undone(Money(over, case.currency), tuple(parts), is_all=wanted == left)


def left_of(case: Case, entry: Entry, entries: Iterable[Entry]) -> int:
    """In minor units: what of this payment did not go back yet, used up or over."""
    before = sum(_given_back(case, item) for item in _reversals(entry, entries))
    return sum(minor for _, minor in _slices(case, entry)) - before


def over_left(case: Case, entry: Entry, entries: Iterable[Entry]) -> int:
    """In minor units: what of this payment nothing was owed for, less what of that went back."""
    gone = sum(_over(case, item) for item in _reversals(entry, entries))
    return -_over(case, entry) - gone


def _reversals(entry: Entry, entries: Iterable[Entry]) -> list[Entry]:
    return [item for item in entries if item.reverses == entry.entry_id]


def _over(case: Case, entry: Entry) -> int:
    """What it moves to or from the money that waits; its first leg is where the money came from."""
    account = accounts.refunds(case.case_id)
    return sum(line.amount.minor for line in entry.lines[1:] if line.account == account)


def _slices(case: Case, entry: Entry) -> list[tuple[ClaimClass | None, int]]:
    """The surplus (None) and the parts, in the order in which they go back."""
    own = {debtor_account(case.case_id, c): c for c in ClaimClass}
    claims = accounts.client_claims(case.client_id)
    # A part is followed by its contra; without one, a leg only nets a credit between two classes.
    pairs = zip(entry.lines, entry.lines[1:], strict=False)
    parts = [
        (own[a.account], -a.amount.minor) for a, b in pairs if a.account in own and b.account == claims
    ]
    return [(None, -_over(case, entry)), *reversed(parts)]


def _given_back(case: Case, reversing: Entry) -> int:
    return owed_again(case, reversing).minor + _over(case, reversing)


def owed_again(case: Case, entry: Entry) -> Money:
    """By how much an entry makes the debt larger."""
    legs = (entry.amount_on(debtor_account(case.case_id, c), case.currency) for c in ClaimClass)
    return total(legs, case.currency)


def _window(
    slices: Sequence[tuple[ClaimClass | None, int]], skip: int, wanted: int
) -> list[tuple[ClaimClass | None, int]]:
    found = []
    for name, minor in slices:
        passed = min(skip, minor)
        part = min(minor - passed, wanted)
        skip, wanted = skip - passed, wanted - part
        if part > 0:
            found.append((name, part))
    return found


def reversing(case: Case, entry: Entry, what: Undone, occasion: Occasion, out_of: str = "") -> Entry:
    """The exact opposite of so much of `entry`, for the same value day: to the law of interest that
    money never came. What is owed by netting credits comes back with the last part.
    """
    legs = []
    if not _is_reported(entry):
        legs.append(Line(out_of or entry.lines[0].account, -what.amount))
    for claim_class, amount in what.parts:
        legs.append(Line(debtor_account(case.case_id, claim_class), amount))
        legs.append(Line(accounts.client_claims(case.client_id), -amount))
    if what.is_all:
        legs += [Line(line.account, -line.amount) for line in _netting(case, entry)]
    if not _is_reported(entry):
        legs.append(Line(accounts.client_payable(case.client_id), what.collected))
    legs.append(Line(accounts.refunds(case.case_id), what.over))
    return Entry(
        entry_id=occasion.entry_id(REVERSED, entry.entry_id),
        kind=REVERSED,
        posted_at=occasion.at,
        value_on=entry.value_on,
        lines=tuple(leg for leg in legs if leg.amount),
        event_id=occasion.event_id,
        case_id=case.case_id,
        label=entry.label,
        source=entry.source,
        reverses=entry.entry_id,
    )


def _is_reported(entry: Entry) -> bool:
    """The debtor paid the client itself: no account of ours was touched."""
    return entry.lines[0].account.startswith("debtor:")


def _netting(case: Case, entry: Entry) -> list[Line]:
    own = {debtor_account(case.case_id, c) for c in ClaimClass}
    claims = accounts.client_claims(case.client_id)
    followers = [*entry.lines[1:], None]
    return [
        line
        for line, after in zip(entry.lines, followers, strict=True)
        if line.account in own and (after is None or after.account != claims)
    ]


def short_of_refund(
    case: Case, entries: Iterable[Entry], occasion: Occasion, on: date
) -> tuple[Entry, ...]:
    """What had been refunded before the money behind it was taken back.

    We are out of pocket, so it waits in suspense for a person; a case's refunds are never below zero.
    """
    account = accounts.refunds(case.case_id)
    short = total((entry.amount_on(account, case.currency) for entry in entries), case.currency)
    return (short_entry(case, short, occasion, on),) if short.minor > 0 else ()


def short_entry(case: Case, short: Money, occasion: Occasion, on: date) -> Entry:
    """So much of what was refunded lacks the money behind it."""
    account = accounts.refunds(case.case_id)
    entry_id = occasion.entry_id(SHORT, account)
    return Entry(
        entry_id=entry_id,
        kind=SHORT,
        posted_at=occasion.at,
        value_on=on,
        lines=(Line(accounts.SUSPENSE, short), Line(account, -short)),
        event_id=occasion.event_id,
        case_id=case.case_id,
        source=derived("pay", entry_id),
    )


def is_paid(case: Case) -> bool:
    return case.closure is Closure.PAID


def without(payable: Payable, what: Undone, name: str) -> Payable:
    """What the client is owed of the payment after it: less; or, where it was remitted, a claw-back.

    The claw-back has an id of its own, from `name`, and does not wait for a payout: the next remittance
    nets it.
    """
    if not payable.is_remitted:
        return replace(
            payable,
            collected=payable.collected - what.collected,
            retained=payable.retained - what.retained,
            revision=payable.revision + 1,
        )
    return payable.clawed_back(
        PaymentId(derived("clw", payable.payment_id, name)), what.collected, what.retained
    )
