"""One story in which everything happens that the documentation tells of: all events, all kinds of item."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import cache

from sovinto.adapters.codec import decode
from sovinto.countries import load_calendar
from sovinto.domain.agreement import ApprovalKind, Financials
from sovinto.domain.case import Case
from sovinto.domain.event import Event
from sovinto.domain.money import Money
from sovinto.errors import NotAllowed
from sovinto.usecases import debtor_page
from sovinto.usecases.ask_upload import put_upload
from sovinto.usecases.carry_forward import Load, carry_forward
from sovinto.usecases.credit_client_invoice import credit_client_invoice
from sovinto.usecases.file_movements import file_movements
from sovinto.usecases.import_inbox import import_inbox
from sovinto.usecases.record_financials import record_financials
from sovinto.usecases.remind_client_invoice import remind_clients
from sovinto.usecases.seal_days import seal_days
from sovinto.usecases.suspense import post_suspense
from sovinto.usecases.sweep_own import sweep_own

from tests.docs.life_of_people import (
    called,
    given_to_another,
    held,
    offered_by_the_client,
    with_a_co_debtor,
)
from tests.support import held as bank_held
from tests.support.firm_steps import live_until_asked, say, under_v2
from tests.support.invoicing import means_of, pay_invoice, take_back, ten_percent
from tests.support.itemised_money import itemised_money
from tests.support.memory_table import MemoryTable
from tests.support.money_out import an_account_that_changes, money_that_comes_back, payments_that_stop
from tests.support.moves import agree, answer, begin_card, hear, object_to, owed, pay
from tests.support.orders import STRICT
from tests.support.settled import settled_by_a_provider
from tests.support.statements import camt053, line
from tests.support.suspense import into_suspense
from tests.support.world import AGENCY, CLIENT, START, World
from tests.unit.usecases.test_import_formats import mt940


@cache
def lived() -> tuple[MemoryTable, tuple[Event, ...]]:
    """The table after the story, and every event of it."""
    world = World()
    assert isinstance(world.table, MemoryTable)
    _on_a_plan(world)
    _disputed(world)
    _by_card(world)
    settled_by_a_provider(world)
    _bank_and_client(world)
    _at_the_door(world)
    with_a_co_debtor(world)
    offered_by_the_client(world)
    held(world)
    _money_out(world)
    called(world)
    given_to_another(world)
    _found(world)
    itemised_money(world)
    _invoiced(world)
    _held_files(world)
    _swept(world)
    _firm(World(table=world.table, ids=world.ids))
    events = [
        decode(Event, str(item["body"]))
        for (_, sk), item in world.table.items.items()
        if sk.startswith("OUTBOX#")
    ]
    return world.table, tuple(events)


def _invoiced(world: World) -> None:
    """Our own invoices: one unpaid until somebody has to call, then part credited and the rest paid; a
    payment that we took commission on goes back."""
    client = world.clients.load(CLIENT.client_id)
    world.clients.save(replace(client, fees=ten_percent()))
    case = world.place(reference="COMMISSION", principal=50_000)
    pay(world, case, 20_000, name="pay_commission")
    for _ in range(70):
        world.clock.advance(days=1)
        world.pay_clients()
        remind_clients(means_of(world), world.mailer)
    invoice = world.clients.unpaid_invoices()[-1].invoice
    part = [(0, Money(100, "EUR"))]
    means = means_of(world)
    credit_client_invoice(
        client.client_id, invoice.number, reason="too much", request="r1", means=means, lines=part
    )
    pay_invoice(world, invoice, invoice.gross.minor, key="INVOICE")
    take_back(world, case.case_id, "pay_commission", "COMMISSION")
    # Its claw-backs are made good: else nothing on the account is ours to move.
    pay(world, world.place(reference="MADE-GOOD", principal=50_000), 15_000, name="pay_made_good")
    world.clock.advance(days=35)
    world.pay_clients()


def _on_a_plan(world: World) -> None:
    """Agreed, the first instalment missed: broken, evaluated, called, closed in the end."""
    case = world.place(reference="PLAN", principal=30_000)
    world.live(case.case_id, 3)
    plan = agree(world, case, 3)
    missed = plan.instalments[0].due_on + timedelta(days=7)
    world.clock.at = datetime.combine(missed, time(10), tzinfo=UTC)
    world.live(case.case_id, 120)
    assert world.cases.load(case.case_id).closure is not None


def _found(world: World) -> None:
    """Money without a reference, posted by a person."""
    case = world.place(reference="FOUND")
    row = into_suspense(world, 500, key="FOUND")
    post_suspense(
        row.payment.payment_id,
        case.case_id,
        by="col_1",
        book=world.book,
        cases=world.cases,
        clock=world.clock,
    )


def _swept(world: World) -> None:
    """What the client paid us goes to our own account."""
    world.clock.advance(days=7)
    agency = replace(world.agency, own_iban="FI1410093000123458", own_rhythm="daily")
    assert sweep_own(agency=agency, book=world.book, cases=world.cases, clock=world.clock)
    assert not file_movements(world.book, cases=world.cases, clock=world.clock)
    client, zone = CLIENT.client_id, load_calendar("FI").zone
    assert carry_forward(
        client, book=world.book, cases=world.cases, clock=world.clock, zone=zone, load=Load()
    )


def _held_files(world: World) -> None:
    """By names and by format one is released by two people; another stays."""
    bank_held.a_second_zero_day(world)
    _let_in(world)
    # Without the day of booking, which MT940 may leave out.
    bank_held.deliver(world, mt940(7_000).replace(b":61:2601050105C", b":61:260105C"), "other.sta")
    _let_in(world)
    bank_held.deliver(world, b"no statement", "broken.xml")


def _let_in(world: World) -> None:
    bank_held.ask(world)
    bank_held.release(world)
    bank_held.run(world)


def _disputed(world: World) -> None:
    """The client answers only when it was reminded."""
    case = world.place(reference="DISPUTE")
    object_to(world, case)
    world.live(case.case_id, 20)
    answer(world, case, "upheld")


def _by_card(world: World) -> None:
    """Paid on the provider's page; its payout is on the account before it is announced; charged back."""
    world.gateway.now = int(world.clock.now().timestamp())
    case = world.place(reference="CARD")
    minor = owed(world, case)
    checkout = begin_card(world, case, minor)
    hear(world, world.gateway.pay(checkout))
    payout = world.gateway.close_day()
    name = str(json.loads(payout.body)["data"]["object"]["id"])
    statement = camt053(line(minor, end_to_end=name, bank_id="P1"), change=minor, statement_id="P")
    world.bank.write("inbox/payout.xml", statement, "application/xml")
    import_inbox(bank=world.bank, agency=AGENCY, cases=world.cases, clock=world.clock)
    hear(world, payout)
    hear(world, world.gateway.dispute(checkout))


def _firm(world: World) -> None:
    """Under the newer policy: a tratta published, a claim handed to court, a question nobody answers."""
    small = under_v2(world, reference="TRATTA", name="Tratta Oy")
    say(world, small, live_until_asked(world, small, ApprovalKind.TRATTA))
    say(world, small, live_until_asked(world, small, ApprovalKind.PUBLICATION))
    world.live(small.case_id, 1)
    large = under_v2(world, reference="COURT", name="Iso Oy", principal=2_000_000)
    say(world, large, live_until_asked(world, large, ApprovalKind.LEGAL_STEP))
    world.live(large.case_id, 1)
    silent = under_v2(world, reference="SILENT", name="Hiljainen Oy")
    figures = Financials(world.clock.now().date(), "trade register", employees=3)
    record_financials(silent.case_id, figures, by="col_1", cases=world.cases, clock=world.clock)
    live_until_asked(world, silent, ApprovalKind.TRATTA)
    world.live(silent.case_id, 16)


def _bank_and_client(world: World) -> None:
    """A payment that names a case, one that names none; then remittance and fee invoice."""
    case: Case = world.place(reference="BANK")
    pay(world, case, owed(world, case))
    of_value = line(999).replace("<ValDt><Dt>2026-01-08", "<ValDt><Dt>2026-01-09")
    world.bank.write("inbox/day.xml", camt053(of_value, change=999), "application/xml")
    import_inbox(bank=world.bank, agency=AGENCY, cases=world.cases, clock=world.clock)
    world.clock.advance(days=40)
    world.pay_clients()
    seal_days(world.book, cases=world.cases, clock=world.clock, beginning=START.date())


def _money_out(world: World) -> None:
    """Refused, refunded, sent back, until it stops; and a client that changes its account."""
    started = world.agency
    world.agency = STRICT
    money_that_comes_back(world)
    payments_that_stop(world)
    an_account_that_changes(world)
    world.agency = started


def _at_the_door(world: World) -> None:
    """A wrong code, and a case file that waits to be read."""
    case = world.place(reference="DOOR")
    try:
        debtor_page.prove_code(case.link_id, "WRONG", secret=b"s", cases=world.cases, at=world.clock.now())
    except NotAllowed:
        put_upload(
            world.client.client_id,
            "cases.csv",
            b"reference",
            files=world.uploads,
            cases=world.cases,
            clock=world.clock,
            ids=world.ids,
        )
