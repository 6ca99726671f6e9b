"""An objection stops everything at once; only the client's answer lets the case go on or ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sovinto.domain.agreement import Promise
from sovinto.domain.case import Case, Closure, DisputeKind, Step
from sovinto.domain.communication import SendingState
from sovinto.errors import InvalidInput, NotFound, RuleRefused
from sovinto.ports import Change
from sovinto.rendering.press import SovintoPress
from sovinto.usecases.debtor_page import agree_plan, open_dispute, settle_dispute

from tests.support.moves import agree
from tests.support.race import RacingTable
from tests.support.world import CLIENT, World


def disputed(world: World, case: Case, text: str = "not my order") -> None:
    open_dispute(case.case_id, DisputeKind.NOT_MINE, text, cases=world.cases, clock=world.clock)


def settled(world: World, case: Case, outcome: str, client: str = CLIENT.client_id) -> Case:
    return settle_dispute(case.case_id, client, outcome, cases=world.cases, clock=world.clock)


def test_nothing_more_happens_while_the_client_is_silent() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 3)
    disputed(world, case)
    world.live(case.case_id, 90)
    assert world.story(case.case_id) == [("2026-01-05", "send_reminder"), ("2026-01-23", "remind_client")]
    (asked,) = world.messages(case.case_id, "dispute_late")
    assert (asked.audience, asked.to) == ("client", world.client.email)
    assert world.drive(case.case_id) == "dispute_open"


def test_the_debtor_is_told_that_we_stopped() -> None:
    world = World()
    case = world.place()
    disputed(world, case)
    world.dispatch()
    (told,) = world.messages(case.case_id, "dispute_received")
    assert told.state is SendingState.SENT


def test_a_message_that_was_permitted_before_the_stop_is_withheld() -> None:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    (reminder,) = world.messages(case.case_id, "reminder")
    disputed(world, case)
    assert world.send(case.case_id, reminder.communication_id) is SendingState.WITHHELD
    assert world.send(case.case_id, reminder.communication_id) is SendingState.WITHHELD
    assert [mail.to for mail in world.mailer.sent] == []


def test_a_step_decided_before_the_stop_is_skipped() -> None:
    """The stop is stored between looking and storing: the step reads again and finds nothing to do."""
    table = RacingTable()
    world = World(table=table)
    case = world.place()
    table.before = [lambda: disputed(world, case)]
    assert world.perform(case.case_id, Step.SEND_REMINDER) == "skipped"
    assert world.messages(case.case_id, "reminder") == []
    assert [e.kind for e in world.cases.entries(case.case_id)] == ["claim_placed"]


def test_a_stop_between_reading_and_claiming_wins() -> None:
    table = RacingTable()
    world = World(table=table)
    case = world.place()
    world.drive(case.case_id)
    (reminder,) = world.messages(case.case_id, "reminder")
    table.before = [lambda: disputed(world, case)]
    assert world.send(case.case_id, reminder.communication_id) is SendingState.WITHHELD
    assert world.mailer.sent == []


def test_a_rejected_objection_lets_the_case_go_on_where_it_stood() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 3)
    disputed(world, case)
    world.live(case.case_id, 30)
    settled(world, case, "rejected")
    story = world.live(case.case_id, 120)
    told, after = (date.fromisoformat(day) for day, _ in story[2:4])
    assert after - told >= timedelta(days=14)
    (letter,) = world.messages(case.case_id, "dispute_rejected")
    assert letter.state is SendingState.SENT
    assert [step for _, step in story] == [
        "send_reminder",
        "remind_client",
        "tell_rejection",
        "remind_by_sms",
        "send_demand",
        "call_debtor",
        "evaluate",
        "offer_plan",
        "close_case",
    ]


def test_an_upheld_objection_closes_the_case() -> None:
    world = World()
    case = world.place()
    disputed(world, case)
    assert settled(world, case, "upheld").closure is Closure.DISPUTE_UPHELD
    assert world.drive(case.case_id) == "dispute_upheld"
    assert world.wakes.due(world.clock.now(), 10) == ()


def test_objecting_twice_is_one_objection() -> None:
    world = World()
    case = world.place()
    disputed(world, case, "first")
    disputed(world, case, "second")
    stopped = world.cases.load(case.case_id)
    assert stopped.dispute is not None
    assert stopped.dispute.text == "first"
    assert len(world.messages(case.case_id, "dispute_received")) == 1


def test_only_the_client_of_the_case_answers_and_only_once() -> None:
    world = World()
    case = world.place()
    with pytest.raises(RuleRefused, match="no open dispute"):
        settled(world, case, "rejected")
    disputed(world, case)
    with pytest.raises(NotFound):
        settled(world, case, "upheld", client="cli_other")
    with pytest.raises(InvalidInput, match="upheld or rejected"):
        settled(world, case, "maybe")
    settled(world, case, "rejected")
    with pytest.raises(RuleRefused):
        settled(world, case, "upheld")


def test_limits_of_an_objection() -> None:
    world = World()
    case = world.place()
    with pytest.raises(InvalidInput, match="2000 characters"):
        disputed(world, case, "x" * 2001)
    disputed(world, case)
    settled(world, case, "upheld")
    with pytest.raises(RuleRefused, match="closed"):
        disputed(world, case)


def test_no_plan_is_agreed_while_the_claim_is_disputed() -> None:
    world = World()
    case = world.place()
    disputed(world, case)
    with pytest.raises(RuleRefused):
        agree_plan(
            case.case_id,
            2,
            sender=world.sender,
            cases=world.cases,
            clients=world.clients,
            clock=world.clock,
        )


def test_a_promise_stands_still_as_long_as_the_dispute() -> None:
    world = World()
    case = world.place()
    today = world.clock.now().date()
    promise = Promise(today + timedelta(days=5), world.clock.now())
    world.cases.commit(Change(case=replace(case, promise=promise, version=case.version + 1)))
    disputed(world, case)
    world.clock.advance(days=12)
    assert settled(world, case, "rejected").promise == replace(promise, by_on=today + timedelta(days=17))
    assert world.drive(case.case_id) == "promise_awaited"


def test_an_upheld_objection_cancels_the_plan() -> None:
    world = World()
    case = world.place(principal=30_000)
    world.live(case.case_id, 3)
    agree(world, case, 3)
    disputed(world, case)
    plan = settled(world, case, "upheld").plan
    assert plan is not None and plan.status == "cancelled"


def test_the_client_is_asked_without_the_words_of_the_debtor() -> None:
    world = World(press=SovintoPress())
    case = world.place()
    dispute = open_dispute(
        case.case_id,
        DisputeKind.NOT_MINE,
        "secret words",
        cases=world.cases,
        clock=world.clock,
        clients=world.clients,
    )
    world.dispatch()
    (mail,) = world.messages(case.case_id, "dispute_opened")
    assert (mail.state, mail.audience, mail.to) == (SendingState.SENT, "client", CLIENT.email)
    assert case.client_reference in mail.text and "/client" in mail.text
    assert str(dispute.answer_by.year) in mail.text
    assert "not_mine" not in mail.text and "secret words" not in mail.text
    assert case.debtor.name not in mail.text
    assert len(world.messages(case.case_id, "dispute_received")) == 1
