"""Pay collected money on: one remittance per client and run, booked before the bank is instructed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sovinto.countries import load_calendar
from sovinto.domain import accounts
from sovinto.domain.agency import Agency
from sovinto.domain.client import Client
from sovinto.domain.document import Document
from sovinto.domain.event import Event
from sovinto.domain.ledger import Entry, Line
from sovinto.domain.money import Money, total
from sovinto.domain.payment import Payable
from sovinto.domain.posting import Occasion, transfer
from sovinto.domain.remittance import Remittance, RemittanceLine, parts_of
from sovinto.domain.rhythm import to_pay
from sovinto.errors import AlreadyStored, StaleVersion
from sovinto.ids import EventId, PaymentId, derived
from sovinto.ports import Cases, Change, Clients, Clock, Files, Guard, Press
from sovinto.usecases.order_payment import ordered, remittance_order
from sovinto.usecases.payouts import has_arrived
from sovinto.usecases.retained_tax import tax_of_retained, with_rates
from sovinto.usecases.stopped_remittance import is_remittance_stopped

MAX_LINES = 40


def remit_to_client(
    client: Client,
    *,
    agency: Agency,
    press: Press,
    documents: Files,
    cases: Cases,
    clients: Clients,
    clock: Clock,
) -> tuple[Remittance, ...]:
    """What is on our account and due by the client's rhythm, at most MAX_LINES payments each, less what
    went back. Each that pays anything proposes a payment order.

    While more went back than there is to pay, nothing is made: it is netted later. Nor while the client has
    an account that the bank refused, or to which nothing arrived several times in a row: the money waits
    for another account, or for people. Raises LawMissing (VAT, holidays), InvalidInput for an account of
    the client that the bank would refuse.
    """
    if is_remittance_stopped(client, cases):
        return ()
    now = clock.now()
    calendar = load_calendar(client.country)
    today = calendar.local_date(now)
    arrived = [p for p in clients.payables(client.client_id) if has_arrived(p, cases)]
    payables = to_pay(arrived, client.rhythm, client.currency, calendar, today)
    made: list[Remittance] = []
    for part in _parts(payables, client.currency):
        remittance = _remittance(client, agency, part, today, cases)
        rated = replace(part, payables=with_rates(client, agency, part.payables, today, cases))
        tax = tax_of_retained(rated.payables, client.currency)
        change = _change(client, remittance, rated, tax, now, agency)
        documents.write(_key(remittance), press.remittance(remittance), "application/pdf")
        try:
            cases.commit(change)
        except (AlreadyStored, StaleVersion):
            # A twin run pays this money, or some of it goes back now; the next run sees what is left.
            break
        made.append(remittance)
    return tuple(made)


def _key(remittance: Remittance) -> str:
    return f"clients/{remittance.client_id}/remittances/{remittance.remittance_id}.pdf"


@dataclass(frozen=True, slots=True)
class _Part:
    """What one remittance nets. Of the claw-backs in it `carried` (negative) is left for the next one."""

    payables: tuple[Payable, ...]
    carried: Payable | None = None


def _parts(payables: Sequence[Payable], currency: str) -> Iterator[_Part]:
    """Claw-backs first, so that none is left behind while other money is paid on.

    Where one part does not cover them, the rest is carried: never is a part below zero.
    """
    waiting = sorted(payables, key=lambda payable: payable.net.minor >= 0)
    if total((payable.net for payable in waiting), currency).minor < 0:
        return
    while waiting:
        chunk, waiting = waiting[:MAX_LINES], waiting[MAX_LINES:]
        short = total((payable.net for payable in chunk), currency)
        if short.minor >= 0:
            yield _Part(tuple(chunk))
            continue
        carried = _carried(chunk, -short)
        yield _Part(tuple(chunk), carried)
        waiting = [carried, *waiting]


def _carried(chunk: Sequence[Payable], short: Money) -> Payable:
    """The id derives from all that the part nets, so that it is new and a repeated run finds it again."""
    names = sorted(f"{payable.case_id}/{payable.payment_id}" for payable in chunk)
    name = PaymentId(derived("clw", *names))
    return chunk[0].clawed_back(name, short, Money.zero(short.currency))


def _remittance(client: Client, agency: Agency, part: _Part, today: date, cases: Cases) -> Remittance:
    """The id derives from what is paid, so a repeated run cannot pay the same money under two ids."""
    names = sorted(
        f"{p.case_id}/{p.payment_id}{f'/{p.revision}' * bool(p.revision)}" for p in part.payables
    )
    lines = tuple(_with_parts(_line(payable), payable, cases) for payable in part.payables)
    if part.carried is not None:
        lines = (*lines, _carried_line(part.carried))
    collected = total((line.collected for line in lines), client.currency)
    retained = total((line.retained for line in lines), client.currency)
    return Remittance(
        # Hyphens, for the bank carries no underscore back (SEPA character set).
        remittance_id=derived("rem", client.client_id, *names).replace("_", "-"),
        client_id=client.client_id,
        made_on=today,
        agency=agency.contact,
        client=client.contact,
        iban=client.iban,
        bic=client.bic,
        lines=lines,
        collected=collected,
        retained=retained,
        net=collected - retained,
        language=client.language,
    )


def _line(payable: Payable) -> RemittanceLine:
    return RemittanceLine(
        payable.case_id,
        payable.client_reference,
        payable.claws_back or payable.payment_id,
        payable.received_on,
        payable.collected,
        payable.retained,
    )


def _with_parts(line: RemittanceLine, payable: Payable, cases: Cases) -> RemittanceLine:
    """How the law's order used the payment up. A claw-back has no order of its own, and where the parts do
    not come to what is paid on (some of it was clawed back before), the sum alone is shown."""
    if payable.claws_back is not None:
        return line
    parts = parts_of(line.case_id, line.payment_id, cases.entries(line.case_id))
    is_whole = sum(minor for _, minor in parts) == payable.collected.minor
    return replace(line, parts=parts) if is_whole else line


def _carried_line(carried: Payable) -> RemittanceLine:
    """What this statement leaves for the next one, so that its sum is not below zero."""
    line = _line(carried)
    return replace(line, collected=-line.collected, retained=-line.retained, is_carried=True)


def _change(
    client: Client, remittance: Remittance, part: _Part, tax: Money, now: datetime, agency: Agency
) -> Change:
    occasion = Occasion(EventId(derived("evt", remittance.remittance_id)), now)
    entries = _entries(client, remittance, occasion, tax)
    orders = (
        (remittance_order(remittance, part.payables, entries[0], at=now, agency=agency),)
        if remittance.net
        else ()
    )
    document = Document(
        document_id=remittance.remittance_id,
        client_id=client.client_id,
        kind="remittance_statement",
        title=remittance.remittance_id[-6:],
        made_on=remittance.made_on,
        amount=remittance.net,
        file_key=_key(remittance),
    )
    event = Event(
        event_id=occasion.event_id,
        type="remittance.made",
        version=1,
        occurred_at=now,
        subject_kind="client",
        subject_id=client.client_id,
        client_id=client.client_id,
        data=(("net_minor", str(remittance.net.minor)), ("remittance_id", remittance.remittance_id)),
    )
    return Change(
        entries=entries,
        remitted=[
            replace(p, remittance_id=remittance.remittance_id, retained_on=remittance.made_on)
            for p in part.payables
        ],
        payables=(part.carried,) if part.carried is not None else (),
        guards=(
            Guard("REMITTANCE", remittance.remittance_id, str(remittance.net.minor)),
            *(ordered(order) for order in orders),
        ),
        orders=orders,
        documents=(document,),
        events=(event,),
        remittances=(remittance,) if remittance.net else (),
    )


def _entries(client: Client, remittance: Remittance, occasion: Occasion, tax: Money) -> tuple[Entry, ...]:
    """The client is owed nothing more of it; what we retain is income with the VAT inside it.

    None where claw-backs use all of it up.
    """
    if not remittance.collected and not remittance.retained:
        return ()
    entry = transfer(
        occasion,
        kind="remitted",
        lines=(
            Line(accounts.client_payable(client.client_id), remittance.collected),
            Line(accounts.IN_TRANSIT, -remittance.net),
            Line(accounts.INCOME_COLLECTION, -(remittance.retained - tax)),
            Line(accounts.VAT, -tax),
        ),
        value_on=remittance.made_on,
        source=remittance.remittance_id,
    )
    return (entry,)
