"""Letters beside the policy's steps that never left: by post after a bounce, or when the hold ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sovinto.domain.case import Case
from sovinto.domain.communication import Channel, Communication, SendingState
from sovinto.domain.hold import HoldReason
from sovinto.errors import UpstreamRefused
from sovinto.usecases.hold_case import place_hold, release_hold

from tests.support.moves import agree, answer, object_to, pay
from tests.support.world import World


def agreed(world: World) -> Case:
    case = world.place(principal=30_000)
    world.live(case.case_id, 3)
    agree(world, case, 3)
    return case


def confirmations(world: World, case: Case) -> list[Communication]:
    return sorted(world.messages(case.case_id, "plan_confirmation"), key=lambda item: item.planned_at)


def test_a_confirmation_that_bounced_goes_by_post() -> None:
    world = World()
    case = agreed(world)
    world.mailer.failure = UpstreamRefused("no such mailbox")
    world.dispatch()
    assert world.dispatch() == [SendingState.SENT]
    states = {item.channel: item.state for item in confirmations(world, case)}
    assert states == {Channel.EMAIL: SendingState.FAILED, Channel.POST: SendingState.SENT}
    assert Channel.EMAIL in world.cases.load(case.case_id).refused_channels


def test_a_broken_plan_is_told_by_post_where_the_mail_bounces() -> None:
    world = World()
    case = agreed(world)
    world.dispatch()
    world.sms.failure = UpstreamRefused("no such number")
    while not world.messages(case.case_id, "plan_broken"):
        world.drive(case.case_id)
        world.clock.advance(days=1)
    world.mailer.failure = UpstreamRefused("no such mailbox")
    world.dispatch()
    world.dispatch()
    states = {item.channel: item.state for item in world.messages(case.case_id, "plan_broken")}
    assert states == {Channel.EMAIL: SendingState.FAILED, Channel.POST: SendingState.SENT}


def held(world: World, case: Case, days: int | None = None) -> str:
    until = world.clock.now().date() + timedelta(days=days) if days else None
    hold = place_hold(
        case.case_id, HoldReason.ILLNESS, by="col_1", cases=world.cases, clock=world.clock, until=until
    )
    world.dispatch()
    return hold.hold_id


def as_agreed(world: World, case: Case) -> None:
    """The second confirmation left, with the days of the plan as they are after the standstill."""
    old, new = confirmations(world, case)
    plan = world.cases.load(case.case_id).plan
    assert (old.state, new.state) == (SendingState.WITHHELD, SendingState.SENT)
    assert new.letter is not None and old.letter is not None and plan is not None
    assert new.letter.instalments == plan.instalments != old.letter.instalments
    assert new.letter.payment.pay_by == plan.instalments[0].due_on


def test_a_confirmation_that_a_hold_withheld_comes_when_it_is_released() -> None:
    world = World()
    case = agreed(world)
    hold_id = held(world, case)
    world.clock.advance(days=10)
    release_hold(case.case_id, hold_id, by="col_1", cases=world.cases, clock=world.clock)
    world.dispatch()
    as_agreed(world, case)


def test_a_confirmation_that_a_hold_withheld_comes_when_its_last_day_has_passed() -> None:
    world = World()
    case = agreed(world)
    held(world, case, days=8)
    world.live(case.case_id, 12)
    as_agreed(world, case)


def test_a_confirmation_that_a_dispute_withheld_comes_when_it_is_rejected() -> None:
    world = World()
    case = agreed(world)
    object_to(world, case)
    world.dispatch()
    world.clock.advance(days=6)
    answer(world, case, "rejected")
    world.dispatch()
    as_agreed(world, case)


def test_while_another_hold_stands_nothing_comes_again() -> None:
    world = World()
    case = agreed(world)
    hold_id = held(world, case)
    place_hold(case.case_id, HoldReason.DEBT_ADVICE, by="col_1", cases=world.cases, clock=world.clock)
    release_hold(case.case_id, hold_id, by="col_1", cases=world.cases, clock=world.clock)
    assert len(confirmations(world, case)) == 1


def broken(world: World) -> Case:
    """The plan broke and the debtor is about to hear so."""
    case = agreed(world)
    world.dispatch()
    while not world.messages(case.case_id, "plan_broken"):
        world.drive(case.case_id)
        if not world.messages(case.case_id, "plan_broken"):
            world.clock.advance(days=1)
    return case


def test_a_broken_plan_is_not_told_with_the_sum_from_before_a_payment() -> None:
    world = World()
    case = broken(world)
    pay(world, case, 5_000)
    world.dispatch()
    (told,) = (i for i in world.messages(case.case_id, "plan_broken") if i.state is SendingState.WITHHELD)
    assert told.reason == "the debt changed after it was written"


@pytest.mark.parametrize(
    ("paid", "left"),
    [(0, [SendingState.SENT]), (5_000, [SendingState.WITHHELD, SendingState.PLANNED])],
)
def test_a_broken_plan_told_after_a_hold_has_the_sum_of_today(paid: int, left: list[SendingState]) -> None:
    world = World()
    case = broken(world)
    hold_id = held(world, case)
    world.clock.advance(days=10)
    if paid:
        pay(world, case, paid)
    world.clock.advance(days=10)
    release_hold(case.case_id, hold_id, by="col_1", cases=world.cases, clock=world.clock)
    world.dispatch()
    states = [item.state for item in world.messages(case.case_id, "plan_broken")]
    assert sorted(states) == sorted([SendingState.WITHHELD, *left])
