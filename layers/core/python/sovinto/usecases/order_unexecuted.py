"""What the bank has, and its statement never shows: counted, and given up by two people."""

from __future__ import annotations

from sovinto.countries import load_calendar
from sovinto.domain.agency import Agency
from sovinto.domain.order import AT_THE_BANK, OrderState, PaymentOrder
from sovinto.domain.payout_account import good_on
from sovinto.errors import AlreadyStored, InvalidInput, NotAllowed, RuleRefused, StaleVersion
from sovinto.ports import Book, Cases, Change, Clock, Guard, Orders
from sovinto.usecases.order_candidates import ASKED, asked_by, asked_key, likely, possible
from sovinto.usecases.order_status import undone
from sovinto.usecases.retry import with_fresh_read

BANKING_DAYS = 3
"""After the day of execution; a bank books a transfer on that day or the next banking day."""


def overdue_orders(*, agency: Agency, orders: Orders, clock: Clock) -> tuple[PaymentOrder, ...]:
    """With the bank or left out of its file for over BANKING_DAYS, on no statement. Raises LawMissing."""
    return tuple(order for order in orders.open() if _is_overdue(order, agency, orders, clock))


def _is_overdue(order: PaymentOrder, agency: Agency, orders: Orders, clock: Clock) -> bool:
    if order.state not in AT_THE_BANK and not _is_left_out(order, orders):
        return False
    calendar = load_calendar(agency.contact.address.country)
    today = calendar.local_date(clock.now())
    return good_on(calendar, order.execution_on, BANKING_DAYS) < today


def _is_left_out(order: PaymentOrder, orders: Orders) -> bool:
    """Its batch was written without it. The days are waited for all the same: a run that died before the
    row was changed may have told the bank."""
    if order.state is not OrderState.RELEASED:
        return False
    batch = orders.batch(order.batch_id)
    return batch is not None and batch.is_sent and order.order_id not in batch.order_ids


def not_executed(
    order_id: str,
    *,
    by: str,
    reason: str,
    agency: Agency,
    book: Book,
    cases: Cases,
    orders: Orders,
    clock: Clock,
) -> PaymentOrder:
    """The bank said that it will never execute it: one person asks, another confirms, and then it is as if
    the bank had refused it. The order as it is afterwards, unchanged by the first person.

    A word of the bank in between makes both begin anew. Raises NotFound, InvalidInput for an order that is
    not overdue, NotAllowed for who asked, RuleRefused while a debit waits in suspense that
    may be it.
    """

    def once() -> PaymentOrder:
        order = orders.load(order_id)
        if not _is_overdue(order, agency, orders, clock):
            raise InvalidInput(
                f"order {order_id} is {order.state.value} for {order.execution_on}; only one that the bank "
                f"has for over {BANKING_DAYS} banking days, or that was left out of its file as long ago, "
                "can be given up",
                field="order_id",
            )
        first = asked_by(order, cases)
        _check_no_debit(order, book, orders, is_confirmed=bool(first))
        if not first:
            _ask(asked_key(order), f"{by}|{clock.now().isoformat()}|{reason}", cases)
            return order
        if first == by:
            raise NotAllowed(
                f"by must be somebody else than {first}, who asked; ask a colleague", field="by"
            )
        # The code that says nothing of the account.
        why = f"RJCT: not executed, {first} and {by}: {reason}"
        change = undone(order, OrderState.REJECTED, why, cases, orders, clock.now())
        cases.commit(change)
        return change.orders[0]

    return with_fresh_read(once)


def _ask(key: str, told: str, cases: Cases) -> None:
    try:
        cases.commit(Change(guards=(Guard(ASKED, key, told),)))
    except AlreadyStored as error:
        raise StaleVersion("somebody else asked meanwhile; look again") from error


def _check_no_debit(order: PaymentOrder, book: Book, orders: Orders, *, is_confirmed: bool) -> None:
    """Else it would be paid twice. Of a debit that may hold it beside others, the second person is told:
    once the first has asked, others can tell such a debit as our own transfer, or an expense."""
    for row in book.suspense():
        found = possible(row, orders) if is_confirmed else likely(row, orders)
        if order.order_id in (one.order_id for one in found):
            taken = -row.payment.amount
            raise RuleRefused(
                f"a debit of {taken.decimal()} {taken.currency} waits in suspense "
                f"({row.payment.payment_id}), which may be order {order.order_id}, alone or with others or "
                "a charge; tell first what it is (`sovinto suspense order` where it is the order)"
            )
