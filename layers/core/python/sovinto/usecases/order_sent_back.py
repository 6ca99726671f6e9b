"""Money in suspense that is an order's, come back: by the id that it has, or because a person says so."""

from __future__ import annotations

import re
from dataclasses import replace

from sovinto.domain import accounts
from sovinto.domain.ledger import Entry, Line
from sovinto.domain.order import OrderState, PaymentOrder
from sovinto.domain.payment import BANK_SOURCE, UnallocatedPayment
from sovinto.domain.posting import Occasion, transfer
from sovinto.errors import InvalidInput, RuleRefused
from sovinto.ids import EventId, derived
from sovinto.ports import Cases, Change, Clock, Guard, Orders
from sovinto.usecases.order_status import undone
from sovinto.usecases.suspense_rows import settled_event

RETURNED = "returned"
"""The reason of a return without the bank's code."""
DUPLICATE = "AM05"
"""The bank's word for what it executed twice. ISO 20022 ExternalReturnReason1Code."""
TOO_OFTEN = "it gives back a payment order of ours that the bank took more often than it gave it back"
_CODE = re.compile(r"[A-Z]{2}[0-9]{2}")


def with_code(code: str | None, words: str) -> str:
    """Why such money waits, with the bank's code for the day on which somebody says what it is."""
    return f"{code}: {words}" if code else words


def code_told(row: UnallocatedPayment) -> str:
    """The bank's code of a row whose reason `with_code` made."""
    code, colon, _ = row.reason.partition(": ")
    return code if colon and _CODE.fullmatch(code) else RETURNED


def cleared(row: UnallocatedPayment, order_id: str, clock: Clock) -> Entry:
    """The credit leaves suspense for the order that it gives back."""
    amount = row.payment.amount
    return transfer(
        Occasion(EventId(derived("evt", "suspense", row.payment.payment_id, "came_back")), clock.now()),
        kind="suspense_cleared",
        lines=(Line(accounts.SUSPENSE, amount), Line(accounts.IN_TRANSIT, -amount)),
        value_on=row.payment.value_on,
        source=row.payment.source_id,
        label=order_id,
    )


def its_return(order: PaymentOrder | None, cases: Cases) -> UnallocatedPayment | None:
    """What waits under the id of an order that is paid, and gives back all of it."""
    if order is None or order.state is not OrderState.BOOKED:
        return None
    rows = cases.suspense_by(order.order_id)
    if any(_is_debit(row, order) for row in rows):
        return None
    backs = (row for row in rows if row.payment.amount == order.amount and TOO_OFTEN not in row.reason)
    # What gives back a duplicate waits for the second debit.
    own = (row for row in backs if code_told(row) != DUPLICATE)
    return next((row for row in own if row.payment.source == BANK_SOURCE), None)


def check_its_return(row: UnallocatedPayment, order: PaymentOrder, cases: Cases) -> None:
    """Raises InvalidInput for an order that is not paid, or of another sum, RuleRefused for what
    is not the order's: it was executed twice, and given back once."""
    if order.state is not OrderState.BOOKED or order.amount != row.payment.amount:
        raise InvalidInput(
            f"order {order.order_id} is {order.state.value} with {order.amount.decimal()} "
            f"{order.amount.currency}; name the one that was paid with just the sum that came back",
            field="order_ids",
        )
    if row.payment.source != BANK_SOURCE:
        raise RuleRefused("only money that the bank gave back can be a payment order that came back")
    if any(_is_debit(one, order) for one in cases.suspense_by(order.order_id)):
        raise RuleRefused(
            f"the bank took order {order.order_id} once more, and that debit waits in suspense too; "
            "end the two together (`sovinto suspense undo`)"
        )
    if TOO_OFTEN in row.reason:
        raise RuleRefused(
            f"the bank took order {order.order_id} more often than it gave it back: it is paid, and this "
            "is the rest"
        )


def sent_back(
    row: UnallocatedPayment,
    order: PaymentOrder,
    settled: Guard,
    *,
    by: str,
    cases: Cases,
    orders: Orders,
    clock: Clock,
) -> Change:
    """The order is as if the bank had sent it back on that line, with the bank's code."""
    back = undone(order, OrderState.REJECTED, code_told(row), cases, orders, clock.now())
    return replace(
        back,
        entries=(cleared(row, order.order_id, clock), *back.entries),
        guards=(settled, *back.guards),
        found=(*back.found, row),
        events=(*back.events, settled_event(row, "came_back", by, clock)),
    )


def _is_debit(row: UnallocatedPayment, order: PaymentOrder) -> bool:
    return row.payment.amount == -order.amount
