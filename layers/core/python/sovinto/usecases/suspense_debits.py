"""Money that left the account and waits in suspense below zero: the ways in which a person explains it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sovinto.domain import accounts
from sovinto.domain.ledger import Line
from sovinto.domain.order import PaymentOrder
from sovinto.domain.payment import BANK_SOURCE, UnallocatedPayment
from sovinto.domain.posting import Occasion, transfer
from sovinto.errors import InvalidInput, LawMissing, NotFound, RuleRefused
from sovinto.ids import CaseId, EventId, PaymentId, derived
from sovinto.ports import Book, Cases, Change, Clock, Orders
from sovinto.usecases.order_candidates import likely, not_asked, possible
from sovinto.usecases.refund_short import check_no_refund
from sovinto.usecases.reverse_payment import reverse_payment
from sovinto.usecases.suspense_rows import committed_once, is_settled, row_of, settled_event, settling


def undo_payment(
    payment_id: PaymentId,
    taken: PaymentId,
    case_id: CaseId | None,
    *,
    by: str,
    book: Book,
    cases: Cases,
    clock: Clock,
    orders: Orders,
) -> bool:
    """The bank took back `taken`: all of the debit goes out of that payment of the case, once.

    Without a case `taken` waits in suspense itself: the two rows end each other. True where it was done
    before. Raises NotFound, InvalidInput for a debit above what is left of the payment, RuleRefused
    also for what was refunded while a refund of its case is under way, LawMissing.
    """
    if is_settled(payment_id, _undo(taken, case_id), cases):
        return True
    row = _debit(payment_id, book)
    check_no_refund(row, orders)
    if case_id is None:
        return _end_each_other(row, row_of(taken, book), by, cases, clock)
    return _undone(row, taken, case_id, by, cases, clock)


def undo_parts(rows: Sequence[UnallocatedPayment], *, by: str, cases: Cases, clock: Clock) -> None:
    """Each part of a transfer that the bank took back leaves its case; what cannot, waits for a person."""
    for row in rows:
        if row.meant_for is None or row.part_of is None:
            continue
        try:
            _undone(row, row.part_of, row.meant_for, by, cases, clock)
        except (InvalidInput, LawMissing, NotFound):
            continue


def explain_as_own(
    payment_id: PaymentId,
    *,
    by: str,
    book: Book,
    cases: Cases,
    clock: Clock,
    orders: Orders,
) -> bool:
    """We moved money of ours to our own account. True where it was told before.

    Raises NotFound, and RuleRefused for a row that no bank line is behind, or while the bank has an order
    that it may be.
    """

    def legs(row: UnallocatedPayment) -> tuple[Line, ...]:
        if row.payment.source != BANK_SOURCE:
            raise RuleRefused("no money left the account here; take it as an expense, or get it back")
        amount = -row.payment.amount
        return (
            Line(accounts.SUSPENSE, -amount),
            Line(accounts.OURS_DUE, amount),
            Line(accounts.OWN_ACCOUNT, amount),
            Line(accounts.OWN_FROM_COLLECTION, -amount),
        )

    return _explained(payment_id, "own_transfer", legs, by, book, cases, clock, orders)


def explain_as_expense(
    payment_id: PaymentId,
    *,
    by: str,
    book: Book,
    cases: Cases,
    clock: Clock,
    orders: Orders,
) -> bool:
    """The bank charged it, or we bear it. True where it was told before. Raises NotFound, and RuleRefused
    while the bank has an order that it may be, or a refund of its case is under way."""

    def legs(row: UnallocatedPayment) -> tuple[Line, ...]:
        amount = -row.payment.amount
        return Line(accounts.SUSPENSE, -amount), Line(accounts.BANK_CHARGES, amount)

    return _explained(payment_id, "expense", legs, by, book, cases, clock, orders)


def _explained(
    payment_id: PaymentId,
    how: str,
    legs: Callable[[UnallocatedPayment], tuple[Line, ...]],
    by: str,
    book: Book,
    cases: Cases,
    clock: Clock,
    orders: Orders,
) -> bool:
    if is_settled(payment_id, how, cases):
        return True
    row = _debit(payment_id, book)
    _check_no_order(row, by, cases, orders)
    check_no_refund(row, orders)
    entry = transfer(
        Occasion(EventId(derived("evt", "suspense", payment_id, how)), clock.now()),
        kind=f"suspense_{how}",
        lines=legs(row),
        value_on=row.payment.value_on,
        source=payment_id,
    )
    change = Change(
        entries=(entry,),
        guards=(settling(payment_id, how),),
        found=(row,),
        events=(settled_event(row, how, by, clock),),
    )
    return committed_once(change, payment_id, how, cases)


def _check_no_order(row: UnallocatedPayment, by: str, cases: Cases, orders: Orders) -> None:
    """Else the same money would be booked twice: as an order, and as this."""
    if same := likely(row, orders):
        raise RuleRefused(
            f"the bank has payment orders of just that sum, or that it names ({_named(same)}): is it their "
            "debit? Then say so (`sovinto suspense order`); else wait until they are booked, or given up"
        )
    if open_yet := not_asked(possible(row, orders), by, cases):
        raise RuleRefused(
            "the bank has payment orders that this may hold beside others or a charge "
            f"({_named(open_yet)}): is it their debit? Then say so (`sovinto suspense order`); else wait "
            "until they are booked, or a colleague has asked to give them up "
            "(`sovinto orders not-executed`)"
        )


def _named(orders: Sequence[PaymentOrder]) -> str:
    return ", ".join(order.order_id for order in orders)


def _undone(
    row: UnallocatedPayment, taken: PaymentId, case_id: CaseId, by: str, cases: Cases, clock: Clock
) -> bool:
    payment_id, told = row.payment.payment_id, _undo(taken, case_id)
    done = reverse_payment(
        taken,
        case_id,
        amount=-row.payment.amount,
        on=row.payment.value_on,
        reason="returned",
        guard=settling(payment_id, told),
        out_of=accounts.SUSPENSE,
        beside=Change(found=(row,), events=(settled_event(row, "undone", by, clock, case_id=case_id),)),
        cases=cases,
        clock=clock,
    )
    return done.is_repeat and is_settled(payment_id, told, cases)


def _end_each_other(
    debit: UnallocatedPayment, credit: UnallocatedPayment, by: str, cases: Cases, clock: Clock
) -> bool:
    """Nothing is posted: the account holds the same without the two."""
    if credit.payment.amount != -debit.payment.amount:
        raise InvalidInput(
            f"taken must be money of {(-debit.payment.amount).decimal()} "
            f"{debit.payment.amount.currency}, what the bank took; choose another",
            field="taken",
        )
    first, second = debit.payment.payment_id, credit.payment.payment_id
    told = _undo(second, None)
    change = Change(
        guards=(settling(first, told), settling(second, f"taken_back|{first}")),
        found=(debit, credit),
        events=(
            settled_event(debit, "undone", by, clock),
            settled_event(credit, "taken_back", by, clock),
        ),
    )
    return committed_once(change, first, told, cases)


def _undo(taken: PaymentId, case_id: CaseId | None) -> str:
    return f"undo|{taken}|{case_id or ''}"


def _debit(payment_id: PaymentId, book: Book) -> UnallocatedPayment:
    row = row_of(payment_id, book)
    if row.payment.amount.minor >= 0:
        raise RuleRefused("this money came in; post it to a case, split it, or send it back")
    return row
