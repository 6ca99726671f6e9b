"""Questions that need a yes: asked once, answered once, in time, by the one who was asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sovinto.domain.agreement import Approval, ApprovalKind, ApprovalOutcome, Financials
from sovinto.domain.case import Case, Closure, Step
from sovinto.domain.evaluated import Outcome
from sovinto.errors import InvalidInput, NotFound, RuleRefused
from sovinto.ids import ClientId
from sovinto.ports import Change
from sovinto.usecases.answer_approval import answer_approval
from sovinto.usecases.record_financials import record_financials
from sovinto.usecases.replan import propose_plan

from tests.support.firm_steps import COLLECTOR, FIRM, live_until_asked, say, under_v2
from tests.support.moves import object_to, owed, pay
from tests.support.world import World

POOR = Financials(date(2025, 12, 31), "trade register", assets_minor=0, employees=0)


def asked_for_tratta(world: World) -> tuple[Case, Approval]:
    case = under_v2(world)
    return case, live_until_asked(world, case, ApprovalKind.TRATTA)


def test_the_client_is_asked_by_mail_with_a_date_and_nothing_happens_meanwhile() -> None:
    world = World()
    case, asked = asked_for_tratta(world)
    (mail,) = world.messages(case.case_id, "approval_request")
    assert (mail.audience, mail.to, mail.permit) == ("client", world.client.email, None)
    assert dict(mail.facts)["approval_id"] == asked.approval_id
    assert dict(mail.facts)["legal_step"] == "tratta"
    assert asked.expires_on == world.clock.now().date() - timedelta(days=1) + timedelta(days=14)
    before = len(world.cases.load(case.case_id).steps)
    world.live(case.case_id, 10)
    assert len(world.cases.load(case.case_id).steps) == before


@pytest.mark.parametrize("approve", [True, False])
def test_an_answer_counts_once(approve: bool) -> None:
    world = World()
    case, asked = asked_for_tratta(world)
    answered = say(world, case, asked, approve=approve)
    expected = ApprovalOutcome.APPROVED if approve else ApprovalOutcome.DECLINED
    assert answered.approvals[-1].outcome is expected
    assert answered.approvals[-1].answered_by == case.client_id
    for again in (True, False):
        with pytest.raises(RuleRefused, match="answered before"):
            say(world, case, asked, approve=again)
    assert world.cases.load(case.case_id) == answered


def test_no_answer_is_no() -> None:
    world = World()
    case, _ = asked_for_tratta(world)
    world.live(case.case_id, 60)
    now = world.cases.load(case.case_id)
    assert now.approvals[-1].outcome is ApprovalOutcome.EXPIRED
    assert now.closure is Closure.UNCOLLECTABLE
    assert now.performed(Step.ANNOUNCE_TRATTA) is None


def test_after_its_last_day_an_answer_is_refused_even_before_the_timeline_looks() -> None:
    world = World()
    case, asked = asked_for_tratta(world)
    world.clock.advance(days=14)
    with pytest.raises(RuleRefused, match="expired after"):
        say(world, case, asked)


def test_no_goes_on_without_the_step() -> None:
    world = World()
    case, asked = asked_for_tratta(world)
    say(world, case, asked, approve=False)
    story = [step for _, step in world.live(case.case_id, 60)]
    assert "announce_tratta" not in story
    assert story[-1] == "close_case"


def test_nobody_answers_for_another() -> None:
    world = World()
    case, asked = asked_for_tratta(world)
    for client_id in (ClientId("cli_other"), None):
        with pytest.raises(NotFound):
            answer_approval(
                case.case_id,
                asked.approval_id,
                approve=True,
                by=COLLECTOR,
                cases=world.cases,
                clock=world.clock,
                client_id=client_id,
            )
    with pytest.raises(NotFound, match="apr_unknown"):
        say(world, case, replace(asked, approval_id="apr_unknown"))
    with pytest.raises(InvalidInput, match="by must be the id"):
        answer_approval(
            case.case_id,
            asked.approval_id,
            approve=True,
            by="maija@pohjolan.example",
            cases=world.cases,
            clock=world.clock,
            client_id=case.client_id,
        )
    assert world.cases.load(case.case_id).open_approval == asked


def test_a_closed_or_disputed_case_takes_no_yes() -> None:
    world = World()
    case, asked = asked_for_tratta(world)
    object_to(world, case)
    with pytest.raises(RuleRefused, match="disputed or on hold"):
        say(world, case, asked)
    assert say(world, case, asked, approve=False).approvals[-1].outcome is ApprovalOutcome.DECLINED

    other = World()
    paid, question = asked_for_tratta(other)
    pay(other, paid, owed(other, paid))
    other.drive(paid.case_id)
    with pytest.raises(RuleRefused, match="closed"):
        say(other, paid, question)


def test_while_the_debtor_pays_nobody_is_asked_and_the_case_stays_open() -> None:
    world = World()
    case = under_v2(world)
    for month in range(4):
        world.live(case.case_id, 25)
        pay(world, case, 5_000, name=f"pay_{month}")
    now = world.cases.load(case.case_id)
    assert now.is_open
    assert now.approvals == ()
    (seen,) = [record for record in now.steps if record.step is Step.ASK_APPROVAL]
    assert seen.reason == "the debtor is paying; nothing firmer is asked for"
    asked = live_until_asked(world, case, ApprovalKind.TRATTA)
    assert asked.kind is ApprovalKind.TRATTA


@pytest.mark.parametrize("approve", [True, False])
def test_a_plan_outside_the_limits_is_the_clients_to_approve(approve: bool) -> None:
    world = World()
    case = under_v2(world)
    world.live(case.case_id, 10)
    asked = propose_plan(
        case.case_id,
        18,
        world.clock.now().date() + timedelta(days=5),
        by=COLLECTOR,
        cases=world.cases,
        clients=world.clients,
        sender=world.sender,
        clock=world.clock,
    )
    assert isinstance(asked, Approval)
    world.live(case.case_id, 6)
    now = say(world, case, asked, approve=approve)
    assert now.proposed_plan is None
    if approve:
        assert now.plan is not None
        assert now.plan.is_active
        assert len(now.plan.instalments) == 18
        assert now.plan.instalments[0].due_on > world.clock.now().date()
        assert len(world.messages(case.case_id, "plan_confirmation")) == 1
    else:
        assert now.plan is None


def given(world: World, case: Case, figures: Financials, **who: object) -> Case:
    return record_financials(
        case.case_id,
        figures,
        by="cli_demo",
        cases=world.cases,
        clock=world.clock,
        **who,  # type: ignore[arg-type]
    )


def test_signs_of_insolvency_stop_contacts_and_the_next_look_closes() -> None:
    world = World()
    case = under_v2(world)
    given(world, case, POOR, client_id=case.client_id)
    story = {step: on for on, step in world.live(case.case_id, 40)}
    watching = world.cases.load(case.case_id)
    assert [item.outcome for item in watching.evaluations] == [Outcome.INSOLVENCY_WATCH]
    assert not watching.may_be_contacted
    left = len(world.mailer.sent) + len(world.sms.sent)
    watched_on = date.fromisoformat(story["watch_insolvency"])
    story = {step: on for on, step in world.live(case.case_id, 130)}
    assert date.fromisoformat(story["end_hold"]) == watched_on + timedelta(days=91)
    closed = world.cases.load(case.case_id)
    assert [item.rule for item in closed.evaluations] == [
        "signs_of_insolvency",
        "still_failing_after_watch",
    ]
    assert closed.closure is Closure.UNCOLLECTABLE
    assert len(world.mailer.sent) + len(world.sms.sent) == left


def test_new_figures_have_the_case_evaluated_anew() -> None:
    world = World()
    case = under_v2(world)
    world.live(case.case_id, 40)
    before = world.cases.load(case.case_id)
    assert [item.outcome for item in before.evaluations] == [Outcome.PAYMENT_PLAN]
    again = given(world, case, POOR)
    assert given(world, case, POOR) == again
    assert world.wakes.of(case.case_id).wake_at == world.clock.now()
    world.live(case.case_id, 1)
    now = world.cases.load(case.case_id)
    assert [item.outcome for item in now.evaluations] == [Outcome.PAYMENT_PLAN, Outcome.INSOLVENCY_WATCH]
    assert len([r for r in now.steps if r.step is Step.OFFER_PLAN]) == 1


def test_figures_of_the_same_day_are_looked_at_on_it_too() -> None:
    world = World()
    case = under_v2(world)
    world.drive(case.case_id)
    while not world.cases.load(case.case_id).evaluations:
        world.dispatch()
        world.clock.advance(days=1)
        world.drive(case.case_id)
    given(world, case, POOR)
    world.drive(case.case_id)
    now = world.cases.load(case.case_id)
    assert [item.outcome for item in now.evaluations] == [Outcome.PAYMENT_PLAN, Outcome.INSOLVENCY_WATCH]
    assert now.evaluations[0].at.date() == now.evaluations[1].at.date()


@pytest.mark.parametrize(
    ("figures", "field"),
    [
        (replace(POOR, assets_minor=-1), "assets_minor"),
        (replace(POOR, employees=-1), "employees"),
        (replace(POOR, source=" "), "source"),
        (replace(POOR, source="s" * 201), "source"),
        (replace(POOR, as_of=date(2027, 1, 1)), "as_of"),
    ],
)
def test_figures_are_checked(figures: Financials, field: str) -> None:
    world = World()
    case = world.place(**FIRM)
    with pytest.raises(InvalidInput) as refused:
        given(world, case, figures)
    assert refused.value.field == field


def test_figures_of_a_strangers_or_closed_case_are_refused() -> None:
    world = World()
    case = world.place(**FIRM)
    with pytest.raises(NotFound):
        given(world, case, POOR, client_id=ClientId("cli_other"))
    closed = replace(case, closure=Closure.WITHDRAWN, version=case.version + 1)
    world.cases.commit(Change(case=closed))
    with pytest.raises(RuleRefused, match="closed"):
        given(world, case, POOR)


def test_older_figures_are_refused_and_left_out_ones_stay() -> None:
    world = World()
    case = world.place(**FIRM)
    given(world, case, replace(POOR, has_default_entry=True))
    with pytest.raises(InvalidInput, match="as_of must not lie before"):
        given(world, case, replace(POOR, as_of=date(2025, 12, 30)))
    newer = Financials(date(2026, 1, 2), "client", turnover_minor=5)
    theirs = given(world, case, newer, client_id=case.client_id).financials
    assert theirs == replace(newer, assets_minor=0, employees=0, has_default_entry=True)
    assert given(world, case, newer).financials == theirs, "not to know takes nothing back"
    ours = given(world, case, replace(newer, has_default_entry=False)).financials
    assert ours is not None
    assert not ours.has_default_entry, "the agency may take it back"
