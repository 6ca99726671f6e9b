"""Plans that a collector or the client proposes: at once inside the client's limits, else asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sovinto.domain.agreement import Approval, ApprovalKind
from sovinto.domain.case import Case
from sovinto.domain.plan import Plan
from sovinto.errors import InvalidInput, RuleRefused
from sovinto.usecases.answer_approval import answer_approval
from sovinto.usecases.debtor_page import open_page, plan_offers
from sovinto.usecases.replan import propose_plan

from tests.support.books import check_books
from tests.support.moves import agree, object_to, owed, pay
from tests.support.people import CLIENT
from tests.support.world import World

COLLECTOR = "col_fi_1"


def begun(**client: object) -> tuple[World, Case]:
    world = World(client=replace(CLIENT, **client))  # type: ignore[arg-type]
    case = world.place(principal=90_000)
    world.live(case.case_id, 3)
    return world, case


def propose(
    world: World, case: Case, count: int, *, days: int = 14, by: str = COLLECTOR
) -> Plan | Approval:
    return propose_plan(
        case.case_id,
        count,
        world.clock.now().date() + timedelta(days=days),
        by=by,
        cases=world.cases,
        clients=world.clients,
        sender=world.sender,
        clock=world.clock,
    )


def decide_on(world: World, case: Case, asked: Plan | Approval, *, approve: bool) -> Case:
    assert isinstance(asked, Approval)
    return answer_approval(
        case.case_id,
        asked.approval_id,
        approve=approve,
        by=case.client_id,
        cases=world.cases,
        clock=world.clock,
        client_id=case.client_id,
        clients=world.clients,
        sender=world.sender,
    )


def plan_in(world: World, case: Case) -> Plan:
    plan = world.cases.load(case.case_id).plan
    assert plan is not None
    return plan


def break_it(world: World, case: Case) -> None:
    """Nobody pays: past the first day and its grace."""
    world.clock.advance(days=42)
    world.drive(case.case_id)
    assert plan_in(world, case).status == "broken"


def test_terms_inside_the_limits_are_the_plan_at_once() -> None:
    world, case = begun()
    plan = propose(world, case, 5)
    assert plan == plan_in(world, case)
    assert plan.status == "active"
    (told,) = world.messages(case.case_id, "plan_confirmation")
    assert told.letter is not None
    assert told.letter.instalments == plan.instalments
    assert sum(i.amount.minor for i in plan.instalments) == owed(world, case)


def test_the_client_decides_how_long_a_plan_may_be_without_being_asked() -> None:
    world, case = begun(plan_max_instalments=24)
    page = open_page(case.case_id, cases=world.cases, clock=world.clock, clients=world.clients)
    assert [len(plan.instalments) for plan in plan_offers(page)][-2:] == [18, 24]
    assert isinstance(propose(world, case, 20), Plan)


def test_terms_outside_the_limits_are_asked_about_and_wait() -> None:
    world, case = begun()
    asked = propose(world, case, 18)
    assert isinstance(asked, Approval)
    assert asked.kind is ApprovalKind.PLAN
    stored = world.cases.load(case.case_id)
    assert stored.plan is None
    assert stored.proposed_plan is not None
    assert (stored.proposed_plan.plan_id, stored.proposed_plan.status) == (asked.about, "proposed")
    assert stored.open_approval == asked
    assert world.drive(case.case_id) == "approval:plan"
    (mail,) = world.messages(case.case_id, "plan_approval_request")
    assert (mail.audience, mail.to) == ("client", world.client.email)
    assert ("outside", "too_many_instalments") in mail.facts


def test_an_approved_proposal_is_the_plan_and_is_confirmed() -> None:
    world, case = begun()
    asked = propose(world, case, 18)
    world.clock.advance(days=2)
    decide_on(world, case, asked, approve=True)
    plan = plan_in(world, case)
    assert (len(plan.instalments), plan.status) == (18, "active")
    assert len(world.messages(case.case_id, "plan_confirmation")) == 1
    assert sum(i.amount.minor for i in plan.instalments) == owed(world, case)
    check_books(world.ledger())


def test_money_between_the_question_and_the_answer_counts_towards_the_first_instalment() -> None:
    world, case = begun()
    asked = propose(world, case, 18)
    world.clock.advance(days=1)
    pay(world, case, 5_000)
    decide_on(world, case, asked, approve=True)
    plan = plan_in(world, case)
    rest = sum(i.amount.minor for i in plan.instalments) - 5_000
    assert owed(world, case) == rest


def test_a_no_leaves_the_case_as_it_was() -> None:
    world, case = begun()
    asked = propose(world, case, 18)
    declined = decide_on(world, case, asked, approve=False)
    assert (declined.plan, declined.proposed_plan) == (None, None)
    assert world.drive(case.case_id) == "remind_by_sms_not_due"


def test_silence_is_a_no() -> None:
    world, case = begun()
    propose(world, case, 18)
    world.clock.advance(days=8)
    world.drive(case.case_id)
    stored = world.cases.load(case.case_id)
    assert (stored.plan, stored.proposed_plan, stored.open_approval) == (None, None, None)


def test_one_question_at_a_time() -> None:
    world, case = begun()
    propose(world, case, 18)
    with pytest.raises(RuleRefused, match="waits for an answer until"):
        propose(world, case, 3)


def test_what_the_client_offers_the_debtor_takes_up_on_the_page() -> None:
    world, case = begun()
    offered = propose(world, case, 20, by=case.client_id)
    assert isinstance(offered, Plan)
    assert offered.status == "proposed"
    assert world.cases.load(case.case_id).plan is None
    world.clock.advance(days=1)
    plan = agree(world, case, 20)
    assert plan == plan_in(world, case)
    assert (len(plan.instalments), plan.instalments[0].due_on) == (20, offered.instalments[0].due_on)
    assert world.cases.load(case.case_id).proposed_plan is None


def test_terms_that_wait_for_the_client_are_not_on_offer() -> None:
    world, case = begun()
    propose(world, case, 18)
    page = open_page(case.case_id, cases=world.cases, clock=world.clock, clients=world.clients)
    assert 18 not in [len(plan.instalments) for plan in plan_offers(page)]


def test_new_terms_for_a_plan_that_is_kept_cost_no_interest() -> None:
    world, case = begun()
    first = agree(world, case, 3)
    before = owed(world, case)
    world.clock.advance(days=10)
    second = propose(world, case, 6)
    assert isinstance(second, Plan)
    assert (second.plan_id, second.revisions[0].ended) == (first.plan_id, "replaced")
    assert sum(i.amount.minor for i in second.instalments) == before == owed(world, case)
    world.clock.advance(days=3)
    assert owed(world, case) == before


def test_after_a_broken_plan_there_is_one_more_on_the_page_with_the_same_id() -> None:
    world, case = begun()
    first = agree(world, case, 3)
    break_it(world, case)
    second = agree(world, case, 4)
    assert second.plan_id == first.plan_id
    assert [revision.ended for revision in second.revisions] == ["broken"]
    assert second.revisions[0].instalments == first.instalments
    break_it(world, case)
    with pytest.raises(RuleRefused, match="not on offer"):
        agree(world, case, 3)


def test_a_third_plan_is_for_the_client_to_allow() -> None:
    world, case = begun()
    for count in (3, 4):
        agree(world, case, count)
        break_it(world, case)
    asked = propose(world, case, 3)
    decide_on(world, case, asked, approve=True)
    plan = plan_in(world, case)
    assert (plan.is_active, plan.times_broken) == (True, 2)


@pytest.mark.parametrize(("count", "field"), [(0, "instalments"), (61, "instalments")])
def test_beyond_five_years_nobody_agrees(count: int, field: str) -> None:
    world, case = begun()
    with pytest.raises(InvalidInput, match="1 to 60") as refusal:
        propose(world, case, count)
    assert refusal.value.field == field


@pytest.mark.parametrize("days", [-1, 0, 91])
def test_the_first_day_lies_ahead_and_not_too_far(days: int) -> None:
    world, case = begun()
    with pytest.raises(InvalidInput, match="first_on must lie after today") as refusal:
        propose(world, case, 3, days=days)
    assert refusal.value.field == "first_on"


def test_nothing_is_agreed_while_the_case_stands_still() -> None:
    world, case = begun()
    object_to(world, case)
    with pytest.raises(RuleRefused, match="disputed"):
        propose(world, case, 3)


def test_nothing_is_agreed_where_nothing_is_owed() -> None:
    world, case = begun()
    pay(world, case, owed(world, case))
    with pytest.raises(RuleRefused):
        propose(world, case, 3)


def test_dates_are_of_the_country() -> None:
    """Juhannus, 19 June 2026, is no banking day: the instalment falls due on Monday."""
    world, case = begun()
    world.clock.at = world.clock.at.replace(month=6, day=1)
    plan = propose(world, case, 2, days=18)
    assert isinstance(plan, Plan)
    assert plan.instalments[0].due_on == date(2026, 6, 22)
