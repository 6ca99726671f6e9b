"""A message that waited is not sent when what it says, or the hour for it, has passed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sovinto.domain.case import Case
from sovinto.domain.communication import Communication, SendingState
from sovinto.domain.hold import HoldReason
from sovinto.rendering.press import SovintoPress
from sovinto.usecases.hold_case import place_hold, release_hold

from tests.support.moves import agree, answer, object_to, pay
from tests.support.people import CLIENT
from tests.support.world import World
from tests.unit.usecases.test_plans_proposed import propose


def written(world: World, template: str = "reminder") -> tuple[Case, Communication]:
    """The case and its newest message of the kind, planned and not sent; some minutes later."""
    case = world.place(principal=90_000)
    world.drive(case.case_id)
    item = world.messages(case.case_id, template)[-1]
    world.clock.advance(minutes=5)
    return case, item


def send(world: World, item: Communication) -> SendingState:
    return world.send(item.case_id, item.communication_id)


def pays(world: World, case: Case) -> None:
    pay(world, case, 5_000)


def plans(world: World, case: Case) -> None:
    agree(world, case, 3)


def is_heard(world: World, case: Case) -> None:
    object_to(world, case)
    answer(world, case, "rejected")


def is_held(world: World, case: Case) -> None:
    hold = place_hold(
        case.case_id, HoldReason.CLIENT_REQUEST, by="col_fi_1", cases=world.cases, clock=world.clock
    )
    release_hold(case.case_id, hold.hold_id, by="col_fi_1", cases=world.cases, clock=world.clock)


@pytest.mark.parametrize("moves", [pays, plans, is_heard, is_held])
def test_what_moved_since_it_was_written_withholds_it(moves: Callable[[World, Case], None]) -> None:
    world = World()
    case, item = written(world)
    moves(world, case)
    assert send(world, item) is SendingState.WITHHELD
    kept = world.cases.communication(case.case_id, item.communication_id)
    assert kept.reason == "the case changed after it was written"
    assert world.mailer.sent == []


def test_after_a_payment_the_step_comes_again_with_the_new_sum() -> None:
    world = World()
    case, item = written(world)
    pay(world, case, 5_000)
    send(world, item)
    world.live(case.case_id, 3)
    first, second = sorted(world.messages(case.case_id, "reminder"), key=lambda i: i.planned_at)
    assert first.letter is not None
    assert second.letter is not None
    assert second.state is SendingState.SENT
    assert second.letter.total < first.letter.total


def test_a_step_that_moves_nothing_withholds_nothing() -> None:
    world = World()
    case, item = written(world)
    world.drive(case.case_id)
    assert send(world, item) is SendingState.SENT


def test_an_sms_that_waited_into_the_night_comes_another_day() -> None:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    while not world.messages(case.case_id, "reminder_sms"):
        world.dispatch()
        world.clock.advance(days=1)
        world.drive(case.case_id)
    (item,) = world.messages(case.case_id, "reminder_sms")
    world.clock.at = world.clock.at.replace(hour=22)
    assert send(world, item) is SendingState.WITHHELD
    kept = world.cases.communication(case.case_id, item.communication_id)
    assert kept.reason == "the hours for sms are over"
    assert world.sms.sent == []
    world.clock.advance(hours=12)
    world.live(case.case_id, 3)
    assert [i.state for i in world.messages(case.case_id, "reminder_sms")].count(SendingState.SENT) == 1


def test_a_confirmation_does_not_leave_once_the_case_stands_still() -> None:
    world = World()
    case, _ = written(world)
    agree(world, case, 3)
    object_to(world, case)
    (item,) = world.messages(case.case_id, "plan_confirmation")
    assert send(world, item) is SendingState.WITHHELD
    assert item.permit is None


def test_the_confirmation_of_terms_that_were_replaced_does_not_leave() -> None:
    world = World()
    case, _ = written(world)
    agree(world, case, 3)
    (old,) = world.messages(case.case_id, "plan_confirmation")
    world.clock.advance(minutes=5)
    propose(world, case, 4)
    (new,) = (i for i in world.messages(case.case_id, "plan_confirmation") if i != old)
    assert (send(world, old), send(world, new)) == (SendingState.WITHHELD, SendingState.SENT)


def test_the_same_terms_twice_are_one_plan_and_one_confirmation() -> None:
    world = World()
    case, _ = written(world)
    first = propose(world, case, 5)
    version = world.cases.load(case.case_id).version
    assert propose(world, case, 5) == first
    assert world.cases.load(case.case_id).version == version
    assert len(world.messages(case.case_id, "plan_confirmation")) == 1


def test_the_same_offer_of_the_client_twice_is_one_offer() -> None:
    world = World()
    case, _ = written(world)
    first = propose(world, case, 20, by=case.client_id)
    version = world.cases.load(case.case_id).version
    assert propose(world, case, 20, by=case.client_id) == first
    assert world.cases.load(case.case_id).version == version


@pytest.mark.parametrize(
    ("language", "why"),
    [
        ("en", "more instalments than you let us agree"),
        ("fi", "Eriä on enemmän"),
        ("sv", "fler delbetalningar"),
    ],
)
def test_the_client_is_asked_in_words_about_a_plan_outside_the_limits(language: str, why: str) -> None:
    """With the real press: no field is missing on the way."""
    world = World(press=SovintoPress(), client=replace(CLIENT, language=language))
    case, _ = written(world)
    propose(world, case, 18)
    (item,) = world.messages(case.case_id, "plan_approval_request")
    assert send(world, item) is SendingState.SENT
    (mail,) = world.mailer.sent
    assert why in mail.text
    assert "18" in mail.text
