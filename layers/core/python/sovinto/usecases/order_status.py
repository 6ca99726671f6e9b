"""What became of a payment order: the bank's word, the statement's debit, money that came back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from sovinto.domain import accounts
from sovinto.domain.event import Event
from sovinto.domain.ledger import Line
from sovinto.domain.money import Money
from sovinto.domain.order import AT_THE_BANK, NOT_RELEASED, OrderKind, OrderState, PaymentOrder
from sovinto.domain.payment import Payable, UnallocatedPayment
from sovinto.domain.posting import Occasion, transfer
from sovinto.domain.refund import CAME_BACK, Payer
from sovinto.errors import InvalidInput, NotFound
from sovinto.formats.pain002_model import Outcome, StatusReport, Verdict
from sovinto.ids import CaseId, EventId, PaymentId, derived
from sovinto.ports import Cases, Change, Clock, Guard, Orders
from sovinto.usecases import tries
from sovinto.usecases.order_entries import code_of, of_order, opposite, order_event
from sovinto.usecases.refund_short import made_good
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.stopped_remittance import refused_account

_BEFORE_BOOKED = frozenset({OrderState.RELEASED, *AT_THE_BANK})


@dataclass(slots=True)
class StatusCounts:
    """Orders by what the report did to them; `contradicted` were refused after the bank had paid them;
    `unknown` is 1 where the report is on no file of ours."""

    accepted: int = 0
    rejected: int = 0
    unchanged: int = 0
    contradicted: int = 0
    unknown: int = 0


def is_status_report(data: bytes) -> bool:
    """By content: the namespace of a pain.002 in its head."""
    return b"pain.002.001." in data[:4096]


def read_status(data: bytes) -> StatusReport:
    """The pain.002 in these bytes. Raises FormatRefused for anything else."""
    # Here, not above: the desk withdraws orders too, and need not load lxml for it.
    from sovinto.formats.pain002 import read_pain002

    return read_pain002(data)


def hear_status_report(report: StatusReport, *, cases: Cases, orders: Orders, clock: Clock) -> StatusCounts:
    """Each order of the file moves at most once; the same report again changes nothing.

    Acceptance is not payment: only the statement books. A refusal after the debit was on the statement is
    counted and left for people, for the money did leave. Raises NotFound where an order is not stored.
    """
    counts = StatusCounts()
    batch = orders.batch(report.original_message_id)
    if batch is None:
        counts.unknown = 1
        return counts
    for order_id in batch.order_ids:
        done = with_fresh_read(partial(_told, order_id, report.verdict(order_id), cases, orders, clock))
        setattr(counts, done, getattr(counts, done) + 1)
    return counts


def _told(order_id: str, verdict: Verdict, cases: Cases, orders: Orders, clock: Clock) -> str:
    """The name of the count."""
    order, outcome = orders.load(order_id), verdict.outcome
    reason = verdict.reasons[0].code if verdict.reasons else verdict.status or ""
    if outcome is Outcome.REJECTED:
        if order.state is OrderState.BOOKED:
            return "contradicted"
        if order.state in _BEFORE_BOOKED:
            cases.commit(undone(order, OrderState.REJECTED, reason, cases, orders, clock.now()))
            return "rejected"
    is_good = outcome in (Outcome.ACCEPTED, Outcome.SETTLED)
    if is_good and order.state in (OrderState.RELEASED, OrderState.INSTRUCTED):
        cases.commit(Change(orders=(order.moved(OrderState.ACCEPTED),)))
        return "accepted"
    return "unchanged"


def withdraw_order(
    order_id: str, *, by: str, reason: str, cases: Cases, orders: Orders, clock: Clock
) -> PaymentOrder:
    """A person takes back what is not released yet; the money waits again where it was.

    Raises NotFound, InvalidInput.
    """

    def once() -> PaymentOrder:
        order = orders.load(order_id)
        if order.state not in NOT_RELEASED:
            raise InvalidInput(
                f"order {order_id} is {order.state.value}; only what is not released yet can be withdrawn",
                field="order_id",
            )
        change = undone(order, OrderState.WITHDRAWN, f"{by}: {reason}", cases, orders, clock.now())
        cases.commit(change)
        return change.orders[0]

    return with_fresh_read(once)


def order_booked(end_to_end_id: str, amount: Money, cases: Cases) -> PaymentOrder | None:
    """The order whose debit this is, as it is afterwards; put it into the Change that posts the line.

    `amount` is what left, above zero. None where the bank may not debit it: not ours, another sum, not
    sent, or booked or refused before; such a line is for people.
    """
    order = cases.order(end_to_end_id)
    if order is None or order.amount != amount or order.state not in _BEFORE_BOOKED:
        return None
    return order.moved(OrderState.BOOKED)


def booked_events(order: PaymentOrder, now: datetime) -> tuple[Event, ...]:
    """What the case is told when its refund has left the account."""
    if order.kind is not OrderKind.REFUND:
        return ()
    return (order_event(order, "refund.paid", now, str(order.revision), "paid"),)


def order_returned(
    end_to_end_id: str,
    amount: Money,
    *,
    value_on: date,
    line_key: str,
    guard: Guard,
    reason: str,
    cases: Cases,
    orders: Orders,
    clock: Clock,
) -> bool:
    """Money we had paid out is on our account again: in with the bank line, and back to where it was owed.

    `guard` is the line's own. False where it is no order of ours, not paid, or another sum (a bank took a
    fee out of it): such a line is for people. Raises AlreadyStored where the line was posted before.
    """

    def once() -> bool:
        order = cases.order(end_to_end_id)
        if order is None or order.amount != amount or order.state is not OrderState.BOOKED:
            return False
        now = clock.now()
        change = undone(order, OrderState.REJECTED, reason, cases, orders, now)
        arrived = transfer(
            Occasion(EventId(derived("evt", "bank", line_key)), now),
            kind="bank_transfer",
            lines=(Line(accounts.BANK, amount), Line(accounts.IN_TRANSIT, -amount)),
            value_on=value_on,
            source=line_key,
            label=end_to_end_id,
        )
        cases.commit(replace(change, entries=(arrived, *change.entries), guards=(guard, *change.guards)))
        return True

    return with_fresh_read(once)


def order_not_paid(
    end_to_end_id: str, amount: Money, *, reason: str, cases: Cases, orders: Orders, now: datetime
) -> Change | None:
    """What puts the money back to where it was owed, with the debit that is read after its return.

    None where `order_booked` has none: then the debit is for people.
    """
    order = cases.order(end_to_end_id)
    if order is None or order_booked(end_to_end_id, amount, cases) is None:
        return None
    return undone(order, OrderState.REJECTED, reason, cases, orders, now)


def undone(
    order: PaymentOrder, state: OrderState, reason: str, cases: Cases, orders: Orders, now: datetime
) -> Change:
    how: dict[OrderKind, Callable[..., Change]] = {
        OrderKind.REMITTANCE: _remittance_back,
        OrderKind.REFUND: _refund_back,
        OrderKind.RETURN: _return_back,
        OrderKind.OWN: _own_back,
    }
    moved = order.moved(state, reason)
    change = how[order.kind](moved, cases, orders, now)
    guards, events = tries.came_back(moved, now, cases)
    return replace(change, guards=(*change.guards, *guards), events=(*change.events, *events))


def _remittance_back(order: PaymentOrder, cases: Cases, orders: Orders, now: datetime) -> Change:
    """Payables wait for the next remittance again; what we had retained is no income yet."""
    occasion = of_order(order, now)
    entry = opposite(order, orders.entry(order), "remittance_came_back", occasion)
    event = Event(
        event_id=occasion.event_id,
        type="remittance.rejected",
        version=1,
        occurred_at=now,
        subject_kind="client",
        subject_id=order.client_id,
        client_id=order.client_id,
        data=(
            ("net_minor", str(order.amount.minor)),
            ("reason", code_of(order)),
            ("remittance_id", order.source),
        ),
    )
    reopened = tuple(_reopened(order, cases))
    guards = refused_account(order, cases)
    return Change(entries=(entry,), orders=(order,), reopened=reopened, guards=guards, events=(event,))


def _reopened(order: PaymentOrder, cases: Cases) -> Iterator[Payable]:
    for case_id, payment_id in order.covers:
        payable = cases.payable(order.client_id, CaseId(case_id), PaymentId(payment_id))
        if payable is None:
            raise NotFound(f"payable {payment_id} of order {order.order_id} is not stored")
        yield replace(payable, remittance_id="", revision=payable.revision + 1)


def _refund_back(order: PaymentOrder, cases: Cases, orders: Orders, now: datetime) -> Change:
    if order.case_id is None:
        raise ValueError(f"refund {order.order_id} has a case")
    case = cases.load(order.case_id)
    occasion = Occasion.of_case(case, now)
    entry = opposite(order, orders.entry(order), CAME_BACK, occasion)
    event = order_event(order, "refund.came_back", now, str(order.revision), code_of(order))
    books = (*cases.entries(case.case_id), entry)
    good = made_good(order, case, books, orders.payers(case.case_id), occasion, cases)
    return replace(
        good,
        case=replace(case, version=case.version + 1),
        entries=(entry, *good.entries),
        orders=(order,),
        payers=tuple(_refused(order, orders)),
        events=(event, *good.events),
    )


def _refused(order: PaymentOrder, orders: Orders) -> Iterator[Payer]:
    """Who is asked for another account: the bank refused this one."""
    if order.case_id is None or not order.is_account_refused:
        return
    for payer in orders.payers(order.case_id):
        if payer.payment_id == order.source and "".join(payer.iban.split()).upper() == order.iban:
            yield payer.refused()


def _return_back(order: PaymentOrder, cases: Cases, orders: Orders, now: datetime) -> Change:  # noqa: ARG001
    """In suspense once more, as a payment of its own name: the old row is what happened. It has waited from
    the day on which the money came."""
    occasion = of_order(order, now)
    entry = opposite(order, orders.entry(order), "return_came_back", occasion)
    before = orders.returned_payment(order)
    again = replace(
        before.payment,
        payment_id=PaymentId(derived("pay", order.order_id)),
        source_id=f"{before.payment.source_id}/{order.order_id}",
    )
    entry = replace(entry, source=again.source_id)
    row = UnallocatedPayment(again, before.received_at, f"its return came back: {code_of(order)}")
    event = Event(
        event_id=occasion.event_id,
        type="payment.unallocated",
        version=1,
        occurred_at=now,
        subject_kind="payment",
        subject_id=again.payment_id,
        client_id="",
        data=(("amount_minor", str(order.amount.minor)),),
    )
    return Change(entries=(entry,), orders=(order,), suspense=(row,), events=(event,))


def _own_back(order: PaymentOrder, cases: Cases, orders: Orders, now: datetime) -> Change:  # noqa: ARG001
    """It lies on the collection account as before, and is ours."""
    entry = opposite(order, orders.entry(order), "own_came_back", of_order(order, now))
    return Change(entries=(entry,), orders=(order,))
