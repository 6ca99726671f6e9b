"""A client that owes us: money went back after it was remitted, and no other came to net it. It may pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from sovinto.domain import accounts
from sovinto.domain.client import Client
from sovinto.domain.ledger import Line
from sovinto.domain.money import Money, total
from sovinto.domain.payment import BANK_SOURCE, Payable, UnallocatedPayment
from sovinto.domain.posting import Occasion, transfer
from sovinto.domain.reversal import REVERSED
from sovinto.errors import InvalidInput, RuleRefused, StaleVersion
from sovinto.ids import ClientId, EventId, PaymentId, derived
from sovinto.ports import Book, Cases, Change, Clients, Clock, Guard
from sovinto.usecases.remittance_stands import KIND as STANDS
from sovinto.usecases.remittance_stands import standing
from sovinto.usecases.suspense_rows import (
    SETTLED,
    committed_once,
    is_settled,
    row_of,
    settled_event,
    settling,
)

OWING_DAYS = 14
KIND = "client_paid_back"
TOOK_BACK = "CLIENT_TOOK_BACK"


@dataclass(frozen=True, slots=True)
class Owing:
    """`since` the oldest of that money went back."""

    client_id: ClientId
    amount: Money
    since: datetime


def owing(client: Client, *, cases: Cases, clients: Clients) -> Owing | None:
    """What the client owes us after all that it has to get; None where that is nothing."""
    payables = clients.payables(client.client_id)
    short = -_net(payables, client.currency)
    if short.minor <= 0:
        return None
    found = [_went_back(payable, cases) for payable in payables if payable.net.minor < 0]
    return Owing(client.client_id, short, min(found))


def owing_for_long(*, cases: Cases, clients: Clients, clock: Clock) -> tuple[Owing, ...]:
    """Clients that owe us for OWING_DAYS or more: until they pay, it is others' money that is missing."""
    found = (owing(client, cases=cases, clients=clients) for client in clients.all())
    since = clock.now() - timedelta(days=OWING_DAYS)
    return tuple(one for one in found if one is not None and one.since <= since)


def client_paid_back(
    payment_id: PaymentId,
    client_id: ClientId,
    *,
    by: str,
    book: Book,
    cases: Cases,
    clients: Clients,
    clock: Clock,
) -> bool:
    """Money in suspense is what the client owes us, or a part of it; once. The next remittance nets it.

    A debit is the bank's return of such money, and the client owes it again; or it is that of a remittance
    which was put back and is paid after all. True where it was told before. Raises NotFound, RuleRefused
    for what is no line of the bank, InvalidInput for more than the client owes, or a debit of a sum that
    the client did not pay back.
    """
    told = f"client|{client_id}"
    if is_settled(payment_id, told, cases):
        return True
    row, client = row_of(payment_id, book), clients.load(client_id)
    amount = row.payment.amount
    if row.payment.source != BANK_SOURCE:
        raise RuleRefused("only a line of the bank can be what a client pays back, or the return of it")
    if amount.minor < 0:
        owed_back = standing(row, client, cases, clients)
        if owed_back is not None:
            change = _change(row, owed_back, told, by, clock, STANDS)
            return committed_once(change, payment_id, told, cases)
        credit = _told_before(row, client, cases, clients)
        return committed_once(_took_back(row, credit, told, by, clock), payment_id, told, cases)
    owed = owing(client, cases=cases, clients=clients)
    most = owed.amount if owed else Money.zero(client.currency)
    if amount.currency != most.currency or amount.minor > most.minor:
        raise InvalidInput(
            f"client_id must be a client that owes us {amount.decimal()} {amount.currency} or more; this "
            f"one owes {most.decimal()} {most.currency}: send the money back and ask for just that",
            field="client_id",
        )
    change = _change(row, _paid(row, client, clients), told, by, clock)
    return committed_once(change, payment_id, told, cases)


def _net(payables: Sequence[Payable], currency: str) -> Money:
    return total((payable.net for payable in payables), currency)


def _went_back(payable: Payable, cases: Cases) -> datetime:
    """When the money of this claw-back went back; what is carried keeps the name of its first payment."""
    entries = cases.entries(payable.case_id)
    backs = (e.posted_at for e in entries if e.kind == REVERSED and e.source == payable.claws_back)
    return max(backs, default=datetime.combine(payable.received_on, time(), UTC))


def _paid(row: UnallocatedPayment, client: Client, clients: Clients) -> Payable:
    """Beside the oldest claw-back, of whose case it is; nothing of it is a fee."""
    open_ones = (p for p in clients.payables(client.client_id) if p.net.minor < 0)
    oldest = min(open_ones, key=lambda payable: (payable.received_on, payable.payment_id))
    return Payable(
        client_id=client.client_id,
        case_id=oldest.case_id,
        client_reference=oldest.client_reference,
        payment_id=row.payment.payment_id,
        received_on=row.payment.value_on,
        collected=row.payment.amount,
        retained=Money.zero(row.payment.amount.currency),
    )


def _told_before(row: UnallocatedPayment, client: Client, cases: Cases, clients: Clients) -> Payable:
    """The oldest payment of just that sum that was told as the client's, and did not go back yet."""
    taken, told = -row.payment.amount, f"client|{client.client_id}"
    of_the_sum = [p for p in clients.all_payables(client.client_id) if p.collected == taken]
    for payable in sorted(of_the_sum, key=lambda one: (one.received_on, one.payment_id)):
        is_told = cases.guard(SETTLED, payable.payment_id) == told
        if is_told and cases.guard(TOOK_BACK, payable.payment_id) is None:
            return payable
    raise InvalidInput(
        f"client_id must be a client that paid just {taken.decimal()} {taken.currency} back to us, and it "
        "was told so; tell first what the client paid, or choose another way",
        field="client_id",
    )


def _took_back(row: UnallocatedPayment, credit: Payable, told: str, by: str, clock: Clock) -> Change:
    """The mirror of `_change`; two debits never take one payment back."""
    payment_id = row.payment.payment_id
    again = credit.clawed_back(payment_id, credit.collected, credit.retained)
    once = Guard(TOOK_BACK, credit.payment_id, payment_id, clash=StaleVersion)
    change = _change(row, again, told, by, clock)
    return replace(change, guards=(*change.guards, once))


def _change(
    row: UnallocatedPayment, paid: Payable, told: str, by: str, clock: Clock, kind: str = KIND
) -> Change:
    payment_id, amount = row.payment.payment_id, row.payment.amount
    entry = transfer(
        Occasion(EventId(derived("evt", "suspense", payment_id, kind)), clock.now()),
        kind=kind,
        lines=(
            Line(accounts.SUSPENSE, amount),
            Line(accounts.client_payable(paid.client_id), -amount),
        ),
        value_on=row.payment.value_on,
        source=payment_id,
    )
    return Change(
        entries=(entry,),
        guards=(settling(payment_id, told),),
        found=(row,),
        payables=(replace(paid, received_on=row.payment.value_on),),
        events=(settled_event(row, kind, by, clock),),
    )
