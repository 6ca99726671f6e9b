"""The part of the story that people make: co-debtors, holds, offers, calls, a new owner."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sovinto.domain.agreement import CallOutcome
from sovinto.domain.assignment import ReassignReason
from sovinto.domain.case import Closure
from sovinto.domain.debtor import DebtorType, Liability
from sovinto.domain.hold import HoldReason
from sovinto.domain.money import Money
from sovinto.domain.placement import Party
from sovinto.usecases.adjust_debt import credit_note, direct_payment
from sovinto.usecases.hold_case import place_hold, release_hold
from sovinto.usecases.place_case import Request
from sovinto.usecases.reassign_case import reassign_case
from sovinto.usecases.record_call import CallParts, record_call
from sovinto.usecases.release_party import release_party
from sovinto.usecases.replan import propose_plan
from sovinto.usecases.stop_case import stop_case
from sovinto.usecases.update_contacts import NewContacts, update_contacts
from sovinto.usecases.write_to_handler import write_to_handler

from tests.support.world import CLIENT, DEBTOR, World


def with_a_co_debtor(world: World) -> None:
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


def held(world: World) -> None:
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


def offered_by_the_client(world: World) -> None:
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


def given_to_another(world: World) -> None:
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


def called(world: World) -> None:
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
