"""A co-debtor's copy that could not go with the debtor's letter goes when the reason has passed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sovinto.domain.case import Case, Closure, Step
from sovinto.domain.communication import Communication, SendingState
from sovinto.domain.debtor import Liability
from sovinto.domain.hold import HoldReason
from sovinto.domain.placement import Party
from sovinto.rendering.press import SovintoPress
from sovinto.usecases.hold_case import place_hold, release_hold
from sovinto.usecases.place_case import Request
from sovinto.usecases.release_party import release_party
from sovinto.usecases.stop_case import stop_case

from tests.support.moves import agree, owed, pay
from tests.support.world import World
from tests.unit.usecases.test_co_debtors import JOINT, both, events


def copies_to(world: World, case: Case, template: str = "reminder") -> list[Communication]:
    found = (item for item in world.messages(case.case_id, template) if item.to == JOINT.email)
    return sorted(found, key=lambda item: item.planned_at)


def third_of_one_person(world: World) -> Case:
    """Two other cases used up the contacts that the co-debtor may have."""
    case = None
    for number in range(3):
        placement = replace(
            world.placement(reference=f"B-{number}", name=f"Debtor {number}", email=f"d{number}@a.example"),
            co_debtors=(Party(Liability.JOINT, JOINT),),
        )
        case = world.cases.load(world.hand_over(placement, Request(f"k{number}", "d")).case_id)
        world.drive(case.case_id)
    assert case is not None
    world.dispatch()
    return world.cases.load(case.case_id)


def capped(world: World) -> Case:
    case = third_of_one_person(world)
    assert [event["check"] for event in events(world, case, "copy.withheld")] == ["frequency"]
    assert copies_to(world, case) == []
    return case


def is_waiting(world: World, case: Case) -> bool:
    return any(party.waits_for for party in world.cases.load(case.case_id).co_debtors)


def test_a_copy_over_the_caps_goes_on_the_first_free_day() -> None:
    world = World()
    case = capped(world)
    assert world.drive(case.case_id) == "send_copies_not_due"
    began = world.clock.now().date()
    world.live(case.case_id, 6)
    (copy,) = copies_to(world, case)
    assert copy.state is SendingState.SENT
    assert began < copy.planned_at.date() <= began + timedelta(days=6)
    assert not is_waiting(world, case)
    assert [step for _, step in world.story(case.case_id)][:2] == ["send_reminder", "send_copies"]


def test_a_late_copy_costs_nothing_and_asks_for_what_is_owed_that_day() -> None:
    world = World(press=SovintoPress())
    case = capped(world)
    fees = [entry for entry in world.cases.entries(case.case_id) if entry.kind == "fee_charged"]
    pay(world, case, 3_000)
    world.live(case.case_id, 6)
    (copy,) = copies_to(world, case)
    assert copy.letter is not None
    assert copy.letter.language == JOINT.language
    assert copy.letter.payment.amount.minor == copy.letter.total.minor
    paid = [line for line in copy.letter.lines if line.amount.minor == -3_000]
    assert len(paid) == 1
    after = [entry for entry in world.cases.entries(case.case_id) if entry.kind == "fee_charged"]
    assert after[: len(fees)] == fees and len({fee.label for fee in after}) == len(after)


def written(world: World) -> tuple[Case, Communication]:
    """The letter left, its copy still waits to be sent."""
    case = both(world)
    world.drive(case.case_id)
    (copy,) = copies_to(world, case)
    (own,) = (item for item in world.messages(case.case_id, "reminder") if item != copy)
    assert world.send(case.case_id, own.communication_id) is SendingState.SENT
    return case, copy


def test_a_copy_that_a_hold_withheld_goes_when_it_is_released() -> None:
    world = World()
    case, copy = written(world)
    hold = place_hold(case.case_id, HoldReason.ILLNESS, by="col_1", cases=world.cases, clock=world.clock)
    assert world.send(case.case_id, copy.communication_id) is SendingState.WITHHELD
    world.live(case.case_id, 5)
    assert len(copies_to(world, case)) == 1
    release_hold(case.case_id, hold.hold_id, by="col_1", cases=world.cases, clock=world.clock)
    world.live(case.case_id, 3)
    first, again = copies_to(world, case)
    assert (first.state, again.state) == (SendingState.WITHHELD, SendingState.SENT)


def test_a_copy_withheld_for_money_that_came_goes_with_the_new_sum() -> None:
    world = World()
    case, copy = written(world)
    world.clock.advance(minutes=5)
    pay(world, case, 2_000)
    assert world.send(case.case_id, copy.communication_id) is SendingState.WITHHELD
    world.live(case.case_id, 3)
    _, again = copies_to(world, case)
    assert again.state is SendingState.SENT
    assert again.letter is not None and copy.letter is not None
    assert again.letter.total < copy.letter.total
    assert world.cases.load(case.case_id).performed(Step.SEND_REMINDER) is not None


def test_where_the_letter_was_withheld_too_both_come_again_and_the_copy_once() -> None:
    world = World()
    case = both(world)
    world.drive(case.case_id)
    world.clock.advance(minutes=5)
    pay(world, case, 2_000)
    world.dispatch()
    assert world.cases.load(case.case_id).performed(Step.SEND_REMINDER) is None
    world.live(case.case_id, 3)
    assert [item.state for item in copies_to(world, case)] == [SendingState.WITHHELD, SendingState.SENT]
    assert "send_copies" not in [step for _, step in world.story(case.case_id)]


def test_who_was_released_gets_no_late_copy() -> None:
    world = World()
    case = capped(world)
    release_party(
        case.case_id, case.co_debtors[0].party_id, by="col_1", cases=world.cases, clock=world.clock
    )
    world.live(case.case_id, 10)
    assert copies_to(world, case) == []


def test_a_late_copy_waits_for_a_plan_and_for_a_case_that_is_paid_it_never_comes() -> None:
    world = World()
    case = capped(world)
    agree(world, case, 2)
    world.live(case.case_id, 6)
    assert copies_to(world, case) == []
    pay(world, case, owed(world, case))
    world.live(case.case_id, 6)
    assert copies_to(world, case) == []


def test_the_copy_of_the_next_letter_stands_for_the_one_that_waited() -> None:
    """The case stood still until the demand was due: then that is what everybody gets."""
    world = World()
    case, copy = written(world)
    hold = place_hold(case.case_id, HoldReason.ILLNESS, by="col_1", cases=world.cases, clock=world.clock)
    world.send(case.case_id, copy.communication_id)
    assert is_waiting(world, case)
    release_hold(case.case_id, hold.hold_id, by="col_1", cases=world.cases, clock=world.clock)
    world.clock.advance(days=21)
    world.live(case.case_id, 25)
    told = [*copies_to(world, case), *copies_to(world, case, "demand")]
    assert [item.state for item in told if item.template == "demand"] == [SendingState.SENT]
    assert not is_waiting(world, case)


def test_a_late_copy_counts_as_the_letter_where_its_reader_takes_the_debtors_place() -> None:
    """The new debtor has read the reminder: it does not come again."""
    world = World()
    case = capped(world)
    world.live(case.case_id, 6)
    stop_case(case.case_id, Closure.DEBTOR_DIED, by="col_1", cases=world.cases, clock=world.clock)
    after = world.cases.load(case.case_id)
    assert after.debtor.name == JOINT.name
    assert after.performed(Step.SEND_REMINDER) is not None
