"""Append-only double entry. Balances are folds; corrections are reversing entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sovinto.domain.claim_class import Balance, ClaimClass
from sovinto.domain.explanation import Explanation
from sovinto.domain.money import Money
from sovinto.ids import CaseId, EntryId, EventId


@dataclass(frozen=True, slots=True)
class Line:
    """One leg; a positive amount is a debit, a negative one a credit."""

    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Entry:
    """A balanced posting. `value_on` is the day the money counts from, `posted_at` when we wrote it.

    `kind` names what happened (claim_placed, interest_accrued, fee_charged, payment_allocated...);
    `label` is the fee kind or invoice number shown to people; `source` is the payment, bank line
    or document it rests on. `previous` and `digest` are set when it is stored (domain/chain.py).
    """

    entry_id: EntryId
    kind: str
    posted_at: datetime
    value_on: date
    lines: tuple[Line, ...]
    event_id: EventId
    case_id: CaseId | None = None
    label: str = ""
    source: str = ""
    reverses: EntryId | None = None
    explanation: Explanation | None = None
    previous: str = ""
    digest: str = ""

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError(f"entry {self.entry_id} has no lines")
        for currency in {line.amount.currency for line in self.lines}:
            legs = [line.amount.minor for line in self.lines if line.amount.currency == currency]
            if sum(legs) != 0:
                raise ValueError(f"entry {self.entry_id} is out of balance by {sum(legs)} {currency}")

    def amount_on(self, account: str, currency: str) -> Money:
        """The net of this entry on one account."""
        legs = [line.amount.minor for line in self.lines if line.account == account]
        return Money(sum(legs), currency)


def debtor_account(case_id: CaseId, claim_class: ClaimClass) -> str:
    return f"debtor:{case_id}:{claim_class.value}"


def fold(entries: Iterable[Entry]) -> dict[tuple[str, str], int]:
    """(account, currency) -> minor units: the only way a balance comes into being."""
    sums: dict[tuple[str, str], int] = {}
    for entry in entries:
        for line in entry.lines:
            key = (line.account, line.amount.currency)
            sums[key] = sums.get(key, 0) + line.amount.minor
    return sums


def balance_of(case_id: CaseId, currency: str, entries: Iterable[Entry]) -> Balance:
    """What the debtor owes by class, from this case's entries."""
    sums = fold(entries)
    owed = {
        claim_class: Money(sums.get((debtor_account(case_id, claim_class), currency), 0), currency)
        for claim_class in ClaimClass
    }
    return Balance(
        principal=owed[ClaimClass.PRINCIPAL],
        interest=owed[ClaimClass.INTEREST],
        fee=owed[ClaimClass.FEE],
        cost=owed[ClaimClass.COST],
    )
