"""A case left alone, day by day: what happens, and on which day. 5 January 2026 is a Monday."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sovinto.domain.case import Closure, Step
from sovinto.domain.communication import Channel, SendingState
from sovinto.domain.debtor import DebtorType
from sovinto.domain.timeline import Wait, decide
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.drive_case import decide_next

from tests.support.lawless import world_before_its_law_ends
from tests.support.world import World

CONSUMER = [
    ("2026-01-05", "send_reminder"),
    ("2026-01-12", "remind_by_sms"),
    ("2026-01-20", "send_demand"),  # more than 14 full days after the reminder (513/1999 5 §)
    ("2026-02-05", "call_debtor"),  # 14 days to answer, two more of patience
    ("2026-02-08", "evaluate"),
    ("2026-02-09", "offer_plan"),  # 8 February is a Sunday
    ("2026-03-11", "close_case"),
]
BUSINESS = [
    ("2026-01-05", "send_reminder"),
    ("2026-01-12", "remind_by_sms"),
    ("2026-01-15", "send_demand"),  # 10 days between chargeable letters (513/1999 10 f §)
    ("2026-01-27", "call_debtor"),
    ("2026-01-30", "evaluate"),
    ("2026-01-30", "offer_plan"),
    ("2026-03-01", "close_case"),
]
FIRM = {"debtor_type": DebtorType.BUSINESS, "registration_id": "9000007-0"}


@pytest.mark.parametrize(
    ("debtor", "story"), [({}, CONSUMER), (FIRM, BUSINESS)], ids=["consumer", "business"]
)
def test_silence(debtor: dict[str, object], story: list[tuple[str, str]]) -> None:
    world = World()
    case = world.place(**debtor)
    assert world.live(case.case_id, 120) == story
    closed = world.cases.load(case.case_id)
    assert closed.closure is Closure.UNCOLLECTABLE
    assert world.wakes.due(world.clock.now(), 10) == ()


def test_a_fresh_claim_waits_for_the_law() -> None:
    """Due on 31 December: the 15th day after is the first for a reminder to a consumer."""
    world = World()
    case = world.place(due_on=date(2025, 12, 31))
    assert world.live(case.case_id, 30)[0] == ("2026-01-15", "send_reminder")


@pytest.mark.parametrize(("principal", "is_offered"), [(1_000, False), (10_000, True)])
def test_a_plan_is_offered_where_the_debt_can_be_split(principal: int, is_offered: bool) -> None:
    world = World()
    case = world.place(principal=principal)
    steps = [step for _, step in world.live(case.case_id, 120)]
    assert ("offer_plan" in steps) is is_offered
    assert steps[-1] == "close_case"


def test_without_a_phone_the_story_goes_on() -> None:
    world = World()
    case = world.place(phone=None)
    steps = [step for _, step in world.live(case.case_id, 120)]
    assert steps == ["send_reminder", "send_demand", "evaluate", "offer_plan", "close_case"]
    assert world.sms.sent == []
    records = world.cases.load(case.case_id).steps
    assert {r.reason for r in records if r.outcome == "not_needed"} == {"no_phone"}


def test_without_an_email_letters_go_by_post() -> None:
    world = World()
    case = world.place(email=None)
    world.live(case.case_id, 60)
    letters = [
        c for c in world.cases.communications(case.case_id) if c.letter and c.channel is Channel.POST
    ]
    assert {c.template for c in letters} == {"reminder", "demand", "plan_offer"}
    assert all(c.state is SendingState.SENT and c.document_key for c in letters)
    assert [m.to for m in world.mailer.sent] == ["laskutus@pohjolan.example"]


def test_a_demand_to_a_consumer_needs_paper_or_consent() -> None:
    world = World()
    paper = world.place(reference="P")
    consent = world.place(reference="C", has_electronic_consent=True)
    for _ in range(20):
        for case in (paper, consent):
            world.drive(case.case_id)
        world.dispatch()
        world.clock.advance(days=1)
    (by_post,) = world.messages(paper.case_id, "demand")
    (by_mail,) = world.messages(consent.case_id, "demand")
    assert (by_post.channel, by_mail.channel) == (Channel.POST, Channel.EMAIL)


def test_without_an_address_a_demand_is_not_needed_and_the_case_goes_on() -> None:
    """A consumer with an e-mail address only: no lawful channel for a demand, and no loop."""
    world = World()
    case = world.place(address=None)
    steps = [step for _, step in world.live(case.case_id, 40)]
    assert steps == ["send_reminder", "remind_by_sms", "call_debtor", "evaluate", "offer_plan"]
    (left_out,) = [r for r in world.cases.load(case.case_id).steps if r.outcome != "performed"]
    assert (left_out.step, left_out.outcome) == (Step.SEND_DEMAND, "not_needed")
    assert left_out.reason == "no_channel"


def test_no_message_leaves_on_a_quiet_day_or_hour() -> None:
    """Midsummer Eve and Day 2026 are Friday and Saturday: an SMS due then goes on Monday."""
    world = World()
    world.clock.at = world.clock.at.replace(month=6, day=12, hour=7)
    case = world.place()
    story = {step: on for on, step in world.live(case.case_id, 20)}
    assert story["send_reminder"] == "2026-06-12"
    assert story["remind_by_sms"] == "2026-06-22"


def test_an_sms_waits_for_the_morning() -> None:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    world.clock.at = world.clock.at.replace(day=12, hour=4)
    assert world.drive(case.case_id) == "remind_by_sms_not_due"
    world.clock.advance(hours=3)
    assert world.drive(case.case_id) == "send_demand_not_due"


def test_a_step_that_is_not_due_is_skipped_without_a_trace() -> None:
    world = World()
    case = world.place()
    assert world.perform(case.case_id, Step.SEND_DEMAND) == "skipped"
    assert world.cases.load(case.case_id) == case


def test_a_step_runs_once_though_the_driver_repeats_it() -> None:
    world = World()
    case = world.place()
    assert world.perform(case.case_id, Step.SEND_REMINDER) == "performed"
    assert world.perform(case.case_id, Step.SEND_REMINDER) == "skipped"
    assert len(world.messages(case.case_id, "reminder")) == 1


def test_without_law_the_case_waits_and_says_so() -> None:
    """From 2027 on no rule on Norwegian letters is known: nothing is guessed, nothing is sent."""
    world, case = world_before_its_law_ends()
    world.clock.advance(days=40)
    found = decide_next(case.case_id, cases=world.cases, wakes=world.wakes, clock=world.clock)
    assert found.step == "wait"
    assert found.reason.startswith("law_missing")


@pytest.mark.parametrize(("principal", "cap"), [(10_000, 6_000), (24_900, 12_000), (500_000, 21_000)])
def test_fees_stay_within_what_the_law_allows(principal: int, cap: int) -> None:
    """513/1999 10 a-10 d §: for one claim 60, 120 or 210 euro in all."""
    world = World()
    case = world.place(principal=principal)
    world.live(case.case_id, 120)
    fees = [
        line.amount.minor
        for entry in world.cases.entries(case.case_id)
        for line in entry.lines
        if line.account.endswith(":fee")
    ]
    assert 0 < sum(fees) <= cap


def test_days_of_the_story_do_not_depend_on_the_hour() -> None:
    late = World()
    late.clock.advance(hours=9)
    case = late.place()
    assert late.live(case.case_id, 120) == CONSUMER
    assert late.clock.now() - timedelta(days=120) > case.placed_at - timedelta(seconds=1)


def test_a_case_that_grows_too_old_is_closed_on_that_very_day() -> None:
    """Not when its next step would be due: until then nobody is asked for what they need not pay."""
    world = World()
    today = world.clock.now().date()
    case = world.place(due_on=today.replace(year=today.year - 3) + timedelta(days=2))
    world.drive(case.case_id)
    facts, rules = facts_of(case.case_id, world.cases, world.clock.now())
    found = decide(facts, rules)
    assert isinstance(found, Wait)
    assert found.until == rules.morning(today + timedelta(days=3))
    world.clock.at = found.until
    world.drive(case.case_id)
    assert world.cases.load(case.case_id).closure is Closure.TIME_BARRED
