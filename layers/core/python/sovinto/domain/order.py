"""A payment order: money that is to leave our account, from the first proposal to the bank's debit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sovinto.domain.money import Money, total
from sovinto.errors import InvalidInput, NotAllowed
from sovinto.ids import CaseId, ClientId, EntryId, derived

SYSTEM = "system"
"""Who proposes what follows from the books: remittances, refunds to the account that paid."""
AUTOMATIC = "automatic"
"""Who approves and releases below the agency's limit."""
MOST_IN_BATCH = 45
NO_CLIENT = ClientId("")


class OrderKind(StrEnum):
    REMITTANCE = "remittance"
    REFUND = "refund"
    RETURN = "return_to_sender"
    OWN = "own_transfer"


class OrderState(StrEnum):
    """Only forward; `REJECTED` and `WITHDRAWN` put the money back to where it was taken from."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    RELEASED = "released"
    INSTRUCTED = "instructed"
    ACCEPTED = "accepted"
    BOOKED = "booked"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


AT_THE_BANK = frozenset({OrderState.INSTRUCTED, OrderState.ACCEPTED})
"""The bank has it, and the statement does not show it yet."""
NOT_RELEASED = frozenset({OrderState.PROPOSED, OrderState.APPROVED})
OF_THE_ACCOUNT = frozenset(
    {"AC01", "AC03", "AC04", "AC06", "AC07", "AC14", "AG01", "AG03", "BE06", "MD07", "RC04", "RC07"}
)
"""The refusals that speak of the payee's account: wrong, closed, blocked, of a kind that takes no transfer,
its holder unknown or dead, its bank wrong. Every other is of the sum, the day, the file, ourselves, the
bank, or of nothing that was told. ISO 20022 ExternalStatusReason1Code, ExternalReturnReason1Code."""
FINAL = frozenset({OrderState.BOOKED, OrderState.REJECTED, OrderState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """`order_id` is the end-to-end id (at most 35 characters, no underscore).

    `source` is what it pays: the remittance, the case's refund or the payment that goes back. `entry_id` is
    the entry that took the money to `bank:in_transit` when it was proposed, at `proposed_at`. `covers` are
    the (case, payment) of a remittance's payables. `revision` is one more with every change.
    """

    order_id: str
    kind: OrderKind
    payee: str
    iban: str
    bic: str
    amount: Money
    source: str
    text: str
    entry_id: EntryId
    proposed_by: str
    proposed_at: datetime
    execution_on: date
    client_id: ClientId = NO_CLIENT
    case_id: CaseId | None = None
    covers: tuple[tuple[str, str], ...] = ()
    state: OrderState = OrderState.PROPOSED
    approved_by: str = ""
    released_by: str = ""
    batch_id: str = ""
    reason: str = ""
    revision: int = 1

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def is_account_refused(self) -> bool:
        """The bank sends nothing to this account: the same order again would come back again."""
        return self.state is OrderState.REJECTED and self.reason[:4] in OF_THE_ACCOUNT

    def moved(self, state: OrderState, reason: str = "") -> PaymentOrder:
        return replace(self, state=state, reason=reason or self.reason, revision=self.revision + 1)


@dataclass(frozen=True, slots=True)
class Batch:
    """Orders released together for one day and currency: one file, named by `batch_id`, written once."""

    batch_id: str
    execution_on: date
    order_ids: tuple[str, ...]
    control_sum: Money
    released_by: str
    released_at: datetime
    is_sent: bool = False


def approved(order: PaymentOrder, by: str) -> PaymentOrder:
    """The first pair of eyes. Raises InvalidInput where it is not proposed any more."""
    _must_be(order, OrderState.PROPOSED, "approved")
    return replace(order.moved(OrderState.APPROVED), approved_by=by)


def released(order: PaymentOrder, by: str, on: date, batch_id: str) -> PaymentOrder:
    """The second pair of eyes. Raises NotAllowed for who proposed or approved it, InvalidInput."""
    _must_be(order, OrderState.APPROVED, "released")
    if by in (order.proposed_by, order.approved_by) and by != AUTOMATIC:
        raise NotAllowed(
            f"by must be somebody else than who proposed or approved order {order.order_id}; "
            "ask a colleague to release it",
            field="by",
        )
    return replace(
        order.moved(OrderState.RELEASED),
        released_by=by,
        batch_id=batch_id,
        execution_on=max(on, order.execution_on),
    )


def needs_nobody(order: PaymentOrder, limit: Money) -> bool:
    """Within the agency's limit, and proposed by the books and not by a person: no eyes are needed."""
    return (
        order.state is OrderState.PROPOSED
        and order.proposed_by == SYSTEM
        and order.amount.currency == limit.currency
        and order.amount.minor <= limit.minor
    )


def batches_of(orders: Sequence[PaymentOrder], *, by: str, at: datetime, on: date) -> tuple[Batch, ...]:
    """By execution day and currency, at most MOST_IN_BATCH orders each; ids follow from what is in them."""
    groups: dict[tuple[date, str], list[PaymentOrder]] = {}
    for order in sorted(orders, key=lambda one: one.order_id):
        groups.setdefault((max(on, order.execution_on), order.amount.currency), []).append(order)
    return tuple(
        _batch(group[start : start + MOST_IN_BATCH], day, by, at)
        for (day, _), group in sorted(groups.items())
        for start in range(0, len(group), MOST_IN_BATCH)
    )


def _batch(group: Sequence[PaymentOrder], day: date, by: str, at: datetime) -> Batch:
    names = tuple(order.order_id for order in group)
    return Batch(
        batch_id=derived("bat", day.isoformat(), *names).replace("_", "-"),
        execution_on=day,
        order_ids=names,
        control_sum=total((order.amount for order in group), group[0].amount.currency),
        released_by=by,
        released_at=at,
    )


def _must_be(order: PaymentOrder, state: OrderState, done: str) -> None:
    if order.state is not state:
        raise InvalidInput(
            f"order {order.order_id} is {order.state.value}; only one that is {state.value} can be {done}",
            field="order_id",
        )
