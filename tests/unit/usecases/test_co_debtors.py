"""Joint debtors and guarantors: a copy each, one fee, one ledger, and a way out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sovinto.adapters.codec import decode
from sovinto.domain.case import Case, Closure, Step
from sovinto.domain.communication import Channel, Communication, SendingState
from sovinto.domain.debtor import Address, Debtor, DebtorType, Liability
from sovinto.domain.event import Event
from sovinto.domain.placement import Party
from sovinto.entry.bodies import read_body
from sovinto.entry.intake import CaseBody, Staff, case_json
from sovinto.errors import InvalidInput, NotFound, RuleRefused, UpstreamRefused
from sovinto.rendering.press import SovintoPress
from sovinto.usecases.place_case import Request
from sovinto.usecases.release_party import release_party
from sovinto.usecases.stop_case import stop_case

from tests.support.moves import object_to, owed, pay
from tests.support.people import DEBTOR
from tests.support.world import World

JOINT = Debtor(
    name="Sven Medgäldenär",
    debtor_type=DebtorType.CONSUMER,
    language="sv",
    address=Address("Hemgatan 5", "20100", "Åbo", "FI"),
    email="sven@post.example",
    has_electronic_consent=True,
)
GUARANTOR = replace(
    DEBTOR,
    name="Pekka Takaaja",
    address=Address("Takakuja 1", "00300", "Helsinki", "FI"),
    email=None,
    phone=None,
)


def place(world: World, *parties: tuple[Liability, Debtor], **debtor: object) -> Case:
    co_debtors = tuple(Party(liability, person) for liability, person in parties)
    placement = replace(world.placement(**debtor), co_debtors=co_debtors)  # type: ignore[arg-type]
    return world.cases.load(world.hand_over(placement, Request("key", "digest")).case_id)


def both(world: World) -> Case:
    return place(world, (Liability.JOINT, JOINT), (Liability.GUARANTOR, GUARANTOR))


def letters(world: World, case: Case, template: str) -> dict[str, Communication]:
    """By whom they are addressed to."""
    found = world.messages(case.case_id, template)
    named = {item.letter.debtor_name: item for item in found if item.letter is not None}
    assert len(named) == len(found)
    return named


def events(world: World, case: Case, kind: str) -> list[dict[str, str]]:
    rows = world.table.query(f"CASE#{case.case_id}", "OUTBOX#")
    bodies = (str(row["body"]) for row in rows)
    found = (decode(Event, body) for body in bodies)
    return [dict(event.data) for event in found if event.type == kind]


def test_a_joint_debtor_gets_a_copy_the_same_day_and_the_guarantor_from_the_demand_on() -> None:
    world = World(press=SovintoPress())
    case = both(world)
    world.live(case.case_id, 20)
    assert set(letters(world, case, "reminder")) == {DEBTOR.name, JOINT.name}
    demands = letters(world, case, "demand")
    assert set(demands) == {DEBTOR.name, JOINT.name, GUARANTOR.name}
    assert len({item.planned_at for item in demands.values()}) == 1
    assert {item.state for item in demands.values()} == {SendingState.SENT}


def test_a_copy_is_addressed_in_the_language_and_at_the_address_of_its_reader() -> None:
    world = World(press=SovintoPress())
    case = both(world)
    world.drive(case.case_id)
    world.dispatch()
    found = letters(world, case, "reminder")
    own, copy = found[DEBTOR.name], found[JOINT.name]
    assert (copy.channel, copy.to, copy.language) == (Channel.EMAIL, "sven@post.example", "sv")
    assert own.letter is not None
    assert copy.letter is not None
    assert copy.letter.debtor_address == JOINT.address
    assert (copy.letter.access_code, copy.letter.page_url) == (own.letter.access_code, own.letter.page_url)
    assert (copy.letter.lines, copy.letter.total) == (own.letter.lines, own.letter.total)
    assert copy.communication_id != own.communication_id
    assert copy.permit is not None
    assert own.permit is not None
    assert copy.permit.permit_id != own.permit.permit_id


def test_the_fee_is_charged_once() -> None:
    world, alone = World(), World()
    case, other = both(world), alone.place()
    world.live(case.case_id, 30)
    alone.live(other.case_id, 30)
    assert owed(world, case) == owed(alone, other)
    fees = [item for item in world.cases.entries(case.case_id) if item.kind == "fee_charged"]
    assert len(fees) == len({fee.label for fee in fees}) > 0


def test_one_payment_clears_the_debt_of_all() -> None:
    world = World()
    case = both(world)
    world.live(case.case_id, 20)
    pay(world, case, owed(world, case))
    world.drive(case.case_id)
    assert world.cases.load(case.case_id).closure is not None
    before = len(world.cases.communications(case.case_id))
    world.live(case.case_id, 60)
    assert len(world.cases.communications(case.case_id)) == before


def test_an_objection_of_one_stops_the_copies_of_all() -> None:
    world = World()
    case = both(world)
    world.drive(case.case_id)
    object_to(world, case)
    for item in letters(world, case, "reminder").values():
        assert world.send(case.case_id, item.communication_id) is SendingState.WITHHELD


def test_a_copy_that_bounces_leaves_the_debtors_step_and_its_fee() -> None:
    """And the address is not tried again: the next copy goes by post."""
    world = World()
    case = both(world)
    world.drive(case.case_id)
    copy = letters(world, case, "reminder")[JOINT.name]
    world.mailer.failure = UpstreamRefused("no such mailbox")
    assert world.send(case.case_id, copy.communication_id) is SendingState.FAILED
    world.mailer.failure = None
    after = world.cases.load(case.case_id)
    assert after.performed(Step.SEND_REMINDER) is not None
    assert after.refused_channels == ()
    world.live(case.case_id, 20)
    assert letters(world, case, "demand")[JOINT.name].channel is Channel.POST
    assert letters(world, case, "reminder")[DEBTOR.name].channel is Channel.EMAIL


def test_a_released_person_gets_nothing_more_not_even_what_was_planned() -> None:
    world = World()
    case = both(world)
    world.drive(case.case_id)
    party = case.co_debtors[0].party_id
    release_party(case.case_id, party, by="col_1", cases=world.cases, clock=world.clock)
    found = letters(world, case, "reminder")
    assert world.send(case.case_id, found[JOINT.name].communication_id) is SendingState.WITHHELD
    assert world.send(case.case_id, found[DEBTOR.name].communication_id) is SendingState.SENT
    world.live(case.case_id, 20)
    assert set(letters(world, case, "demand")) == {DEBTOR.name, GUARANTOR.name}
    assert world.cases.load(case.case_id).performed(Step.SEND_REMINDER) is not None


def test_a_release_is_stored_once() -> None:
    world = World()
    case = both(world)
    party = case.co_debtors[1].party_id
    first = release_party(case.case_id, party, by="col_1", cases=world.cases, clock=world.clock)
    again = release_party(case.case_id, party, by="col_2", cases=world.cases, clock=world.clock)
    assert again == first
    assert events(world, case, "party.released") == [
        {"party_id": party, "liability": "guarantor", "by": "col_1"}
    ]


def test_only_a_co_debtor_of_an_open_case_is_released() -> None:
    world = World()
    case = both(world)
    with pytest.raises(NotFound, match="no co-debtor pty_x"):
        release_party(case.case_id, "pty_x", by="col_1", cases=world.cases, clock=world.clock)
    pay(world, case, owed(world, case))
    world.drive(case.case_id)
    with pytest.raises(RuleRefused, match="is closed"):
        release_party(
            case.case_id, case.co_debtors[0].party_id, by="col_1", cases=world.cases, clock=world.clock
        )


def test_the_contacts_of_a_co_debtor_count_over_all_their_cases() -> None:
    """A letter by e-mail to the same person in three cases stays within the caps of one person."""
    world = World()
    for number in range(3):
        placement = replace(
            world.placement(reference=f"B-{number}", name=f"Debtor {number}", email=f"d{number}@a.example"),
            co_debtors=(Party(Liability.JOINT, JOINT),),
        )
        case = world.cases.load(world.hand_over(placement, Request(f"k{number}", "d")).case_id)
        world.drive(case.case_id)
    copies = [
        item
        for case in world.cases.of_client(world.client.client_id)
        for item in world.cases.communications(case.case_id)
        if item.to == JOINT.email
    ]
    withheld = [
        event
        for case in world.cases.of_client(world.client.client_id)
        for event in events(world, case, "copy.withheld")
    ]
    assert len(copies) < 3
    assert len(copies) + len(withheld) == 3
    assert {event["check"] for event in withheld} == {"frequency"}


def test_each_is_checked_as_the_debtor_is_and_named_by_place() -> None:
    world = World()
    with pytest.raises(InvalidInput, match="Co-debtor 2: The name must") as refused:
        place(world, (Liability.JOINT, JOINT), (Liability.JOINT, replace(GUARANTOR, name=" ")))
    assert refused.value.field == "co_debtors/1/name"


@pytest.mark.parametrize("again", [DEBTOR, replace(DEBTOR, language="sv")])
def test_nobody_owes_the_debt_twice(again: Debtor) -> None:
    with pytest.raises(InvalidInput, match="must not be the debtor"):
        place(World(), (Liability.JOINT, again))


def test_at_most_five() -> None:
    six = tuple((Liability.JOINT, replace(GUARANTOR, name=f"Person {at}")) for at in range(6))
    with pytest.raises(InvalidInput, match="at most 5 co-debtors"):
        place(World(), *six)


BODY = """{"client_reference": "A-1", "currency": "EUR",
 "debtor": {"name": "Aino Oja", "type": "consumer", "language": "fi", "email": "aino@oja.example"},
 "claims": [{"invoice_number": "1", "due_on": "2025-11-01", "principal": "10.00"}],
 "co_debtors": [{"liability": "%s", "name": "Otto Oja", "type": "consumer", "language": "fi", "address":
                 {"street": "Katu 1", "postal_code": "00100", "city": "Helsinki", "country": "FI"}}]}"""


def test_the_request_names_them() -> None:
    placement = read_body(CaseBody, BODY % "guarantor").placement()
    (party,) = placement.co_debtors
    assert (party.liability, party.debtor.name) == (Liability.GUARANTOR, "Otto Oja")
    with pytest.raises(InvalidInput, match="co_debtors/0/liability"):
        read_body(CaseBody, BODY % "neighbour")


def test_the_client_sees_who_answers_and_who_was_released() -> None:
    case = both(World())
    shown = case_json(case, Staff((), "Sovinto Oy"))["co_debtors"]
    assert [(one["name"], one["liability"], one["is_released"]) for one in shown] == [
        (JOINT.name, "joint", False),
        (GUARANTOR.name, "guarantor", False),
    ]
    assert all(party.person_key for party in case.co_debtors)


def test_a_client_takes_a_case_back_from_all_of_them() -> None:
    world = World()
    case = both(world)
    stopped = stop_case(case.case_id, Closure.WITHDRAWN, by="col_1", cases=world.cases, clock=world.clock)
    assert stopped.closure is Closure.WITHDRAWN
