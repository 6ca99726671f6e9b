"""How often money to one account came back in a row: after so many times it waits for people.

A series of words for each account that somebody is paid to. A word that is no coming back begins anew,
but for a debit of an order that came back after it: that money was never paid.
"""

from __future__ import annotations

from datetime import datetime

from sovinto.domain.event import Event
from sovinto.domain.order import OrderKind, PaymentOrder
from sovinto.errors import InvalidInput, StaleVersion
from sovinto.ids import CaseId, ClientId, EventId, PaymentId, derived
from sovinto.ports import Cases, Change, Clock, Guard
from sovinto.usecases.guard_series import length_of
from sovinto.usecases.retry import with_fresh_read

TRIES = "TRIES"
MOST_TRIES = 3
CAME_BACK, PAID, LET_GO = "came_back", "paid", "let_go"


def tries_of_client(client_id: ClientId, iban: str) -> str:
    """The series of remittances to that account; the number itself is not in the key."""
    return derived("try", client_id, _plain(iban))


def tries_of_refund(case_id: CaseId, payment_id: PaymentId, iban: str) -> str:
    return derived("try", case_id, payment_id, _plain(iban))


def tries_of_own(iban: str, currency: str) -> str:
    """The series of what is moved to our own account in that currency."""
    return derived("try", "own", _plain(iban), currency)


def _plain(iban: str) -> str:
    return "".join(iban.split()).upper()


def in_a_row(name: str, cases: Cases) -> int:
    """How often it came back since it was paid, or let go by a person; at most MOST_TRIES."""
    return len(_runs(name, cases))


def _runs(name: str, cases: Cases, returned: str = "") -> set[str]:
    """When those orders were proposed: one run may make several for one client, which is one try.

    `returned` is an order that is coming back just now.
    """
    found: set[str] = set()
    back = {returned}
    for place in range(length_of(TRIES, name, cases) - 1, -1, -1):
        word, told, order_id = _word(cases.guard(TRIES, f"{name}#{place}"))
        if word == PAID and order_id and order_id in back:
            continue
        if word != CAME_BACK or len(found) == MOST_TRIES:
            break
        found.add(told)
        back.add(order_id)
    return found


def _word(stored: str | None) -> tuple[str, str, str]:
    """The word, when its order was proposed, and which it was: empty where it was not told."""
    word, proposed_at, order_id = [*(stored or "").split("|"), "", ""][:3]
    return word, proposed_at, order_id


def is_stopped(name: str, cases: Cases) -> bool:
    """The same order again would most likely come back again, day by day."""
    return in_a_row(name, cases) >= MOST_TRIES


def came_back(
    order: PaymentOrder, now: datetime, cases: Cases
) -> tuple[tuple[Guard, ...], tuple[Event, ...]]:
    """What to store when the bank did not pay an order and its account may be right: it is proposed anew.

    The event tells that this was the last time without people. Returns to senders are a person's each time.
    """
    name = _series(order)
    if not name or (order.is_account_refused and order.kind is not OrderKind.OWN):
        return (), ()
    before, proposed_at = _runs(name, cases, order.order_id), order.proposed_at.isoformat()
    is_last = len(before) < MOST_TRIES == len(before | {proposed_at})
    word = f"{CAME_BACK}|{proposed_at}|{order.order_id}"
    return (_next(name, word, cases),), _stopped(order, now) if is_last else ()


def paid(order: PaymentOrder, cases: Cases) -> tuple[Guard, ...]:
    """What to store when the statement shows the debit: nothing where nothing had come back."""
    name = _series(order)
    word = f"{PAID}|{order.proposed_at.isoformat()}|{order.order_id}"
    return (_next(name, word, cases),) if name and in_a_row(name, cases) else ()


def let_go(name: str, *, by: str, reason: str, cases: Cases, clock: Clock) -> None:
    """A person has seen to it: it is proposed again. Raises InvalidInput where nothing is stopped."""

    def once() -> None:
        if not is_stopped(name, cases):
            raise InvalidInput(
                f"nothing is stopped here: only what came back {MOST_TRIES} times in a row waits for you"
            )
        cases.commit(
            Change(guards=(_next(name, f"{LET_GO}|{by}|{clock.now().isoformat()}|{reason}", cases),))
        )

    with_fresh_read(once)


def _series(order: PaymentOrder) -> str:
    if order.kind is OrderKind.REMITTANCE:
        return tries_of_client(order.client_id, order.iban)
    if order.kind is OrderKind.REFUND and order.case_id is not None:
        return tries_of_refund(order.case_id, PaymentId(order.source), order.iban)
    return tries_of_own(order.iban, order.amount.currency) if order.kind is OrderKind.OWN else ""


def _next(name: str, word: str, cases: Cases) -> Guard:
    return Guard(TRIES, f"{name}#{length_of(TRIES, name, cases)}", word, clash=StaleVersion)


def _stopped(order: PaymentOrder, now: datetime) -> tuple[Event, ...]:
    """Nobody but us waits for what is moved to our own account: the alarm alone tells of it."""
    if order.kind is OrderKind.OWN:
        return ()
    is_refund = order.kind is OrderKind.REFUND
    event = Event(
        event_id=EventId(derived("evt", order.order_id, "stopped")),
        type="refund.stopped" if is_refund else "remittance.stopped",
        version=1,
        occurred_at=now,
        subject_kind="case" if is_refund else "client",
        subject_id=str(order.case_id) if is_refund else order.client_id,
        client_id=order.client_id,
        data=(("order_id", order.order_id), ("tries", str(MOST_TRIES))),
    )
    return (event,)
