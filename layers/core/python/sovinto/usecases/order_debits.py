"""Money on the statement that does not name its payment order: a person says which orders it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from sovinto.domain import accounts
from sovinto.domain.ledger import Line
from sovinto.domain.money import Money, total
from sovinto.domain.order import AT_THE_BANK, OrderState, PaymentOrder
from sovinto.domain.payment import BANK_SOURCE, UnallocatedPayment
from sovinto.domain.posting import Occasion, transfer
from sovinto.errors import InvalidInput, RuleRefused, StaleVersion
from sovinto.ids import EventId, PaymentId, derived
from sovinto.ports import Book, Cases, Change, Clock, Guard, Orders
from sovinto.usecases.order_candidates import not_asked, possible
from sovinto.usecases.order_sent_back import check_its_return, its_return, sent_back
from sovinto.usecases.order_status import booked_events
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.suspense_rows import committed_once, is_settled, row_of, settled_event, settling
from sovinto.usecases.tries import paid

HOW = "order"
PAID_TOLD = "ORDER_PAID_TOLD"
MOST_AT_ONCE = 30
"""Each order may bring three writes, and a transaction holds 100; of more the news is told after it."""


def explain_as_orders(
    payment_id: PaymentId,
    order_ids: Sequence[str],
    *,
    by: str,
    book: Book,
    cases: Cases,
    orders: Orders,
    clock: Clock,
    charge_minor: int = 0,
) -> bool:
    """The bank's debit in suspense is that of these orders, which it comes to: they are booked, once. Money
    that came in is that one order, come back. A return that waits under the id of an order is told with it.

    `charge_minor` is what the bank took beside them, in minor units, for itself. True where it was told
    before. Raises NotFound, RuleRefused for what is no money of the bank, InvalidInput for orders that
    the bank does not have, or that come to another sum, and for a charge that may be another.
    """
    names = tuple(sorted(set(order_ids)))
    told = f"{HOW}|{';'.join(names)}" + (f"|charge {charge_minor}" if charge_minor else "")

    def once() -> bool:
        if is_settled(payment_id, told, cases):
            return True
        row = row_of(payment_id, book)
        if row.payment.amount.minor > 0:
            return _given_back(row, names, told, by, cases, orders, clock)
        charge = Money(charge_minor, row.payment.amount.currency)
        booked = _booked(row, names, charge, cases)
        _check_charge(charge, row, names, by, cases, orders)
        return committed_once(_change(row, told, booked, by, cases, clock), payment_id, told, cases)

    is_repeat = with_fresh_read(once)
    # Also where it was told before: whoever died in between asks again.
    for name in names:
        if len(names) > MOST_AT_ONCE:
            with_fresh_read(partial(_tell_paid, name, payment_id, cases, clock))
        with_fresh_read(partial(_end_return, name, by, cases, orders, clock))
    return is_repeat


def _given_back(
    row: UnallocatedPayment,
    names: Sequence[str],
    told: str,
    by: str,
    cases: Cases,
    orders: Orders,
    clock: Clock,
) -> bool:
    if len(names) != 1 or told != f"{HOW}|{names[0]}":
        raise InvalidInput(
            "order_ids must be the one order that came back, without a charge; name it", field="order_ids"
        )
    order, payment_id = orders.load(names[0]), row.payment.payment_id
    check_its_return(row, order, cases)
    settled = settling(payment_id, told)
    change = sent_back(row, order, settled, by=by, cases=cases, orders=orders, clock=clock)
    return committed_once(change, payment_id, told, cases)


def _end_return(order_id: str, by: str, cases: Cases, orders: Orders, clock: Clock) -> None:
    """Its return was read before anybody knew that the order was paid: nothing waits any more."""
    order = cases.order(order_id)
    row = its_return(order, cases)
    if row is None or order is None:
        return
    # Somebody who settles it at once is read again.
    settled = replace(settling(row.payment.payment_id, f"{HOW}|{order_id}"), clash=StaleVersion)
    cases.commit(sent_back(row, order, settled, by=by, cases=cases, orders=orders, clock=clock))


def _booked(
    row: UnallocatedPayment, names: Sequence[str], charge: Money, cases: Cases
) -> tuple[PaymentOrder, ...]:
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
    whole = total((charge, *(order.amount for order in found)), taken.currency)
    if charge.minor < 0 or whole != taken:
        raise InvalidInput(
            f"the orders come to {whole.decimal()}, but the bank took {taken.decimal()}; name all that the "
            "debit is of, and the charge that the bank took beside them (`--charge`)",
            field="order_ids",
        )
    return tuple(found)


def _check_charge(
    charge: Money,
    row: UnallocatedPayment,
    names: Sequence[str],
    by: str,
    cases: Cases,
    orders: Orders,
) -> None:
    """Else another order of the same debit would be paid again."""
    others = (o for o in possible(row, orders, of=charge) if o.order_id not in names)
    for other in not_asked(tuple(others), by, cases):
        raise InvalidInput(
            f"charge_minor may hold order {other.order_id}, which the bank has too; name it, or wait "
            "until it is booked, or until a colleague has asked to give it up",
            field="charge_minor",
        )


def _change(
    row: UnallocatedPayment,
    told: str,
    booked: Sequence[PaymentOrder],
    by: str,
    cases: Cases,
    clock: Clock,
) -> Change:
    payment_id, amount, now = row.payment.payment_id, -row.payment.amount, clock.now()
    paid_out = total((order.amount for order in booked), amount.currency)
    beside = (Line(accounts.BANK_CHARGES, amount - paid_out),) if amount != paid_out else ()
    entry = transfer(
        Occasion(EventId(derived("evt", "suspense", payment_id, HOW)), now),
        kind=f"suspense_{HOW}",
        lines=(Line(accounts.SUSPENSE, -amount), Line(accounts.IN_TRANSIT, paid_out), *beside),
        value_on=row.payment.value_on,
        source=payment_id,
    )
    is_told = len(booked) <= MOST_AT_ONCE
    # Two orders to one account have one series: one word says that money arrives there again.
    words: dict[str, Guard] = {g.key: g for order in booked for g in paid(order, cases)} if is_told else {}
    news = tuple(event for order in booked for event in booked_events(order, now)) if is_told else ()
    return Change(
        entries=(entry,),
        guards=(settling(payment_id, told), *words.values()),
        found=(row,),
        orders=booked,
        events=(settled_event(row, HOW, by, clock), *news),
    )


def _tell_paid(order_id: str, payment_id: PaymentId, cases: Cases, clock: Clock) -> None:
    """The news of one order of many, once; the order is booked already."""
    order = cases.order(order_id)
    if order is None or order.state is not OrderState.BOOKED:
        return
    told = Guard(PAID_TOLD, order_id, payment_id)
    if cases.guard(told.scope, told.key) is None:
        events = booked_events(order, clock.now())
        cases.commit(Change(guards=(replace(told, clash=StaleVersion), *paid(order, cases)), events=events))
