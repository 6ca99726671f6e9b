"""News with sums that are worked out when it leaves, or anew because money came: told, and told rightly."""

from __future__ import annotations

import pytest
from sovinto.domain.case import Case
from sovinto.domain.communication import Channel, Communication, SendingState
from sovinto.domain.hold import HoldReason
from sovinto.errors import UpstreamRefused
from sovinto.rendering.press import SovintoPress
from sovinto.usecases.hold_case import place_hold, release_hold

from tests.support.moves import object_to, owed, pay, take_back
from tests.support.world import World
from tests.unit.usecases.test_send_again import broken, held


def news(world: World, case: Case, template: str = "payment_reversed") -> list[Communication]:
    return sorted(world.messages(case.case_id, template), key=lambda item: item.planned_at)


def went_back(world: World, minor: int | None = None, **debtor: object) -> Case:
    case = world.place(**debtor)
    world.live(case.case_id, 5)
    pay(world, case, owed(world, case) if minor is None else minor)
    world.dispatch()
    world.clock.advance(days=1)
    take_back(world, case, "pay_1")
    return world.cases.load(case.case_id)


def test_who_has_no_email_address_hears_by_post_that_a_payment_went_back() -> None:
    """A text message is no substitute, even with a number."""
    world = World()
    case = went_back(world, email=None)
    assert case.is_open
    (item,) = news(world, case)
    assert (item.channel, item.to) == (Channel.POST, "")
    assert world.dispatch() == [SendingState.SENT]
    (told,) = news(world, case)
    assert told.letter is not None and told.letter.returned is not None
    assert told.letter.is_asked
    assert told.letter.debtor_address == case.debtor.address
    assert told.letter.total.minor == told.letter.payment.amount.minor == owed(world, case)
    assert told.document_key in world.documents.stored


def test_what_bounced_goes_by_post_too() -> None:
    world = World()
    case = went_back(world)
    world.mailer.failure = UpstreamRefused("no such mailbox")
    world.dispatch()
    assert world.dispatch() == [SendingState.SENT]
    states = {item.channel: item.state for item in news(world, case)}
    assert states == {Channel.EMAIL: SendingState.FAILED, Channel.POST: SendingState.SENT}


def test_nobody_can_be_told_who_has_neither() -> None:
    world = World()
    case = went_back(world, address=None, has_electronic_consent=True)
    world.mailer.failure = UpstreamRefused("no such mailbox")
    world.dispatch()
    assert [item.state for item in news(world, case)] == [SendingState.FAILED]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("is_asked", [True, False])
def test_the_letter_asks_for_nothing_while_the_case_stands_still(language: str, is_asked: bool) -> None:
    """With the real press: the sum that went back is named, the debt only where it may be asked for."""
    world = World(press=SovintoPress())
    case = went_back(world, email=None, language=language)
    if not is_asked:
        object_to(world, case)
    assert SendingState.SENT in world.dispatch()
    (told,) = news(world, case)
    assert told.letter is not None
    assert told.letter.is_asked is is_asked
    assert told.subject


def test_the_mail_names_what_is_owed_when_it_leaves() -> None:
    """It waited behind a search of the address, and a part came meanwhile."""
    world = World()
    case = went_back(world, 5_000)
    hold = place_hold(
        case.case_id, HoldReason.ADDRESS_SEARCH, by="col_1", cases=world.cases, clock=world.clock
    )
    assert world.dispatch() == [SendingState.WITHHELD]
    pay(world, case, 1_000, name="pay_2")
    world.clock.advance(days=9)
    release_hold(case.case_id, hold.hold_id, by="col_1", cases=world.cases, clock=world.clock)
    world.dispatch()
    first, again = news(world, case)
    assert (first.state, again.state) == (SendingState.WITHHELD, SendingState.SENT)
    assert f"balance={owed(world, case) / 100:.2f} EUR" in again.text
    assert "is_asked=yes" in again.text


def test_a_broken_plan_is_told_anew_with_the_sum_that_a_payment_left() -> None:
    world = World()
    case = broken(world)
    world.clock.advance(minutes=5)
    pay(world, case, 5_000)
    assert SendingState.WITHHELD in world.dispatch()
    assert SendingState.SENT in world.dispatch()
    first, again = news(world, case, "plan_broken")
    assert (first.state, first.reason) == (SendingState.WITHHELD, "the debt changed after it was written")
    assert first.letter is not None and again.letter is not None
    assert again.letter.missed == first.letter.missed is not None
    assert again.letter.total.minor == again.letter.payment.amount.minor == owed(world, case)
    assert again.letter.total.minor == first.letter.total.minor - 5_000
    assert dict(again.facts) == dict(first.facts)


def test_a_broken_plan_that_money_settled_is_not_told_any_more() -> None:
    world = World()
    case = broken(world)
    world.clock.advance(minutes=5)
    pay(world, case, owed(world, case))
    world.dispatch()
    world.live(case.case_id, 3)
    assert [item.state for item in news(world, case, "plan_broken")] == [SendingState.WITHHELD]


def test_a_broken_plan_is_told_anew_where_a_hold_met_the_withholding() -> None:
    """Money came and a hold was placed before anything left: one letter with the sum of the day it ends."""
    world = World()
    case = broken(world)
    world.clock.advance(minutes=5)
    pay(world, case, 5_000)
    world.dispatch()
    hold_id = held(world, case)
    world.clock.advance(days=10)
    pay(world, case, 2_000, name="pay_2")
    release_hold(case.case_id, hold_id, by="col_1", cases=world.cases, clock=world.clock)
    for _ in range(3):
        world.dispatch()
    told = news(world, case, "plan_broken")
    (sent,) = (item for item in told if item.state is SendingState.SENT)
    assert {item.state for item in told if item is not sent} == {SendingState.WITHHELD}
    assert sent.letter is not None and sent.letter.total.minor == owed(world, case)
