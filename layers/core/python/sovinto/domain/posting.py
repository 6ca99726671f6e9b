"""From what happened to balanced entries. Ids derive from the causing event, so a retry repeats them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sovinto.domain import accounts
from sovinto.domain.case import Case, Claim
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.claim_interest import CREDIT_NOTE, claim_interest
from sovinto.domain.explanation import Explanation
from sovinto.domain.law.allocation import Allocation
from sovinto.domain.law.model import Pack
from sovinto.domain.ledger import Entry, Line, debtor_account
from sovinto.domain.money import Money
from sovinto.domain.payment import Payment
from sovinto.ids import EntryId, EventId, derived


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and by which event something is posted."""

    event_id: EventId
    at: datetime

    @classmethod
    def of_case(cls, case: Case, at: datetime) -> Occasion:
        """The change that will make `case` one version older: repeatable, and unique per version."""
        return cls(EventId(derived("evt", case.case_id, str(case.version + 1))), at)

    def entry_id(self, *parts: str) -> EntryId:
        return EntryId(derived("ent", self.event_id, *parts))


def charge(
    case: Case,
    occasion: Occasion,
    *,
    claim_class: ClaimClass,
    kind: str,
    label: str,
    amount: Money,
    value_on: date,
    explanation: Explanation | None = None,
) -> Entry:
    """The debtor owes more (or, with a negative amount, less): one class against the client's claims."""
    return Entry(
        entry_id=occasion.entry_id(kind, label, value_on.isoformat()),
        kind=kind,
        posted_at=occasion.at,
        value_on=value_on,
        lines=(
            Line(debtor_account(case.case_id, claim_class), amount),
            Line(accounts.client_claims(case.client_id), -amount),
        ),
        event_id=occasion.event_id,
        case_id=case.case_id,
        label=label,
        explanation=explanation,
    )


def placement(case: Case, occasion: Occasion) -> tuple[Entry, ...]:
    """Each claim's principal enters the books."""
    return tuple(
        charge(
            case,
            occasion,
            claim_class=ClaimClass.PRINCIPAL,
            kind="claim_placed",
            label=claim.invoice_number,
            amount=claim.principal,
            value_on=claim.due_on,
        )
        for claim in case.claims
    )


def interest_to(
    case: Case, entries: Sequence[Entry], pack: Pack, occasion: Occasion, *, until: date
) -> tuple[Entry, ...]:
    """Bring posted interest to what the law gives through `until` (inclusive), by the difference.

    The whole accrual is computed afresh from the principal's history, so a payment that counts
    from an earlier day takes back the interest posted after it.
    """
    found: list[Entry] = []
    for claim, result in claim_interest(case, entries, pack, until=until):
        difference = result.total - _posted_interest(case, entries, claim)
        if difference:
            found.append(
                charge(
                    case,
                    occasion,
                    claim_class=ClaimClass.INTEREST,
                    kind="interest_accrued",
                    label=claim.invoice_number,
                    amount=difference,
                    value_on=until,
                    explanation=result.segments[-1].explanation if result.segments else None,
                )
            )
    return tuple(found)


def accrued_through(entries: Iterable[Entry]) -> date | None:
    """The last day whose interest is in the books; None where none was ever posted."""
    return max((entry.value_on for entry in entries if entry.kind == "interest_accrued"), default=None)


def credited(
    case: Case, claim: Claim, amount: Money, occasion: Occasion, *, on: date, source: str
) -> Entry:
    """A credit note of the client: its invoice is lower from `on` on; `source` is the note's reference."""
    return replace(
        charge(
            case,
            occasion,
            claim_class=ClaimClass.PRINCIPAL,
            kind=CREDIT_NOTE,
            label=claim.invoice_number,
            amount=-amount,
            value_on=on,
        ),
        source=source,
    )


def _posted_interest(case: Case, entries: Iterable[Entry], claim: Claim) -> Money:
    account = debtor_account(case.case_id, ClaimClass.INTEREST)
    posted = (
        entry.amount_on(account, case.currency).minor
        for entry in entries
        if entry.kind == "interest_accrued" and entry.label == claim.invoice_number
    )
    return Money(sum(posted), case.currency)


def payment(
    case: Case, received: Payment, allocation: Allocation, occasion: Occasion, *, into: str
) -> Entry:
    """Money in: the debtor owes less, the client is owed it, any surplus waits to be refunded."""
    legs = [Line(into, received.amount), *_settling(case, allocation)]
    for _, amount in allocation.parts:
        legs.append(Line(accounts.client_payable(case.client_id), -amount))
    if allocation.over:
        legs.append(Line(accounts.refunds(case.case_id), -allocation.over))
    return _allocated(case, received, legs, occasion)


def direct_payment(case: Case, received: Payment, allocation: Allocation, occasion: Occasion) -> Entry:
    """Money that the debtor paid the client: the debt is less, and we neither hold nor owe anything.

    Raises ValueError for an allocation that leaves something over: that money never was ours to refund.
    """
    if allocation.over:
        raise ValueError(f"{received.payment_id} is {allocation.over.minor} more than is owed")
    return _allocated(case, received, _settling(case, allocation), occasion)


def _settling(case: Case, allocation: Allocation) -> list[Line]:
    """Class by class the debt goes down, and with it what the client claims."""
    legs = []
    for claim_class, amount in allocation.parts:
        legs.append(Line(debtor_account(case.case_id, claim_class), -amount))
        legs.append(Line(accounts.client_claims(case.client_id), amount))
    return legs + [Line(debtor_account(case.case_id, c), amount) for c, amount in allocation.netted]


def _allocated(case: Case, received: Payment, legs: Sequence[Line], occasion: Occasion) -> Entry:
    return Entry(
        entry_id=occasion.entry_id("payment_allocated", received.payment_id),
        kind="payment_allocated",
        posted_at=occasion.at,
        value_on=received.value_on,
        lines=tuple(leg for leg in legs if leg.amount),
        event_id=occasion.event_id,
        case_id=case.case_id,
        label=received.source,
        source=received.payment_id,
    )


def transfer(
    occasion: Occasion, *, kind: str, lines: Sequence[Line], value_on: date, source: str, label: str = ""
) -> Entry:
    """An entry that belongs to no case: suspense, payouts, remittances, fee invoices."""
    return Entry(
        entry_id=occasion.entry_id(kind, source),
        kind=kind,
        posted_at=occasion.at,
        value_on=value_on,
        lines=tuple(line for line in lines if line.amount),
        event_id=occasion.event_id,
        label=label,
        source=source,
    )
