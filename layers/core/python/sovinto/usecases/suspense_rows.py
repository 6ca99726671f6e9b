"""What all ways out of suspense have in common: the row, the guard that each ends once, and its news."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sovinto.domain.event import Event
from sovinto.domain.money import Money
from sovinto.domain.payment import UnallocatedPayment
from sovinto.errors import AlreadyStored, NotFound, RuleRefused
from sovinto.ids import CaseId, EventId, PaymentId, derived
from sovinto.ports import Book, Cases, Change, Clock, Guard

SETTLED = "SUSPENSE_SETTLED"
_SPLIT = "split|"


def row_of(payment_id: PaymentId, book: Book) -> UnallocatedPayment:
    """Raises NotFound where nothing waits under that id."""
    for row in book.suspense():
        if row.payment.payment_id == payment_id:
            return row
    raise NotFound(f"nothing waits in suspense under {payment_id}; look at the list again")


def is_settled(payment_id: PaymentId, told: str, cases: Cases) -> bool:
    """Raises RuleRefused where it was settled in another way."""
    earlier = cases.guard(SETTLED, payment_id)
    if earlier is not None and earlier != told:
        raise RuleRefused("this money found its owner already, in another way; look at the case's ledger")
    return earlier is not None


def settling(payment_id: PaymentId, told: str) -> Guard:
    return Guard(SETTLED, payment_id, told)


def committed_once(change: Change, payment_id: PaymentId, told: str, cases: Cases) -> bool:
    """Stores what settles it; True where that was done before. Raises RuleRefused as `is_settled` does."""
    try:
        cases.commit(change)
    except AlreadyStored:
        if is_settled(payment_id, told, cases):
            return True
        raise
    return False


def split_told(shares: Sequence[tuple[CaseId, Money]]) -> str:
    """Names the shares, so that a bank that takes the whole back finds its parts."""
    return _SPLIT + ";".join(
        f"{case_id}={amount.minor}{amount.currency}" for case_id, amount in sorted(shares)
    )


def shares_in(told: str) -> tuple[tuple[CaseId, Money], ...]:
    """The shares that `split_told` names; empty for any other way out."""
    if not told.startswith(_SPLIT):
        return ()
    named = (text.partition("=") for text in told.removeprefix(_SPLIT).split(";"))
    return tuple((CaseId(case_id), Money(int(sum_[:-3]), sum_[-3:])) for case_id, _, sum_ in named)


def settled_event(row: UnallocatedPayment, how: str, by: str, clock: Clock, *, case_id: str = "") -> Event:
    return settled_at(row, how, by, clock.now(), case_id=case_id)


def settled_at(row: UnallocatedPayment, how: str, by: str, now: datetime, *, case_id: str = "") -> Event:
    amount = row.payment.amount
    return Event(
        event_id=EventId(derived("evt", "suspense", row.payment.payment_id, how)),
        type="suspense.settled",
        version=1,
        occurred_at=now,
        subject_kind="payment",
        subject_id=row.payment.payment_id,
        client_id="",
        data=(
            ("outcome", how),
            ("by", by),
            ("amount_minor", str(amount.minor)),
            ("currency", amount.currency),
            *((("case_id", case_id),) if case_id else ()),
        ),
    )
