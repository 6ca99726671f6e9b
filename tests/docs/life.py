"""One story in which everything happens that the documentation tells of: all events, all kinds of item."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any

from sovinto.adapters.codec import decode
from sovinto.domain.agreement import ApprovalKind, CallOutcome, Financials
from sovinto.domain.assignment import ReassignReason
from sovinto.domain.case import Case, Closure
from sovinto.domain.debtor import DebtorType, Liability
from sovinto.domain.event import Event
from sovinto.domain.hold import HoldReason
from sovinto.domain.money import Money
from sovinto.domain.placement import Party
from sovinto.errors import NotAllowed
from sovinto.usecases import debtor_page
from sovinto.usecases.adjust_debt import credit_note, direct_payment
from sovinto.usecases.ask_upload import put_upload
from sovinto.usecases.hold_case import place_hold, release_hold
from sovinto.usecases.import_inbox import import_inbox
from sovinto.usecases.place_case import Request
from sovinto.usecases.reassign_case import reassign_case
from sovinto.usecases.record_call import CallParts, record_call
from sovinto.usecases.record_financials import record_financials
from sovinto.usecases.release_party import release_party
from sovinto.usecases.replan import propose_plan
from sovinto.usecases.stop_case import stop_case
from sovinto.usecases.update_contacts import NewContacts, update_contacts
from sovinto.usecases.write_to_handler import write_to_handler

from tests.support.firm_steps import live_until_asked, say, under_v2
from tests.support.memory_table import MemoryTable
from tests.support.moves import agree, answer, begin_card, hear, object_to, owed, pay
from tests.support.statements import camt053, line
from tests.support.world import AGENCY, CLIENT, DEBTOR, World


@cache
def lived() -> tuple[MemoryTable, tuple[Event, ...]]:
    """The table after the story, and every event of it."""
    world = World()
    assert isinstance(world.table, MemoryTable)
    _on_a_plan(world)
    _disputed(world)
    _by_card(world)
    _bank_and_client(world)
    _at_the_door(world)
    _with_a_co_debtor(world)
    _offered_by_the_client(world)
    _held(world)
    _called(world)
    _given_to_another(world)
    _firm(World(table=world.table, ids=world.ids))
    events = [
        decode(Event, str(item["body"]))
        for (_, sk), item in world.table.items.items()
        if sk.startswith("OUTBOX#")
    ]
    return world.table, tuple(events)


def _on_a_plan(world: World) -> None:
    """Agreed, the first instalment missed: broken, evaluated, called, closed in the end."""
    case = world.place(reference="PLAN", principal=30_000)
    world.live(case.case_id, 3)
    plan = agree(world, case, 3)
    missed = plan.instalments[0].due_on + timedelta(days=7)
    world.clock.at = datetime.combine(missed, time(10), tzinfo=UTC)
    world.live(case.case_id, 120)
    assert world.cases.load(case.case_id).closure is not None


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
    world.bank.write("inbox/day.xml", camt053(line(999), change=999), "application/xml")
    import_inbox(bank=world.bank, agency=AGENCY, cases=world.cases, clock=world.clock)
    world.clock.advance(days=40)
    world.pay_clients()


def _with_a_co_debtor(world: World) -> None:
    """A joint debtor whom no demand reaches lawfully, released; the debtor dies, another takes over."""
    joint = replace(DEBTOR, name="Jarmo Joint", address=None, email="jarmo@a.example", phone=None)
    heir = replace(DEBTOR, name="Jaana Joint", email="jaana@a.example", phone=None)
    parties = tuple(Party(Liability.JOINT, person) for person in (joint, heir))
    placement = replace(world.placement(reference="JOINT"), co_debtors=parties)
    case = world.cases.load(world.hand_over(placement, Request("key-joint", "digest")).case_id)
    world.live(case.case_id, 20)
    named: dict[str, Any] = {"by": "col_1", "cases": world.cases, "clock": world.clock}
    release_party(case.case_id, case.co_debtors[0].party_id, **named)
    stop_case(case.case_id, Closure.DEBTOR_DIED, **named)


def _held(world: World) -> None:
    """Ill, and told late; held and released; credited, paid to the client, withdrawn."""
    case = world.place(reference="HELD", principal=30_000, name="Liisa Toinen", email="liisa@posti.example")
    world.live(case.case_id, 4)
    today = world.clock.now().date()
    named: dict[str, Any] = {"by": "col_1", "cases": world.cases, "clock": world.clock}
    ill = HoldReason.ILLNESS
    place_hold(
        case.case_id, ill, from_on=today - timedelta(days=5), until=today + timedelta(days=2), **named
    )
    held = place_hold(case.case_id, HoldReason.CLIENT_REQUEST, **named)
    world.live(case.case_id, 5)
    release_hold(case.case_id, held.hold_id, **named)
    told: dict[str, Any] = {
        "client_id": case.client_id,
        "amount": Money(1_000, "EUR"),
        "on": today,
        "cases": world.cases,
        "clock": world.clock,
    }
    credit_note(case.case_id, invoice_number=case.claims[0].invoice_number, reference="CN-1", **told)
    direct_payment(case.case_id, reference="DP-1", **told)
    write_to_handler(
        case.case_id, "Please stop.", client_id=case.client_id, cases=world.cases, clock=world.clock
    )
    stop_case(case.case_id, Closure.WITHDRAWN, **named)


def _offered_by_the_client(world: World) -> None:
    """The client offers what the policy would not; a collector's terms are asked about, nobody answers."""
    for by in (CLIENT.client_id, "col_1"):
        case = world.place(reference=f"OFFER-{by}", principal=90_000)
        propose_plan(
            case.case_id,
            18,
            world.clock.now().date() + timedelta(days=14),
            by=by,
            cases=world.cases,
            clients=world.clients,
            sender=world.sender,
            clock=world.clock,
        )


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


def _given_to_another(world: World) -> None:
    """A company's case, given to a colleague."""
    company: dict[str, Any] = {"debtor_type": DebtorType.BUSINESS, "registration_id": "0112038-9"}
    case = world.place(reference="GIVEN", **company)
    told: dict[str, Any] = {
        "by": "col_1",
        "collectors": world.collectors,
        "cases": world.cases,
        "clients": world.clients,
        "clock": world.clock,
    }
    reassign_case(case.case_id, "col_2", reason=ReassignReason.ABSENT, **told)


def _called(world: World) -> None:
    """A collector reaches somebody else; the SMS of another case to that number is withheld.

    The one is found again under new details.
    """
    phone = "+358400000077"
    heard = world.place(reference="CALLED", name="Kalle Kuultu", phone=phone)
    world.live(heard.case_id, 25)
    other = world.place(reference="NAMESAKE", name="Kaija Kuultu", phone=phone)
    while not world.messages(heard.case_id, "call_task"):
        world.drive(heard.case_id)
        world.clock.advance(days=1)
    while not world.messages(other.case_id, "reminder_sms"):
        world.drive(other.case_id)
        world.clock.advance(hours=6)
    (task,) = world.messages(heard.case_id, "call_task")
    record_call(
        heard.case_id,
        task.communication_id,
        CallOutcome.WRONG_PERSON,
        by="col_1",
        parts=CallParts(),
        cases=world.cases,
        clients=world.clients,
        sender=world.sender,
        clock=world.clock,
    )
    world.dispatch()
    found = NewContacts(email="kalle@uusi.example", phone="+358400000078")
    update_contacts(heard.case_id, found, by="col_1", cases=world.cases, clock=world.clock)
