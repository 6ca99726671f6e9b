"""A debit on the statement that does not name its payment order: a person says which orders it is."""

from __future__ import annotations

from collections.abc import Sequence

from sovinto.domain import accounts
from sovinto.domain.ledger import Line
from sovinto.domain.money import Money, total
from sovinto.domain.order import AT_THE_BANK, OrderState, PaymentOrder
from sovinto.domain.payment import BANK_SOURCE, UnallocatedPayment
from sovinto.domain.posting import Occasion, transfer
from sovinto.errors import InvalidInput, RuleRefused
from sovinto.ids import EventId, PaymentId, derived
from sovinto.ports import Book, Cases, Change, Clock, Guard, Orders
from sovinto.usecases.order_status import booked_events
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.suspense_rows import committed_once, is_settled, row_of, settled_event, settling
from sovinto.usecases.tries import paid

HOW = "order"


def explain_as_orders(
    payment_id: PaymentId, order_ids: Sequence[str], *, by: str, book: Book, cases: Cases, clock: Clock
) -> bool:
    """The bank's debit in suspense is that of these orders, which it comes to: they are booked, once.

    True where it was told before. Raises NotFound, RuleRefused for a row that is no debit of the bank,
    InvalidInput for orders that the bank does not have, or that come to another sum.
    """
    names = tuple(sorted(set(order_ids)))
    told = f"{HOW}|{';'.join(names)}"

    def once() -> bool:
        if is_settled(payment_id, told, cases):
            return True
        row = row_of(payment_id, book)
        booked = _booked(row, names, cases)
        return committed_once(_change(row, told, booked, by, cases, clock), payment_id, told, cases)

    return with_fresh_read(once)


def at_the_bank(amount: Money, orders: Orders) -> tuple[str, ...]:
    """The orders that the bank has of just that sum; else those of one file that come to it."""
    there = [order for order in orders.open() if order.state in AT_THE_BANK]
    alone = tuple(order.order_id for order in there if order.amount == amount)
    if alone:
        return alone
    files: dict[str, list[PaymentOrder]] = {}
    for order in there:
        files.setdefault(order.batch_id, []).append(order)
    for found in files.values():
        if total((order.amount for order in found), found[0].amount.currency) == amount:
            return tuple(order.order_id for order in found)
    return ()


def _booked(row: UnallocatedPayment, names: Sequence[str], cases: Cases) -> tuple[PaymentOrder, ...]:
    taken = -row.payment.amount
    if taken.minor <= 0 or row.payment.source != BANK_SOURCE:
        raise RuleRefused("only money that the bank took can be the debit of a payment order")
    found = []
    for name in names:
        order = cases.order(name)
        # One whose file is still to be written would keep the rest of its batch from being written.
        if order is None or order.state not in AT_THE_BANK or order.amount.currency != taken.currency:
            raise InvalidInput(
                f"order {name} is not with the bank in {taken.currency}; name orders whose file is written "
                "and that are not booked yet",
                field="order_ids",
            )
        found.append(order.moved(OrderState.BOOKED))
    whole = total((order.amount for order in found), taken.currency)
    if whole != taken:
        raise InvalidInput(
            f"the orders come to {whole.decimal()}, but the bank took {taken.decimal()}; name all that the "
            "debit is of",
            field="order_ids",
        )
    return tuple(found)


def _change(
    row: UnallocatedPayment,
    told: str,
    booked: Sequence[PaymentOrder],
    by: str,
    cases: Cases,
    clock: Clock,
) -> Change:
    payment_id, amount, now = row.payment.payment_id, -row.payment.amount, clock.now()
    entry = transfer(
        Occasion(EventId(derived("evt", "suspense", payment_id, HOW)), now),
        kind=f"suspense_{HOW}",
        lines=(Line(accounts.SUSPENSE, -amount), Line(accounts.IN_TRANSIT, amount)),
        value_on=row.payment.value_on,
        source=payment_id,
    )
    # Two orders to one account have one series: one word says that money arrives there again.
    words: dict[str, Guard] = {g.key: g for order in booked for g in paid(order, cases)}
    return Change(
        entries=(entry,),
        guards=(settling(payment_id, told), *words.values()),
        found=(row,),
        orders=booked,
        events=(
            settled_event(row, HOW, by, clock),
            *(event for order in booked for event in booked_events(order, now)),
        ),
    )
