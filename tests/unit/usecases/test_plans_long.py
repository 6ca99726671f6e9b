"""Plans longer than a year: kept to the end over every hand-over of the driver; grace and tolerance."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sovinto.domain.case import Case, Closure, Step
from sovinto.domain.driving import Turn
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.money import Money
from sovinto.domain.plan import Instalment, Plan
from sovinto.domain.timeline import Act, decide
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.drive_case import answer_state, continue_as_new, decide_next
from sovinto.usecases.preview_case import performer

from tests.support.books import check_books
from tests.support.moves import agree, owed, pay
from tests.support.people import CLIENT
from tests.support.world import World

HANDED_OVER_AFTER = 300


def on_plan(count: int = 18) -> tuple[World, Case, Plan]:
    world = World(client=replace(CLIENT, plan_max_instalments=24))
    case = world.place(principal=180_000)
    world.live(case.case_id, 3)
    return world, case, agree(world, case, count)


def day_of(world: World) -> date:
    return world.clock.now().date()


def texts_on(world: World, case: Case) -> Counter[date]:
    """Reminders that really left, by the day."""
    return Counter(
        item.sent_at.date() for item in world.messages(case.case_id, "instalment_sms") if item.sent_at
    )


def sleep(world: World, plan: Plan) -> None:
    """To the next morning; the days on which no instalment is near are slept through."""
    world.clock.advance(days=1)
    near = [timedelta(days=-6) <= i.due_on - day_of(world) <= timedelta(days=1) for i in plan.instalments]
    if not any(near):
        ahead = [i.due_on for i in plan.instalments if i.due_on > day_of(world)]
        world.clock.advance(days=(ahead[0] - day_of(world)).days - 1 if ahead else 0)


def live_until_closed(world: World, case: Case, plan: Plan, payments: dict[date, Instalment]) -> None:
    """Each morning the case is driven, then what is paid that day comes in."""
    for _ in range(800):
        if world.drive(case.case_id) == "paid":
            return
        world.dispatch()
        if (instalment := payments.get(day_of(world))) is not None:
            pay(world, case, instalment.amount.minor, name=f"pay_{instalment.number}")
        sleep(world, plan)
    raise AssertionError("the plan does not come to its end")


@pytest.mark.parametrize("count", [18, 24])
def test_a_long_plan_is_kept_to_its_end_with_one_text_on_each_due_day(count: int) -> None:
    world, case, plan = on_plan(count)
    live_until_closed(world, case, plan, {i.due_on: i for i in plan.instalments})
    closed = world.cases.load(case.case_id)
    assert closed.closure is Closure.PAID
    assert closed.plan is not None
    assert (closed.plan.status, closed.plan.plan_id) == ("kept", plan.plan_id)
    assert texts_on(world, case) == {i.due_on: 1 for i in plan.instalments}
    (paid, *_) = sorted((e.value_on for e in world.cases.entries(case.case_id)), reverse=True)
    assert paid == plan.instalments[-1].due_on
    check_books(world.ledger(900))


def test_who_has_paid_ahead_is_not_reminded() -> None:
    """Every instalment is paid the day before: eighteen due days, not one text."""
    world, case, plan = on_plan()
    live_until_closed(world, case, plan, {i.due_on - timedelta(days=1): i for i in plan.instalments})
    assert world.cases.load(case.case_id).closure is Closure.PAID
    assert texts_on(world, case) == {}


def test_payments_within_the_grace_keep_the_plan() -> None:
    world, case, plan = on_plan()
    live_until_closed(world, case, plan, {i.due_on + timedelta(days=5): i for i in plan.instalments})
    assert world.cases.load(case.case_id).closure is Closure.PAID
    assert texts_on(world, case) == {i.due_on: 1 for i in plan.instalments}


def test_parts_of_an_instalment_add_up() -> None:
    world, case, plan = on_plan()
    first = plan.instalments[0]
    world.clock.advance(hours=1)
    pay(world, case, first.amount.minor // 2, name="half")
    pay(world, case, first.amount.minor - first.amount.minor // 2, name="rest")
    world.clock.at = datetime.combine(first.due_on, time(10), tzinfo=UTC) + timedelta(days=6)
    world.drive(case.case_id)
    stored = world.cases.load(case.case_id).plan
    assert stored is not None
    assert stored.is_active
    assert texts_on(world, case) == {}


def test_a_driver_older_than_300_days_hands_over_and_the_plan_goes_on() -> None:
    """Every 300 days a fresh execution takes over, as the state machine does; nothing is said twice."""
    world, case, plan = on_plan()
    payments = {i.due_on: i for i in plan.instalments}
    execution, begun = 1, world.clock.now()
    world.timeline.running.add((case.case_id, execution))
    while world.cases.load(case.case_id).is_open:
        world.drive(case.case_id)
        world.dispatch()
        token = f"token-{execution}-{day_of(world)}"
        world.timeline.tokens.add(token)
        answer_state(
            case.case_id,
            Turn(token, execution, world.clock.now()),
            cases=world.cases,
            wakes=world.wakes,
            timeline=world.timeline,
            clock=world.clock,
        )
        if (instalment := payments.get(day_of(world))) is not None:
            pay(world, case, instalment.amount.minor, name=f"pay_{instalment.number}")
        if world.clock.now() - begun > timedelta(days=HANDED_OVER_AFTER):
            execution, begun = execution + 1, world.clock.now()
            continue_as_new(
                case.case_id,
                execution,
                wakes=world.wakes,
                timeline=world.timeline,
                real_now=world.clock.now(),
            )
        sleep(world, plan)
    assert execution == 2
    assert world.wakes.of(case.case_id).execution == 2
    assert texts_on(world, case) == {i.due_on: 1 for i in plan.instalments}
    found = decide_next(case.case_id, cases=world.cases, wakes=world.wakes, clock=world.clock)
    assert (found.step, found.reason) == ("done", "paid")


def with_tolerance(world: World, case: Case, minor: int) -> tuple[Facts, Rules]:
    """What the timeline looks at, under a policy with a tolerance of so many cents."""
    facts, rules = facts_of(case.case_id, world.cases, world.clock.now())
    plan = replace(rules.policy.plan, tolerance=Money(minor, "EUR"))
    return facts, replace(rules, policy=replace(rules.policy, plan=plan))


def short_by(minor: int) -> tuple[World, Case]:
    """All instalments are paid in one sum, but for some cents, and the last day of grace has passed."""
    world, case, plan = on_plan()
    world.clock.at = datetime.combine(plan.instalments[0].due_on, time(10), tzinfo=UTC)
    pay(world, case, owed(world, case) - minor)
    world.clock.at = datetime.combine(plan.instalments[-1].due_on, time(10), tzinfo=UTC) + timedelta(days=6)
    return world, case


def test_what_is_short_within_the_tolerance_is_waived_at_the_end() -> None:
    world, case = short_by(100)
    facts, rules = with_tolerance(world, case, 100)
    decision = decide(facts, rules)
    assert decision == Act(Step.CLOSE_CASE, "plan_kept")
    done = performer(world.client, world.sender)(facts, rules, decision)
    closed = done.facts.case
    assert (closed.closure, closed.plan.status if closed.plan else "") == (Closure.PAID, "kept")
    assert {entry.kind for entry in done.entries} == {"rest_waived"}
    assert done.facts.balance.total.minor == 0
    check_books(done.facts.entries)


def test_more_than_the_tolerance_is_not_waived_with_a_kept_plan() -> None:
    """The debt outgrew the plan: every instalment is paid, and the timeline resumes for the rest."""
    world, case = short_by(101)
    facts, rules = with_tolerance(world, case, 100)
    assert facts.case.plan is not None
    *others, last = facts.case.plan.instalments
    lower = replace(last, amount=Money(last.amount.minor - 101, "EUR"))
    plan = replace(facts.case.plan, instalments=(*others, lower))
    facts = replace(facts, case=replace(facts.case, plan=plan))
    decision = decide(facts, rules)
    assert decision == Act(Step.CLOSE_CASE, "plan_kept")
    done = performer(world.client, world.sender)(facts, rules, decision)
    resumed = done.facts.case
    assert (resumed.closure, resumed.plan.status if resumed.plan else "") == (None, "kept")
    assert done.entries == ()
    assert done.facts.balance.total.minor == 101
    following = decide(done.facts, rules)
    assert not (isinstance(following, Act) and following.step is Step.CLOSE_CASE)


def test_more_than_the_tolerance_breaks_the_plan() -> None:
    world, case = short_by(101)
    decision = decide(*with_tolerance(world, case, 100))
    assert isinstance(decision, Act)
    assert (decision.step, decision.instalment) == (Step.BREAK_PLAN, 18)
