"""What the payment provider announces, possibly twice, late or out of order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sovinto.countries import load_calendar
from sovinto.domain import accounts
from sovinto.domain.checkout import GatewayEvent, GatewayEventType
from sovinto.domain.money import Money
from sovinto.domain.payment import Attempt, Payment
from sovinto.domain.reversal import Reason, allocated_entry, undone
from sovinto.errors import InvalidInput, NotFound
from sovinto.ids import PaymentId, derived
from sovinto.ports import Cases, Clock, Guard
from sovinto.usecases.held_payment import OtherSum, check_sum
from sovinto.usecases.paid_again import (
    WAYS,
    again_id,
    further_page,
    key_of,
    money_of,
    note_again,
    note_charge,
    noted_charge,
)
from sovinto.usecases.payouts import announce
from sovinto.usecases.record_payment import record_payment
from sovinto.usecases.refund_at_provider import never_left, note_refused
from sovinto.usecases.retry import with_fresh_read
from sovinto.usecases.reverse_payment import reverse_payment
from sovinto.usecases.settle_payout import settle_payout

_BACK = {
    GatewayEventType.CHARGE_REFUNDED: Reason.REFUNDED,
    GatewayEventType.DISPUTE_CREATED: Reason.CHARGEBACK,
}
_AGAIN = (GatewayEventType.DISPUTE_WON, GatewayEventType.REFUND_FAILED)


def hear_gateway(
    provider: str,
    event: GatewayEvent,
    *,
    cases: Cases,
    clock: Clock,
    tell: Callable[[str], None] | None = None,
) -> str:
    """Returns what was done: recorded, reversed, repeated, noted, held (`tell` gets the reason) or ignored.

    Money that is not final is not booked, and a payment of another sum than was asked for is held. Raises
    InvalidInput for a payment we never began, and NotFound for one that went back before it was announced:
    told again later, it is found.
    """
    try:
        return _heard(provider, event, cases, clock, tell)
    except OtherSum as other:
        if tell is not None:
            tell(other.message)
        return "held"


def _heard(
    provider: str, event: GatewayEvent, cases: Cases, clock: Clock, tell: Callable[[str], None] | None
) -> str:
    if event.type is GatewayEventType.CHECKOUT_COMPLETED:
        return _paid(provider, event, cases, clock)
    if event.type in _BACK:
        return _gone_back(provider, event, cases, clock)
    if event.type in _AGAIN:
        return _come_again(provider, event, cases, clock)
    if event.type is GatewayEventType.PAYOUT_PAID:
        return _paid_out(provider, event, cases, clock, tell)
    if event.type is GatewayEventType.REFUND_REFUSED and note_refused(event.cause_id, cases=cases):
        return "noted"
    return "ignored"


def _paid_out(
    provider: str, event: GatewayEvent, cases: Cases, clock: Clock, tell: Callable[[str], None] | None
) -> str:
    if event.settlement is None:
        is_new = announce(provider, event, cases=cases, clock=clock)
        return "noted" if is_new else "repeated"
    book = partial(book_line, provider, cases=cases, clock=clock)
    done = settle_payout(provider, event.settlement, book=book, cases=cases, clock=clock)
    if done.reason and tell is not None:
        tell(done.reason)
    return done.outcome


def book_line(provider: str, event: GatewayEvent, *, cases: Cases, clock: Clock) -> str:
    """A line of a payout: what cannot be booked holds the payout, so it raises all that it is."""
    return _heard(provider, event, cases, clock, None)


def _paid(provider: str, event: GatewayEvent, cases: Cases, clock: Clock) -> str:
    attempt = _attempt(provider, event, cases)
    check_sum(attempt, event.amount, cases)
    where = event.checkout_id or attempt.checkout_id or event.event_id
    guard = Guard(f"SEEN#{provider}", attempt.payment_id, where)
    second = further_page(provider, attempt.payment_id, event.charge_id, cases)
    if second is None or cases.guard(guard.scope, guard.key) is None:
        note_charge(provider, event.charge_id, attempt.payment_id, cases)
        done = _posted(provider, event, attempt, attempt.payment_id, guard, cases, clock)
        if done == "recorded" or cases.guard(guard.scope, guard.key) == where or not event.checkout_id:
            return done
        second = PaymentId(derived("pay", provider, event.checkout_id))
    return _further_page(provider, event, attempt, second, cases, clock)


def _further_page(
    provider: str, event: GatewayEvent, attempt: Attempt, second: PaymentId, cases: Cases, clock: Clock
) -> str:
    """A second page for the same payment was opened after a time-out, and paid too: that is more money.

    Its charge is noted when it is in the books: a settlement takes a noted one for booked.
    """
    with_fresh_read(lambda: note_again(provider, attempt.payment_id, second, cases, is_page=True))
    guard = Guard(f"SEEN#{provider}", second, event.checkout_id or event.event_id)
    done = _posted(provider, event, attempt, second, guard, cases, clock)
    note_charge(provider, event.charge_id, attempt.payment_id, cases, page=second)
    return done


def _come_again(provider: str, event: GatewayEvent, cases: Cases, clock: Clock) -> str:
    """A dispute that was won, a refund that failed: the provider holds that money for us once more.

    It is a payment of its own; that of the attempt stays reversed.
    """
    if never_left(provider, event.cause_id, cases=cases):
        return "ignored"
    attempt = _attempt(provider, event, cases)
    way = WAYS[event.type].removesuffix("_back")
    if event.cause_id and cases.guard(f"SEEN#{provider}", f"{way}/{event.cause_id}") is None:
        raise NotFound(f"{way} {event.cause_id} is not in the books; it cannot come back yet")
    key = key_of(event)
    payment_id = again_id(provider, event)
    with_fresh_read(lambda: note_again(provider, attempt.payment_id, payment_id, cases))
    guard = Guard(f"SEEN#{provider}", key if event.cause_id else payment_id, event.event_id)
    return _posted(provider, event, attempt, payment_id, guard, cases, clock)


def _gone_back(provider: str, event: GatewayEvent, cases: Cases, clock: Clock) -> str:
    """The newest payment of the attempt that holds so much; else from one after another, newest first.

    Each part is stored for itself, the last one with the guard of the whole: told again, it goes on.
    """
    if never_left(provider, event.cause_id, cases=cases):
        return "ignored"
    attempt, key = _attempt(provider, event, cases), key_of(event)
    if cases.guard(f"SEEN#{provider}", key) is not None:
        return "repeated"
    on = load_calendar(cases.load(attempt.case_id).country).local_date(
        _latest_now(event.occurred_at, clock)
    )
    *before, (last, rest) = _shares(provider, key, event, attempt, cases)
    parts = [(p, share, Guard(f"SEEN#{provider}", f"{key}/{p}", str(share.minor))) for p, share in before]
    parts.append((last, rest, Guard(f"SEEN#{provider}", key, last)))
    done = [
        reverse_payment(
            payment_id,
            attempt.case_id,
            amount=share,
            on=on,
            reason=_BACK[event.type],
            guard=guard,
            cases=cases,
            clock=clock,
        )
        for payment_id, share, guard in parts
    ]
    return "repeated" if done[-1].is_repeat else "reversed"


def _shares(
    provider: str, key: str, event: GatewayEvent, attempt: Attempt, cases: Cases
) -> list[tuple[PaymentId, Money]]:
    """What is still to go back, by payment; never empty. Raises NotFound, InvalidInput."""
    payments = money_of(provider, attempt.payment_id, cases)
    gone = {p: cases.guard(f"SEEN#{provider}", f"{key}/{p}") for p in payments[1:]}
    open_minor = event.amount.minor - sum(int(done) for done in gone.values() if done)
    left = {p: minor for p, minor in _left(attempt, payments, cases).items() if not gone.get(p)}
    whole = [p for p in reversed(payments) if left.get(p, 0) >= open_minor]
    if whole or len(left) < 2 or open_minor > sum(left.values()):
        # What is too much is refused there, with what is left.
        return [(whole[0] if whole else payments[0], Money(open_minor, event.amount.currency))]
    found = []
    for payment_id in reversed(payments):
        share = min(left.get(payment_id, 0), open_minor)
        open_minor -= share
        if share:
            found.append((payment_id, Money(share, event.amount.currency)))
    return found


def _left(attempt: Attempt, payments: tuple[PaymentId, ...], cases: Cases) -> dict[PaymentId, int]:
    """What has not gone back of each payment, in minor units; only those of which something is left."""
    file = cases.file(attempt.case_id)
    found = {}
    for payment_id in payments:
        entry = allocated_entry(file.entries, payment_id)
        if entry is None:
            continue
        try:
            found[payment_id] = undone(file.case, entry, file.entries, None).amount.minor
        except InvalidInput:
            continue
    return found


def _attempt(provider: str, event: GatewayEvent, cases: Cases) -> Attempt:
    payment_id = event.payment_id
    if payment_id is None and event.charge_id:
        payment_id = noted_charge(provider, event.charge_id, cases)
        if payment_id is None:
            raise NotFound(f"no payment of ours is known under the provider's id {event.charge_id} yet")
    attempt = cases.attempt(payment_id) if payment_id else None
    if attempt is None:
        raise InvalidInput("reference names no payment that was begun here", field="reference")
    return attempt


def _posted(
    provider: str,
    event: GatewayEvent,
    attempt: Attempt,
    payment_id: PaymentId,
    guard: Guard,
    cases: Cases,
    clock: Clock,
) -> str:
    country = cases.load(attempt.case_id).country
    received = Payment(
        payment_id=payment_id,
        source=provider,
        source_id=event.checkout_id or payment_id,
        value_on=load_calendar(country).local_date(_latest_now(event.occurred_at, clock)),
        amount=event.amount,
        again_of=attempt.payment_id if payment_id != attempt.payment_id else None,
    )
    recorded = record_payment(
        received,
        case_id=attempt.case_id,
        into=accounts.psp(provider),
        guard=guard,
        cases=cases,
        clock=clock,
    )
    return "repeated" if recorded.is_repeat else "recorded"


def _latest_now(occurred_at: datetime, clock: Clock) -> datetime:
    """A provider's clock ahead of ours must not date money into the future."""
    return min(occurred_at, clock.now())
