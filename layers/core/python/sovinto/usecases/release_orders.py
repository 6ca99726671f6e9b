"""Two pairs of eyes before money leaves: one person approves, another releases; then one file per batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from sovinto.domain.agency import Agency
from sovinto.domain.event import Event
from sovinto.domain.money import Money, total
from sovinto.domain.order import (
    AUTOMATIC,
    Batch,
    OrderKind,
    OrderState,
    PaymentOrder,
    approved,
    batches_of,
    needs_nobody,
    released,
)
from sovinto.errors import AlreadyStored, InvalidInput, NotAllowed, SovintoError, StaleVersion
from sovinto.ids import EventId, derived
from sovinto.ports import Book, Cases, Change, Clients, Clock, Files, Guard, Orders
from sovinto.usecases.order_as_made import altered, check_accounts, check_as_made, to_old_account
from sovinto.usecases.order_payment import execution_day, transfer_of
from sovinto.usecases.ours_cover import check_covered, not_covered
from sovinto.usecases.paid_perhaps import check_no_doubt, in_doubt
from sovinto.usecases.refund_short import check_not_short, short_of

BANK_FILE = "BANKFILE"


def approve_orders(
    order_ids: Sequence[str], *, by: str, cases: Cases, orders: Orders
) -> tuple[PaymentOrder, ...]:
    """The first pair of eyes; all of one call or none. Raises NotFound, InvalidInput, StaleVersion."""
    _check_person(by)
    seen = tuple(approved(orders.load(order_id), by) for order_id in _unique(order_ids))
    if seen:
        cases.commit(Change(orders=seen))
    return seen


def release_orders(
    order_ids: Sequence[str],
    *,
    by: str,
    agency: Agency,
    book: Book,
    cases: Cases,
    clients: Clients,
    orders: Orders,
    clock: Clock,
    control_sum: Money | None = None,
) -> tuple[Batch, ...]:
    """The second pair of eyes; `write_now`, or else the next run, tells the bank.

    `control_sum` is what the person saw; anything else is not released. Raises NotFound, NotAllowed for
    who proposed or approved one of them, InvalidInput, StaleVersion, RuleRefused where what would go to our
    own account is others' money by now, where a refund's money was taken back, where the payee may have
    been paid already, where an order is of another sum than was taken for it, or goes to an account that
    the client has no more; LawMissing. Nothing is released of a call that raises, but for batches that
    were whole before.
    """
    _check_person(by)
    found = [orders.load(order_id) for order_id in _unique(order_ids)]
    if not found:
        raise InvalidInput("order_ids must name at least one order", field="order_ids")
    if control_sum is not None:
        _check_sum(found, control_sum)
    now = clock.now()
    on = execution_day(agency, now)
    for order in found:
        released(order, by, on, "")
    check_not_short(found, cases)
    check_as_made(found, cases=cases)
    check_no_doubt(found, book, cases)
    check_accounts(found, clients=clients, clock=clock)
    check_covered(found, book=book, cases=cases, clock=clock)
    return _commit(found, by, now, on, cases)


def release_automatically(
    *,
    agency: Agency,
    cases: Cases,
    clients: Clients,
    orders: Orders,
    clock: Clock,
    book: Book | None = None,
) -> int:
    """What the books propose within the agency's limit; how many. A twin run, or a person, came first: next
    run sees what is left. Transfers to our own account only with `book`, and where they are still ours.
    Raises LawMissing."""
    within = [o for o in orders.open() if needs_nobody(o, _limit(agency, o))]
    own = [o for o in within if o.kind is OrderKind.OWN]
    kept = tuple(own) if book is None else not_covered(own, book=book, cases=cases, clock=clock)
    kept = (*kept, *(in_doubt(within, book, cases) if book is not None else ()))
    kept = (*kept, *short_of(within, cases))
    kept = (*kept, *altered(within, cases=cases), *to_old_account(within, clients=clients, clock=clock))
    within = [o for o in within if o not in kept]
    if not within:
        return 0
    now = clock.now()
    try:
        _commit(
            [approved(o, AUTOMATIC) for o in within], AUTOMATIC, now, execution_day(agency, now), cases, 2
        )
    except (AlreadyStored, StaleVersion):
        return 0
    return len(within)


def _limit(agency: Agency, order: PaymentOrder) -> Money:
    return Money(agency.release_limit_minor, order.amount.currency)


def _commit(
    found: Sequence[PaymentOrder], by: str, now: datetime, on: date, cases: Cases, steps: int = 1
) -> tuple[Batch, ...]:
    """`steps` transitions at once count as one change of each order."""
    by_id = {order.order_id: order for order in found}
    batches = batches_of(found, by=by, at=now, on=on)
    for batch in batches:
        moved = [released(by_id[i], by, batch.execution_on, batch.batch_id) for i in batch.order_ids]
        one_step = [replace(o, revision=o.revision - steps + 1) for o in moved]
        cases.commit(Change(orders=one_step, batches=(batch,), events=(_event(batch),)))
    return batches


def _check_sum(found: Sequence[PaymentOrder], control_sum: Money) -> None:
    if {order.amount.currency for order in found} != {control_sum.currency}:
        raise InvalidInput("control_sum must be in the currency of all orders", field="control_sum")
    whole = total((order.amount for order in found), control_sum.currency)
    if whole != control_sum:
        raise InvalidInput(
            f"control_sum is {control_sum.decimal()}, but the orders come to {whole.decimal()}; look again",
            field="control_sum",
        )


def _check_person(by: str) -> None:
    if not by or by == AUTOMATIC:
        raise NotAllowed("by must be a person", field="by")


def _unique(order_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(order_ids))


def _event(batch: Batch) -> Event:
    return Event(
        event_id=EventId(derived("evt", batch.batch_id)),
        type="payment_batch.released",
        version=1,
        occurred_at=batch.released_at,
        subject_kind="payment_batch",
        subject_id=batch.batch_id,
        client_id="",
        data=(
            ("control_sum_minor", str(batch.control_sum.minor)),
            ("currency", batch.control_sum.currency),
            ("orders", str(len(batch.order_ids))),
            ("released_by", batch.released_by),
        ),
    )


def write_now(
    batches: Sequence[Batch],
    *,
    agency: Agency,
    bank: Files,
    cases: Cases,
    orders: Orders,
    tell: Callable[[str], None],
) -> int:
    """What was released goes to the bank the same day; how many files.

    Nothing is raised: what is released stays so, and the next run writes what could not be written here.
    """
    written = 0
    for batch in batches:
        try:
            written += write_batch(batch, agency=agency, bank=bank, cases=cases, orders=orders)
        except SovintoError:
            tell(f"payment file of batch {batch.batch_id} is left to the next run")
    return written


def write_batch(batch: Batch, *, agency: Agency, bank: Files, cases: Cases, orders: Orders) -> bool:
    """The payment file of one batch, and then its orders are with the bank; True where it is written now.

    Name, message id and every byte follow from the batch: a run that died in between writes the same
    instruction again, which a bank takes once. After the guard, or any word of the bank on one of its
    orders, it is never written again. An order of another sum than was taken for it is left out: it stays
    released, in no batch, until two people give it up.
    """
    parts = [orders.load(order_id) for order_id in batch.order_ids]
    is_new = all(order.state is OrderState.RELEASED for order in parts)
    if is_new and (wrong := altered(parts, cases=cases)):
        parts = [order for order in parts if order not in wrong]
        whole = total((order.amount for order in parts), batch.control_sum.currency)
        batch = replace(batch, order_ids=tuple(order.order_id for order in parts), control_sum=whole)
    is_new = is_new and bool(parts)
    if is_new:
        _write(batch, parts, agency, bank)
    sent = [o.moved(OrderState.INSTRUCTED) for o in parts if o.state is OrderState.RELEASED]
    guard = Guard(BANK_FILE, batch.batch_id, str(batch.control_sum.minor))
    try:
        cases.commit(Change(orders=sent, batches=(replace(batch, is_sent=True),), guards=(guard,)))
    except (AlreadyStored, StaleVersion):
        # The desk and the run at once: the same bytes under the same name. Else the next run looks again.
        if cases.guard(BANK_FILE, batch.batch_id) is None:
            raise
        return False
    return is_new


def _write(batch: Batch, parts: Sequence[PaymentOrder], agency: Agency, bank: Files) -> None:
    # Here, not above: the desk approves and releases too, and need not load lxml for it.
    from sovinto.formats.pain001 import write_pain001

    data = write_pain001(
        message_id=batch.batch_id,
        created_at=batch.released_at,
        debtor_name=agency.contact.name,
        debtor_iban=agency.iban,
        debtor_bic=agency.bic,
        execution_on=batch.execution_on,
        transfers=[transfer_of(order) for order in parts],
        version=agency.pain_version,
    )
    bank.write(f"outgoing/{batch.batch_id}.xml", data, "application/xml")
