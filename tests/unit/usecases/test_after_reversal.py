"""What follows from money that goes back: other money first, time to answer, and a yes that lapsed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sovinto.domain.agreement import ApprovalKind
from sovinto.domain.case import Case, Closure, Step
from sovinto.domain.fairness import fair_on
from sovinto.domain.hold import HoldReason
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.rendering.press import SovintoPress
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.hold_case import place_hold

from tests.support.books import by_account, check_books
from tests.support.firm_steps import say, under_v2
from tests.support.moves import object_to, owed, pay, take_back
from tests.support.situations import left_alone, newer_consumer
from tests.support.stored import all_events
from tests.support.world import CLIENT, World


def outcome(world: World) -> str:
    (event,) = [e for e in all_events(world.table) if e.type == "payment.reversed"]  # type: ignore[arg-type]
    return dict(event.data)["outcome"]


def refunds(world: World, case: Case) -> int:
    return by_account(world.ledger()).get(f"refunds:{case.case_id}", 0)


def test_a_second_payment_that_waited_to_be_refunded_pays_instead() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 5)
    minor = owed(world, case)
    pay(world, case, minor)
    pay(world, case, minor, name="pay_2")
    assert refunds(world, case) == -minor
    world.clock.advance(days=3)
    assert not take_back(world, case, "pay_1").is_reopened
    assert world.cases.load(case.case_id).closure is Closure.PAID
    assert (refunds(world, case), outcome(world)) == (0, "stays_closed")
    assert not world.messages(case.case_id, "payment_reversed")
    assert [p.collected.minor for p in world.clients.payables(CLIENT.client_id)] == [minor]
    check_books(world.ledger())
    world.pay_clients()
    (made,) = world.press.remittances  # type: ignore[attr-defined]
    assert [(line.payment_id, line.collected.minor) for line in made.lines] == [("pay_2-1", minor)]


@pytest.mark.parametrize("is_remitted", [True, False])
def test_the_second_payment_may_go_back_too(is_remitted: bool) -> None:
    """First what waits, then what its surplus was used for; the client keeps nothing of it."""
    world = World()
    case = world.place()
    world.live(case.case_id, 5)
    minor = owed(world, case)
    pay(world, case, minor)
    pay(world, case, minor + 900, name="pay_2")
    take_back(world, case, "pay_1")
    assert refunds(world, case) == -900
    if is_remitted:
        world.pay_clients()
    assert not take_back(world, case, "pay_2", 900, name="a").is_reopened
    assert take_back(world, case, "pay_2", 1_000, name="b").is_reopened
    assert owed(world, case) == 1_000
    with pytest.raises(InvalidInput):
        take_back(world, case, "pay_2", minor, name="c")
    take_back(world, case, "pay_2", name="c")
    assert owed(world, case) == minor
    assert refunds(world, case) == 0
    assert by_account(world.ledger())["bank:collection"] == 0
    check_books(world.ledger())


def test_a_surplus_that_does_not_cover_it_leaves_the_rest_open() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 5)
    minor = owed(world, case)
    pay(world, case, minor - 500)
    pay(world, case, 2_500, name="pay_2")
    world.clock.advance(hours=1)
    assert take_back(world, case, "pay_1").is_reopened
    assert owed(world, case) == minor - 2_500
    world.dispatch()
    (message,) = world.messages(case.case_id, "payment_reversed")
    assert f"balance={Money(minor - 2_500, 'EUR').decimal()} EUR" in message.text
    assert sorted(p.collected.minor for p in world.clients.payables(CLIENT.client_id)) == [500, 2_000]
    take_back(world, case, "pay_2", name="b")
    assert owed(world, case) == minor
    assert world.clients.payables(CLIENT.client_id) == ()
    check_books(world.ledger())


@pytest.mark.parametrize("is_held_first", [True, False])
def test_a_case_that_stands_still_hears_of_it_without_a_sum_or_a_request(is_held_first: bool) -> None:
    world = World(press=SovintoPress())
    case = world.place()
    world.live(case.case_id, 5)
    pay(world, case, 3_000)
    world.dispatch()
    if is_held_first:
        place_hold(case.case_id, HoldReason.ILLNESS, by="col_1", cases=world.cases, clock=world.clock)
    take_back(world, case, "pay_1")
    if not is_held_first:
        object_to(world, case)
    world.dispatch()
    (message,) = world.messages(case.case_id, "payment_reversed")
    assert "30,00" in message.text
    assert "Avoinna" not in message.text and "maksaa" not in message.text
    assert message.text.count("€") == 1, "only what went back"


def test_who_is_asked_again_reads_what_is_left_to_pay() -> None:
    world = World(press=SovintoPress())
    case = world.place()
    pay(world, case, 3_000)
    take_back(world, case, "pay_1")
    world.dispatch()
    (message,) = world.messages(case.case_id, "payment_reversed")
    assert "Avoinna on nyt" in message.text


@pytest.mark.parametrize("step", [Step.PUBLISH_TRATTA, Step.HAND_TO_LEGAL, Step.ANNOUNCE_TRATTA])
def test_a_late_reversal_leaves_time_to_answer_and_a_lapsed_yes_is_asked_anew(step: Step) -> None:
    place = newer_consumer if step is Step.HAND_TO_LEGAL else under_v2
    at = left_alone(step, place)()
    world, case = at.world, at.case
    assert pay(world, case, owed(world, case)).is_closed
    world.live(case.case_id, 90)
    before, back_on = len(case.approvals), world.clock.now().date()
    assert take_back(world, case, "pay_1").is_reopened
    world.live(case.case_id, 14)
    now = world.cases.load(case.case_id)
    assert len(now.approvals) == before, "nothing firm before the time to answer is over"
    assert fair_on(now, facts_of(case.case_id, world.cases, world.clock.now())[1]) == back_on + timedelta(
        days=14
    )
    world.live(case.case_id, 3)
    now = world.cases.load(case.case_id)
    assert len(now.approvals) == before + 1
    assert now.open_approval is not None
    assert now.performed(step) is None


def test_a_yes_that_still_holds_is_not_asked_again() -> None:
    at = left_alone(Step.HAND_TO_LEGAL, newer_consumer)()
    world, case = at.world, at.case
    pay(world, case, owed(world, case))
    take_back(world, case, "pay_1")
    assert world.cases.load(case.case_id).performed(Step.ASK_APPROVAL) == case.performed(Step.ASK_APPROVAL)


def test_a_publication_that_was_approved_long_ago_is_asked_anew() -> None:
    at = left_alone(Step.PUBLISH_TRATTA, under_v2)()
    world, case = at.world, at.case
    while (asked := world.cases.load(case.case_id).open_approval) is None:
        world.live(case.case_id, 1)
    assert asked.kind is ApprovalKind.PUBLICATION
    say(world, case, asked)
    assert pay(world, case, owed(world, case)).is_closed
    world.live(case.case_id, 90)
    take_back(world, case, "pay_1")
    world.live(case.case_id, 18)
    now = world.cases.load(case.case_id)
    assert now.performed(Step.PUBLISH_TRATTA) is None
    assert now.open_approval is not None and now.open_approval.kind is ApprovalKind.PUBLICATION
