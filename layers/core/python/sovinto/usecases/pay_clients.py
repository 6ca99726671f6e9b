"""One run over all clients: remittances, fee invoices, and the files of what is released."""

from __future__ import annotations

from dataclasses import dataclass

from sovinto.countries import load_calendar
from sovinto.domain.agency import Agency
from sovinto.domain.client import Client
from sovinto.domain.order import OrderState
from sovinto.ports import Book, Cases, Clients, Clock, Files, Orders, Press
from sovinto.usecases.carry_forward import Load, carry_forward
from sovinto.usecases.change_payout_account import apply_payout_change
from sovinto.usecases.client_owing import owing_for_long
from sovinto.usecases.file_movements import file_movements
from sovinto.usecases.invoice_client import invoice_client
from sovinto.usecases.order_as_made import check_as_made
from sovinto.usecases.order_unexecuted import overdue_orders
from sovinto.usecases.paid_perhaps import payee_of_client, payees_in_doubt
from sovinto.usecases.partly import Failures
from sovinto.usecases.release_orders import release_automatically, write_batch
from sovinto.usecases.remit_to_client import remit_to_client
from sovinto.usecases.stopped_remittance import is_remittance_stopped
from sovinto.usecases.sweep_own import is_own_stopped, sweep_own


@dataclass(frozen=True, slots=True)
class _Means:
    """What both parts need, whoever the client is."""

    agency: Agency
    press: Press
    documents: Files
    cases: Cases
    clients: Clients
    clock: Clock


def pay_clients(
    *,
    agency: Agency,
    press: Press,
    documents: Files,
    bank: Files,
    cases: Cases,
    clients: Clients,
    orders: Orders,
    clock: Clock,
    book: Book | None = None,
) -> dict[str, int]:
    """Counts; `payments_stopped`, `orders_overdue` and `clients_owing` where any are. Safe to repeat at any
    point: each part is guarded by what it pays or invoices.

    With `book` what is ours on the collection account is ordered to our own account, too, and entries that
    statements of account do not find are filed for them; balances are carried forward for those. And
    nothing is remitted to who may have been paid already (`paid_perhaps`).
    A remittance is a proposed order; within the agency's limit it is released here, else by two people.
    What fails for one client or one file stops no other. Raises PartlyFailed at the end.
    """
    done = {"remittances": 0, "fee_invoices": 0, "bank_files": 0}
    means = _Means(agency, press, documents, cases, clients, clock)
    failures = Failures()
    doubts = payees_in_doubt(book, cases) if book is not None else {}
    for client in clients.all():
        with failures.kept():
            is_in_doubt = payee_of_client(client.client_id) in doubts
            done["remittances"] += 0 if is_in_doubt else _remit(client, means)
            if is_in_doubt or is_remittance_stopped(clients.load(client.client_id), cases):
                done["payments_stopped"] = done.get("payments_stopped", 0) + 1
        with failures.kept():
            done["fee_invoices"] += _invoice(client, means)
    if book is not None:
        with failures.kept():
            _sweep(done, means, book)
    with failures.kept():
        release_automatically(
            agency=agency, cases=cases, clients=clients, orders=orders, clock=clock, book=book
        )
    for batch in orders.unsent():
        with failures.kept():
            done["bank_files"] += write_batch(batch, agency=agency, bank=bank, cases=cases, orders=orders)
    with failures.kept():
        # What is left out of its file is told by every run until people have given it up.
        check_as_made((o for o in orders.open() if o.state is OrderState.RELEASED), cases=cases)
    with failures.kept():
        if overdue := overdue_orders(agency=agency, orders=orders, clock=clock):
            done["orders_overdue"] = len(overdue)
    with failures.kept():
        if owing := owing_for_long(cases=cases, clients=clients, clock=clock):
            done["clients_owing"] = len(owing)
    if book is not None:
        with failures.kept():
            _file(done, means, book)
        _carry(done, means, book, failures)
    failures.raise_any(done)
    return done


def _sweep(done: dict[str, int], means: _Means, book: Book) -> None:
    agency, cases = means.agency, means.cases
    made = sweep_own(agency=agency, book=book, cases=cases, clock=means.clock)
    if made:
        done["own_transfers"] = len(made)
    if is_own_stopped(agency, cases):
        done["payments_stopped"] = done.get("payments_stopped", 0) + 1


def _file(done: dict[str, int], means: _Means, book: Book) -> None:
    if made := file_movements(book, cases=means.cases, clock=means.clock):
        done["movements_filed"] = made


def _carry(done: dict[str, int], means: _Means, book: Book, failures: Failures) -> None:
    zone, load = load_calendar(means.agency.contact.address.country).zone, Load()
    for client in means.clients.all():
        with failures.kept():
            made = carry_forward(
                client.client_id, book=book, cases=means.cases, clock=means.clock, zone=zone, load=load
            )
            if made:
                done["balances_carried"] = done.get("balances_carried", 0) + made


def _remit(client: Client, means: _Means) -> int:
    paid_to = apply_payout_change(client, cases=means.cases, clients=means.clients, clock=means.clock)
    made = remit_to_client(
        paid_to,
        agency=means.agency,
        press=means.press,
        documents=means.documents,
        cases=means.cases,
        clients=means.clients,
        clock=means.clock,
    )
    return len(made)


def _invoice(client: Client, means: _Means) -> int:
    made = invoice_client(
        client,
        agency=means.agency,
        press=means.press,
        documents=means.documents,
        cases=means.cases,
        clients=means.clients,
        clock=means.clock,
    )
    return len(made)
