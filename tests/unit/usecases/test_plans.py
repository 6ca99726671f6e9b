"""A payment plan: agreed in a moment, reminded on the day, kept or broken."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from sovinto.domain.case import Case, Closure
from sovinto.domain.money import total
from sovinto.domain.plan import Instalment, Plan
from sovinto.errors import RuleRefused

from tests.support.books import check_books
from tests.support.moves import agree, answer, object_to, owed, pay
from tests.support.world import World


def on_plan(count: int = 3, **debtor: object) -> tuple[World, Case, Plan]:
    world = World()
    case = world.place(principal=30_000, **debtor)
    world.live(case.case_id, 3)
    return world, case, agree(world, case, count)


def go_to(world: World, instalment: Instalment, *, days: int = 0) -> None:
    """Ten o'clock in the morning, UTC, of the due day (and some days on)."""
    world.clock.at = datetime.combine(instalment.due_on, time(10), tzinfo=UTC) + timedelta(days=days)


def test_the_parts_are_the_whole_and_are_due_on_banking_days() -> None:
    world, case, plan = on_plan()
    assert total((i.amount for i in plan.instalments), "EUR").minor == owed(world, case)
    assert [i.number for i in plan.instalments] == [1, 2, 3]
    assert all(i.due_on.weekday() < 5 for i in plan.instalments)


def test_the_plan_is_confirmed_with_its_instalments() -> None:
    world, case, plan = on_plan()
    (told,) = world.messages(case.case_id, "plan_confirmation")
    assert told.letter is not None
    assert told.letter.instalments == plan.instalments
    assert told.letter.payment.amount == plan.instalments[0].amount


def test_interest_stands_still_while_the_plan_is_kept() -> None:
    world, case, _ = on_plan()
    before = owed(world, case)
    world.clock.advance(days=5)
    assert owed(world, case) == before


def test_each_instalment_is_reminded_on_its_day_and_a_kept_plan_closes_the_case() -> None:
    world, case, plan = on_plan()
    for instalment in plan.instalments:
        go_to(world, instalment, days=-1)
        assert world.drive(case.case_id) == "instalment_not_due"
        go_to(world, instalment)
        world.drive(case.case_id)
        world.dispatch()
        assert len(world.sms.sent) == instalment.number
        assert world.drive(case.case_id) == "instalment_awaited"
        pay(world, case, instalment.amount.minor, name=f"pay_{instalment.number}")
        world.clock.advance(hours=1)
    closed = world.cases.load(case.case_id)
    assert closed.closure is Closure.PAID
    assert closed.plan is not None
    assert closed.plan.status == "kept"
    assert world.drive(case.case_id) == "paid"
    check_books(world.ledger())


def test_the_reminder_asks_for_the_instalment_only() -> None:
    world, case, plan = on_plan()
    go_to(world, plan.instalments[0])
    world.drive(case.case_id)
    (sms,) = world.messages(case.case_id, "instalment_sms")
    assert sms.letter is not None
    assert sms.letter.payment.amount == plan.instalments[0].amount
    assert sms.letter.payment.pay_by == plan.instalments[0].due_on


def test_the_reminder_leaves_out_the_part_that_is_paid() -> None:
    world, case, plan = on_plan()
    world.clock.advance(hours=1)
    pay(world, case, 1_000)
    go_to(world, plan.instalments[0])
    world.drive(case.case_id)
    (sms,) = world.messages(case.case_id, "instalment_sms")
    assert sms.letter is not None
    assert sms.letter.payment.amount.minor == plan.instalments[0].amount.minor - 1_000


def test_paid_ahead_is_not_reminded() -> None:
    world, case, plan = on_plan()
    world.clock.advance(hours=1)
    pay(world, case, plan.instalments[0].amount.minor)
    go_to(world, plan.instalments[0])
    assert world.drive(case.case_id) == "instalment_not_due"
    assert world.messages(case.case_id, "instalment_sms") == []


def test_a_missed_instalment_breaks_the_plan_after_the_days_of_grace() -> None:
    world, case, plan = on_plan()
    go_to(world, plan.instalments[0], days=5)
    world.drive(case.case_id)
    kept = world.cases.load(case.case_id).plan
    assert kept is not None
    assert kept.is_active
    go_to(world, plan.instalments[0], days=6)
    world.drive(case.case_id)
    broken = world.cases.load(case.case_id).plan
    assert broken is not None
    assert broken.status == "broken"


def test_after_a_broken_plan_the_timeline_resumes_where_it_stood() -> None:
    world, case, plan = on_plan()
    go_to(world, plan.instalments[0], days=6)
    steps = [step for _, step in world.live(case.case_id, 60)]
    assert steps[:2] == ["send_reminder", "break_plan"]
    assert steps[2:5] == ["remind_by_sms", "send_demand", "call_debtor"]


def test_a_half_paid_instalment_is_missed() -> None:
    world, case, plan = on_plan()
    world.clock.advance(hours=1)
    pay(world, case, plan.instalments[0].amount.minor - 1)
    go_to(world, plan.instalments[0], days=6)
    world.drive(case.case_id)
    broken = world.cases.load(case.case_id).plan
    assert broken is not None
    assert broken.status == "broken"


def test_without_a_phone_nobody_is_reminded_and_the_plan_goes_on() -> None:
    world, case, plan = on_plan(phone=None)
    go_to(world, plan.instalments[0])
    assert world.drive(case.case_id) == "instalment_awaited"
    assert world.sms.sent == []


def test_an_objection_stops_a_plan_too() -> None:
    world, case, plan = on_plan()
    object_to(world, case)
    go_to(world, plan.instalments[0])
    assert world.drive(case.case_id) == "dispute_open"
    answer(world, case, "rejected")
    assert world.drive(case.case_id) == "instalment_not_due"
    assert world.messages(case.case_id, "instalment_sms") == []


def test_a_plan_waits_as_long_as_the_objection_was_open() -> None:
    """Three weeks without an answer are not three weeks of delay; twice disputed, twice waited."""
    world, case, plan = on_plan()
    for _ in range(2):
        object_to(world, case)
        world.clock.advance(days=21)
        settled = answer(world, case, "rejected")
        assert settled.dispute is not None
        assert settled.dispute.settled_at == world.clock.now()
    later = world.cases.load(case.case_id).plan
    assert later is not None
    assert later.is_active
    for before, after in zip(plan.instalments, later.instalments, strict=True):
        assert 42 <= (after.due_on - before.due_on).days <= 42 + 8
        assert after.due_on.weekday() < 5
        assert after.amount == before.amount
    assert world.drive(case.case_id) == "instalment_not_due"


def test_a_delayed_instalment_is_reminded_on_its_new_day() -> None:
    world, case, plan = on_plan()
    go_to(world, plan.instalments[0])
    world.drive(case.case_id)
    world.dispatch()
    object_to(world, case)
    world.clock.advance(days=14)
    later = answer(world, case, "rejected").plan
    assert later is not None
    go_to(world, later.instalments[0])
    assert world.drive(case.case_id) == "instalment_awaited"
    assert len(world.messages(case.case_id, "instalment_sms")) == 2


@pytest.mark.parametrize("count", [0, 1, 5, 12, 99])
def test_only_plans_on_offer_are_agreed(count: int) -> None:
    world = World()
    case = world.place(principal=10_000)
    with pytest.raises(RuleRefused, match="not on offer"):
        agree(world, case, count)


def test_one_plan_at_a_time() -> None:
    world, case, _ = on_plan()
    with pytest.raises(RuleRefused):
        agree(world, case, 2)


def test_without_an_email_the_confirmation_goes_by_post() -> None:
    world, case, _ = on_plan(email=None)
    world.dispatch()
    (told,) = world.messages(case.case_id, "plan_confirmation")
    assert told.document_key.startswith("post/")


def test_who_breaks_a_plan_is_told_what_was_missed_and_how_to_go_on() -> None:
    world, case, plan = on_plan()
    go_to(world, plan.instalments[0], days=6)
    world.drive(case.case_id)
    (told,) = world.messages(case.case_id, "plan_broken")
    assert told.letter is not None
    assert told.letter.missed == plan.instalments[0]
    assert told.letter.total.minor == owed(world, case)
    assert world.send(case.case_id, told.communication_id) == "sent"
