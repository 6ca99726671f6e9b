"""Entries and events of a payment order that came back, or went."""

from __future__ import annotations

from datetime import datetime

from sovinto.domain.event import Event
from sovinto.domain.ledger import Entry, Line
from sovinto.domain.order import OrderState, PaymentOrder
from sovinto.domain.posting import Occasion
from sovinto.ids import EventId, derived


def opposite(order: PaymentOrder, entry: Entry, kind: str, occasion: Occasion) -> Entry:
    return Entry(
        entry_id=occasion.entry_id(kind, entry.entry_id),
        kind=kind,
        posted_at=occasion.at,
        value_on=entry.value_on,
        lines=tuple(Line(line.account, -line.amount) for line in entry.lines),
        event_id=occasion.event_id,
        case_id=entry.case_id,
        label=order.order_id,
        source=entry.source,
        reverses=entry.entry_id,
    )


def of_order(order: PaymentOrder, now: datetime) -> Occasion:
    return Occasion(EventId(derived("evt", order.order_id, order.state.value)), now)


def code_of(order: PaymentOrder) -> str:
    """The reason as events carry it: a code or a word, never what somebody wrote."""
    word = order.reason.split(":")[0].strip()
    return word if word.isalnum() and order.state is OrderState.REJECTED else order.state.value


def order_event(order: PaymentOrder, kind: str, now: datetime, name: str, outcome: str) -> Event:
    return Event(
        event_id=EventId(derived("evt", order.order_id, kind, name)),
        type=kind,
        version=1,
        occurred_at=now,
        subject_kind="case",
        subject_id=str(order.case_id),
        client_id=order.client_id,
        data=(
            ("amount_minor", str(order.amount.minor)),
            ("order_id", order.order_id),
            ("outcome", outcome),
        ),
    )
