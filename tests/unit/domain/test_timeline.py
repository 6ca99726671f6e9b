"""decide: the order of the questions, and the first lawful day; pure facts in, one decision out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sovinto.domain.case import Case, Closure, Dispute, DisputeKind, Step, StepRecord
from sovinto.domain.communication import Channel
from sovinto.domain.debtor import Address
from sovinto.domain.plan import Instalment, Plan
from sovinto.domain.reach import channel_for
from sovinto.domain.timeline import Act, Decision, Done, Wait, decide

from tests.support.facts import (
    BUSINESS,
    CONSUMER,
    case_of,
    claim,
    did,
    eur,
    facts_of,
    noon,
    placed,
    rules_of,
)
from tests.support.people import START

DAY = timedelta(days=1)
REMINDED = did(Step.SEND_REMINDER, date(2026, 1, 5))
TEXTED = did(Step.REMIND_BY_SMS, date(2026, 1, 12))
OBJECTION = Dispute(DisputeKind.NOT_MINE, "", START, date(2026, 1, 19))
PLAN = Plan("plan_1", START - DAY, (Instalment(1, date(2026, 1, 19), eur(5_000)),))


def decided(case: Case, now: datetime = START, **facts: object) -> Decision:
    return decide(facts_of(case, now=now, **facts), rules_of(case))  # type: ignore[arg-type]


@pytest.mark.parametrize("closure", Closure)
def test_a_closed_case_is_done_whatever_else_is_true(closure: Closure) -> None:
    assert decided(case_of(closure=closure, dispute=OBJECTION, plan=PLAN)) == Done(closure.value)


def test_an_objection_comes_before_everything_but_the_end() -> None:
    found = decided(case_of(dispute=OBJECTION, plan=PLAN))
    assert found == Wait(datetime(2026, 1, 20, 7, tzinfo=UTC), "dispute_open")


def test_an_unanswered_objection_shows_up_again_and_never_resumes() -> None:
    late = noon(date(2026, 1, 20))
    assert decided(case_of(dispute=OBJECTION), late) == Act(Step.REMIND_CLIENT, "answer_late")
    reminded = case_of(dispute=OBJECTION).with_step(
        StepRecord(Step.REMIND_CLIENT, late, date(2026, 1, 20), "performed")
    )
    assert decided(reminded, late) == Wait(datetime(2026, 2, 2, 7, tzinfo=UTC), "dispute_open")
    for days in range(0, 400, 13):
        later = decided(reminded, START + days * DAY)
        assert isinstance(later, Wait)
        assert later.until > START + days * DAY


def test_a_settled_objection_is_history() -> None:
    assert decided(case_of(dispute=replace(OBJECTION, outcome="rejected"))) == Act(
        Step.SEND_REMINDER, "due"
    )


def test_nothing_owed_closes_the_case() -> None:
    assert decided(case_of(), entries=()) == Act(Step.CLOSE_CASE, "paid")


def test_a_plan_comes_before_the_ladder() -> None:
    found = decided(case_of(plan=PLAN))
    assert found == Wait(datetime(2026, 1, 19, 7, tzinfo=UTC), "instalment_not_due")


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 1, 18), "instalment_not_due"),
        (date(2026, 1, 19), Step.REMIND_INSTALMENT),
        (date(2026, 1, 24), Step.REMIND_INSTALMENT),
        (date(2026, 1, 25), "break_plan_not_due"),
        (date(2026, 1, 26), Step.BREAK_PLAN),
    ],
)
def test_an_instalment_day_by_day(on: date, expected: object) -> None:
    found = decided(case_of(plan=PLAN), noon(on))
    assert (found.step if isinstance(found, Act) else found.reason) == expected


def test_an_instalment_is_reminded_once() -> None:
    done = did(Step.REMIND_INSTALMENT, date(2026, 1, 19), instalment=1)
    found = decided(case_of(plan=PLAN, steps=(done,)), noon(date(2026, 1, 19)))
    assert found == Wait(datetime(2026, 1, 25, 7, tzinfo=UTC), "instalment_awaited")


def test_a_refused_instalment_reminder_is_tried_again_tomorrow() -> None:
    refused = did(Step.REMIND_INSTALMENT, date(2026, 1, 19), "skipped", "too often", instalment=1)
    case = case_of(plan=PLAN, steps=(refused,))
    assert decided(case, noon(date(2026, 1, 19))) == Wait(
        datetime(2026, 1, 20, 7, tzinfo=UTC), "remind_instalment_refused_today"
    )
    assert decided(case, noon(date(2026, 1, 20))) == Act(Step.REMIND_INSTALMENT, "instalment_due", 1)


def test_a_broken_plan_is_history() -> None:
    assert isinstance(decided(case_of(plan=replace(PLAN, status="broken"))), Act)


@pytest.mark.parametrize(
    ("debtor", "due_on", "first"),
    [
        (CONSUMER, date(2026, 1, 4), date(2026, 1, 19)),
        (CONSUMER, date(2025, 12, 21), date(2026, 1, 5)),
        (BUSINESS, date(2026, 1, 4), date(2026, 1, 14)),
    ],
)
def test_the_first_reminder_waits_for_the_law(debtor: object, due_on: date, first: date) -> None:
    case = case_of(debtor, claim(due_on=due_on))  # type: ignore[arg-type]
    found = decided(case)
    on = found.until.date() if isinstance(found, Wait) else START.date()
    assert on == first


def test_a_demand_counts_from_the_reminder_that_really_left() -> None:
    case = case_of(steps=(REMINDED, TEXTED))
    assert decided(case, noon(date(2026, 1, 13))) == Wait(
        datetime(2026, 1, 20, 7, tzinfo=UTC), "send_demand_not_due"
    )
    assert decided(case, noon(date(2026, 1, 20))) == Act(Step.SEND_DEMAND, "due")


def test_a_step_refused_today_is_looked_at_tomorrow() -> None:
    refused = did(Step.SEND_REMINDER, date(2026, 1, 5), "skipped", "too often")
    found = decided(case_of(steps=(refused,)))
    assert found == Wait(datetime(2026, 1, 6, 7, tzinfo=UTC), "send_reminder_refused_today")
    assert isinstance(decided(case_of(steps=(refused,)), START + 2 * DAY), Act), "6 January is Epiphany"


def test_what_was_not_needed_lets_the_ladder_go_on() -> None:
    no_phone = did(Step.REMIND_BY_SMS, date(2026, 1, 12), "not_needed", "no_phone")
    found = decided(case_of(steps=(REMINDED, no_phone)), noon(date(2026, 1, 20)))
    assert found == Act(Step.SEND_DEMAND, "due")


@pytest.mark.parametrize(
    ("asked", "step"), [("offer_plan", Step.OFFER_PLAN), ("continue", Step.CLOSE_CASE)]
)
def test_an_offer_is_made_on_request_only(asked: str, step: Step) -> None:
    steps = (
        REMINDED,
        TEXTED,
        did(Step.SEND_DEMAND, date(2026, 1, 20)),
        did(Step.CALL_DEBTOR, date(2026, 2, 5)),
        did(Step.EVALUATE, date(2026, 2, 9), reason=asked),
    )
    found = decided(case_of(steps=steps), noon(date(2026, 6, 1)))
    assert isinstance(found, Act)
    assert found.step is step


@pytest.mark.parametrize(
    ("changes", "channel"),
    [
        ({}, Channel.POST),
        ({"has_electronic_consent": True}, Channel.EMAIL),
        ({"has_electronic_consent": True, "email": None}, Channel.POST),
        ({"address": None}, None),
        ({"address": None, "has_electronic_consent": True}, Channel.EMAIL),
    ],
)
def test_the_lawful_channel_of_a_demand_to_a_consumer(
    changes: dict[str, object], channel: Channel | None
) -> None:
    """513/1999 5 §: by e-mail only with the separate consent."""
    case = case_of(replace(CONSUMER, **changes), steps=(REMINDED,))  # type: ignore[arg-type]
    planned = rules_of(case).policy.step(Step.SEND_DEMAND)
    assert planned is not None
    assert channel_for(planned, case, rules_of(case), START.date()) is channel


def test_a_demand_that_was_not_reminded_of_has_no_lawful_channel() -> None:
    """513/1999 5 §: an agency reminds a consumer before it demands."""
    case = case_of()
    planned = rules_of(case).policy.step(Step.SEND_DEMAND)
    assert planned is not None
    assert channel_for(planned, case, rules_of(case), START.date()) is None


def test_a_refused_channel_is_not_tried_again() -> None:
    case = case_of(refused_channels=(Channel.EMAIL,))
    rules = rules_of(case)
    planned = rules.policy.step(Step.SEND_REMINDER)
    assert planned is not None
    assert channel_for(planned, case, rules, START.date()) is Channel.POST


days = st.dates(date(2025, 12, 1), date(2026, 12, 1))
outcomes = st.sampled_from(["performed", "skipped", "not_needed"])
LADDER = [step.step for step in rules_of(case_of()).policy.steps]


@given(
    st.integers(0, len(LADDER) - 1),
    st.lists(st.tuples(days, outcomes), min_size=len(LADDER), max_size=len(LADDER)),
    st.datetimes(datetime(2026, 1, 5), datetime(2027, 6, 1), timezones=st.just(UTC)),
    st.sampled_from([CONSUMER, BUSINESS]),
    st.sampled_from([None, Address("K 1", "00100", "H", "FI")]),
)
def test_any_history_has_one_decision_that_moves_on(
    reached: int,
    told: list[tuple[date, str]],
    now: datetime,
    debtor: object,
    address: Address | None,
) -> None:
    """Total and without standing still: an act that is not done yet, or a moment still to come."""
    steps = [did(LADDER[0], told[0][0])]
    steps += [did(LADDER[n], told[n][0], told[n][1]) for n in range(1, reached + 1)]
    steps = [step for step in steps if step.step is not Step.CLOSE_CASE]
    case = case_of(replace(debtor, address=address), steps=tuple(steps))  # type: ignore[type-var]
    found = decided(case, now, entries=placed(case))
    match found:
        case Wait():
            assert found.until > now
        case Act():
            ended = {record.step for record in steps if record.outcome != "skipped"}
            assert found.step not in ended
        case Done():
            raise AssertionError("an open case has a future")
