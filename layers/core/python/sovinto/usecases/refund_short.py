"""Refunded, and then the bank took the money behind it back: what we lack waits in suspense.

A refund that comes back after that is no debt of ours again: it ends what we lack first. Any other refund
of the case waits for a person while something is lacking.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sovinto.domain import accounts
from sovinto.domain.case import Case
from sovinto.domain.ledger import Entry, Line
from sovinto.domain.money import Money, total
from sovinto.domain.order import SYSTEM, OrderKind, PaymentOrder
from sovinto.domain.payment import Payment, UnallocatedPayment
from sovinto.domain.posting import Occasion
from sovinto.domain.refund import Payer
from sovinto.domain.reversal import REVERSED, SHORT, short_entry
from sovinto.errors import RuleRefused, StaleVersion
from sovinto.ids import CaseId, PaymentId
from sovinto.ports import Cases, Change, Guard, Orders
from sovinto.usecases.suspense_rows import SETTLED, settled_at

ENDED = "refund_short_ended"
_EXPENSE = "expense"
_SOURCE = "refund"
_OF_CASE = "refunded before it was taken back: case "


def short_row(entry: Entry) -> UnallocatedPayment:
    """A debit that a person has to get back from the debtor, or to bear; as it was stored with `entry`."""
    payment = Payment(
        payment_id=PaymentId(entry.source),
        source=_SOURCE,
        source_id=entry.source,
        value_on=entry.value_on,
        amount=-entry.lines[0].amount,
    )
    return UnallocatedPayment(payment, entry.posted_at, f"{_OF_CASE}{entry.case_id}")


def case_of_short(row: UnallocatedPayment) -> CaseId | None:
    """The case of such a debit; None for any other row."""
    return CaseId(row.reason.removeprefix(_OF_CASE)) if row.payment.source == _SOURCE else None


def check_no_refund(row: UnallocatedPayment, orders: Orders) -> None:
    """Else the stop of a refund that lacks its money would end, and it would leave at our expense.

    Raises RuleRefused for such a debit while a refund of its case is under way.
    """
    case_id = case_of_short(row)
    if case_id is None:
        return
    for order in orders.open():
        if order.kind is OrderKind.REFUND and order.case_id == case_id:
            raise RuleRefused(
                f"order {order.order_id} is a refund of that case and {order.state.value}; withdraw it, or "
                "wait until the bank has booked it or sent it back"
            )


def is_short(entries: Iterable[Entry], cases: Cases) -> bool:
    """Whether something that was refunded in this case still lacks the money behind it."""
    return any(True for _ in _open(entries, cases))


def made_good(
    order: PaymentOrder,
    case: Case,
    entries: Sequence[Entry],
    payers: Iterable[Payer],
    occasion: Occasion,
    cases: Cases,
) -> Change:
    """What to store beside a refund that came back, `entries` with its entry: the rows that it ends.

    Only what the same payment, or the same account, had got: another payer's money makes nothing good.
    Where it is less than we lack, the rest waits as a row of its own. What a person had taken as an expense
    by then is none, as far as the money goes.
    """
    ours = {order.source, *(p.payment_id for p in payers if "".join(p.iban.split()).upper() == order.iban)}
    shorts = [e for e in _open(entries, cases) if _payments(e, entries) & ours]
    ended = [_ended(entry, entry.lines[0], occasion) for entry in shorts]
    left = total((e.lines[0].amount for e in shorts), case.currency) - order.amount
    rest = (short_entry(case, left, occasion, shorts[-1].value_on),) if left.minor > 0 else ()
    borne = [e for e in _borne(entries, cases) if _payments(e, entries) & ours]
    ended += _repaid(borne, entries, -left, occasion)
    rows = tuple(short_row(entry) for entry in shorts)
    # A person who explains the row at once is read again.
    guards = [
        Guard(SETTLED, row.payment.payment_id, f"came_back|{order.order_id}", clash=StaleVersion)
        for row in rows
    ]
    return Change(
        entries=(*ended, *rest),
        guards=guards,
        found=rows,
        suspense=[short_row(entry) for entry in rest],
        events=[settled_at(row, "came_back", SYSTEM, occasion.at, case_id=case.case_id) for row in rows],
    )


def check_not_short(orders: Iterable[PaymentOrder], cases: Cases) -> None:
    """Raises RuleRefused for a refund of a case in which something lacks."""
    for order in short_of(orders, cases):
        raise RuleRefused(
            f"order {order.order_id} is of a case whose money was taken back after it was refunded; "
            "withdraw the order, or end first what waits in suspense as refunded before it was taken back"
        )


def short_of(orders: Iterable[PaymentOrder], cases: Cases) -> tuple[PaymentOrder, ...]:
    """The refunds among them that wait for a person."""
    refunds = (o for o in orders if o.kind is OrderKind.REFUND and o.case_id is not None)
    return tuple(o for o in refunds if o.case_id and is_short(cases.entries(o.case_id), cases))


def _open(entries: Iterable[Entry], cases: Cases) -> Iterator[Entry]:
    return (e for e in entries if e.kind == SHORT and cases.guard(SETTLED, e.source) is None)


def _borne(entries: Iterable[Entry], cases: Cases) -> Iterator[Entry]:
    return (e for e in entries if e.kind == SHORT and cases.guard(SETTLED, e.source) == _EXPENSE)


def _repaid(
    borne: Iterable[Entry], entries: Sequence[Entry], most: Money, occasion: Occasion
) -> Iterator[Entry]:
    """At most so much of them is no expense any more."""
    for short in borne:
        taken = [e.lines[0].amount for e in entries if e.kind == ENDED and e.reverses == short.entry_id]
        part = min(short.lines[0].amount + total(taken, most.currency), most)
        if part.minor > 0:
            most -= part
            yield _ended(short, Line(accounts.BANK_CHARGES, part), occasion)


def _payments(short: Entry, entries: Sequence[Entry]) -> set[str]:
    """The payments that went back when it fell short; of a rest, those of what it is a rest of."""
    beside = [e for e in entries if e.event_id == short.event_id]
    before = {e.reverses for e in beside if e.kind == ENDED}
    found = {e.source for e in beside if e.kind == REVERSED}
    return found.union(*(_payments(e, entries) for e in entries if e.entry_id in before))


def _ended(entry: Entry, lacked: Line, occasion: Occasion) -> Entry:
    """`lacked` is where the debit of so much stands."""
    return Entry(
        entry_id=occasion.entry_id(ENDED, entry.entry_id),
        kind=ENDED,
        posted_at=occasion.at,
        value_on=entry.value_on,
        lines=(Line(lacked.account, -lacked.amount), Line(entry.lines[1].account, lacked.amount)),
        event_id=occasion.event_id,
        case_id=entry.case_id,
        source=entry.source,
        reverses=entry.entry_id,
    )
