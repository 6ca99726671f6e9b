"""Better details of a debtor: what they end, what they bring again, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sovinto.adapters.codec import decode
from sovinto.domain.agreement import CallOutcome
from sovinto.domain.case import Case, Closure, Step
from sovinto.domain.communication import Channel, SendingState
from sovinto.domain.debtor import Address
from sovinto.domain.event import Event
from sovinto.errors import InvalidInput, NotFound, RuleRefused, UpstreamRefused
from sovinto.ids import CaseId
from sovinto.usecases.record_call import CallParts, record_call
from sovinto.usecases.stop_case import stop_case
from sovinto.usecases.update_contacts import NewContacts, update_contacts

from tests.support.memory_table import MemoryTable
from tests.support.moves import agree
from tests.support.world import DEBTOR, World

HOME = Address("Uusikatu 2 B", "33100", "Tampere", "FI")
FOUND = NewContacts(HOME, "tiina@uusi.example", "+358400000077")


def update(world: World, case: Case, new: NewContacts = FOUND, by: str = "col_fi_1") -> Case:
    return update_contacts(case.case_id, new, by=by, cases=world.cases, clock=world.clock)


def heard(world: World, outcome: CallOutcome) -> Case:
    """A case whose first call ended so."""
    case = world.place()
    while not world.messages(case.case_id, "call_task"):
        world.live(case.case_id, 1)
    (task,) = world.messages(case.case_id, "call_task")
    return record_call(
        case.case_id,
        task.communication_id,
        outcome,
        by="col_fi_1",
        parts=CallParts(),
        cases=world.cases,
        clients=world.clients,
        sender=world.sender,
        clock=world.clock,
    )


def told(world: World) -> list[Event]:
    assert isinstance(world.table, MemoryTable)
    rows = [item for (_, sk), item in world.table.items.items() if sk.startswith("OUTBOX#")]
    return [decode(Event, str(item["body"])) for item in rows]


def test_the_search_of_an_address_ends_with_it() -> None:
    world = World()
    case = heard(world, CallOutcome.WRONG_PERSON)
    assert case.is_silent
    now = update(world, case)
    assert (now.debtor.address, now.debtor.email, now.debtor.phone) == (HOME, FOUND.email, FOUND.phone)
    assert now.active_holds == () and now.refused_channels == ()
    assert now.person_key == case.person_key
    assert not now.debtor.has_electronic_consent
    world.live(case.case_id, 60)
    assert world.cases.load(case.case_id).closure is Closure.UNCOLLECTABLE
    (event,) = (item for item in told(world) if item.type == "debtor.contacts_updated")
    assert dict(event.data) == {"details": "address,email,phone", "updated_by": "col_fi_1"}
    assert [item.type for item in told(world)].count("hold.released") == 1


def test_asked_twice_it_is_done_once() -> None:
    world = World()
    case = heard(world, CallOutcome.WRONG_NUMBER)
    once = update(world, case)
    assert update(world, case).version == once.version == case.version + 1


def test_a_number_that_was_wrong_may_be_called_again_under_a_new_one() -> None:
    world = World()
    case = heard(world, CallOutcome.WRONG_NUMBER)
    assert Channel.CALL in case.refused_channels
    now = update(world, case, NewContacts(phone="+358400000078"))
    assert now.refused_channels == ()
    assert now.debtor.has_electronic_consent == case.debtor.has_electronic_consent


@pytest.mark.parametrize(
    ("new", "field"),
    [(NewContacts(phone=DEBTOR.phone), "phone"), (NewContacts(email=DEBTOR.email), "email")],
)
def test_a_detail_of_somebody_else_is_refused_in_every_case(new: NewContacts, field: str) -> None:
    world = World()
    case = heard(world, CallOutcome.WRONG_PERSON)
    other = world.place(reference="B-2", name="Toinen Henkilö", email="t@b.example", phone="+358400000099")
    for each in (case, other):
        with pytest.raises(RuleRefused, match="known to lead to somebody else") as refused:
            update(world, each, new)
        assert refused.value.field == field


def test_what_is_wrong_is_refused_as_at_placement() -> None:
    world = World()
    case = world.place()
    wrong = (
        (NewContacts(), None),
        (NewContacts(email="tiina"), "email"),
        (NewContacts(phone="0400 123"), "phone"),
        (NewContacts(address=replace(HOME, postal_code="331")), "postal_code"),
    )
    for new, field in wrong:
        with pytest.raises(InvalidInput) as refused:
            update(world, case, new)
        assert refused.value.field == field
    with pytest.raises(InvalidInput, match="by must be"):
        update(world, case, by="Tiina Testinen")
    with pytest.raises(NotFound):
        update(world, replace(case, case_id=CaseId("case_none")))
    stop_case(case.case_id, Closure.WITHDRAWN, by="col_fi_1", cases=world.cases, clock=world.clock)
    with pytest.raises(RuleRefused, match="closed"):
        update(world, case)


def test_steps_that_reached_nobody_have_their_turn() -> None:
    world = World()
    case = world.place(address=None, phone=None)
    world.mailer.failure = UpstreamRefused("no such mailbox")
    world.live(case.case_id, 3)
    world.mailer.failure = None
    before = world.cases.load(case.case_id)
    assert [(r.step, r.outcome) for r in before.steps] == [(Step.SEND_REMINDER, "not_needed")]
    update(world, case, NewContacts(address=HOME))
    world.live(case.case_id, 2)
    (letter,) = (i for i in world.messages(case.case_id, "reminder") if i.state is SendingState.SENT)
    assert letter.channel is Channel.POST and letter.letter is not None
    assert letter.letter.debtor_address == HOME
    with pytest.raises(RuleRefused, match="refused before"):
        update(world, case, NewContacts(email=DEBTOR.email))


def test_a_confirmation_that_never_left_goes_to_the_new_address() -> None:
    world = World()
    case = world.place(address=None)
    world.live(case.case_id, 3)
    agree(world, case, 2)
    world.mailer.failure = UpstreamRefused("no such mailbox")
    world.dispatch()
    world.mailer.failure = None
    assert [i.state for i in world.messages(case.case_id, "plan_confirmation")] == [SendingState.FAILED]
    update(world, case, NewContacts(address=HOME))
    world.dispatch()
    (_, again) = sorted(world.messages(case.case_id, "plan_confirmation"), key=lambda i: i.state.value)
    assert (again.state, again.channel) == (SendingState.SENT, Channel.POST)
