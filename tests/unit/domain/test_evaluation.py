"""The evaluation's table: one rule after the other, and the figures it looks at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sovinto.domain.agreement import (
    Approval,
    ApprovalKind,
    ApprovalOutcome,
    CallOutcome,
    CallRecord,
    Financials,
    Promise,
)
from sovinto.domain.case import Case, Dispute, DisputeKind, Step
from sovinto.domain.communication import Channel
from sovinto.domain.evaluated import Evaluated, Outcome
from sovinto.domain.evaluation import (
    RULES,
    Evaluation,
    Inputs,
    Position,
    evaluate,
    inputs_of,
    judged,
    position_of,
    record_of,
)
from sovinto.domain.hold import Hold, HoldReason
from sovinto.domain.legal_action import contact_attempted, was_approved
from sovinto.domain.plan import Instalment, Plan
from sovinto.ids import CommunicationId

from tests.support.facts import BUSINESS, CONSUMER, case_of, claim, did, eur, facts_of, noon, rules_of
from tests.support.people import START

SILENT = Inputs(
    owed_minor=100_000,
    paid_minor=0,
    contacts=3,
    answers=0,
    words_broken=0,
    is_stopped=False,
    is_paying=False,
    can_be_split=True,
    plan_was_tried=True,
    was_watched=False,
    position=Position.UNKNOWN,
    legal_step="tratta",
)
TODAY = date(2026, 2, 20)
LETTERS = (
    did(Step.SEND_REMINDER, date(2026, 1, 5)),
    did(Step.REMIND_BY_SMS, date(2026, 1, 12)),
    did(Step.SEND_DEMAND, date(2026, 1, 15)),
    did(Step.CALL_DEBTOR, date(2026, 1, 27)),
)
TRIED = (*LETTERS, did(Step.OFFER_PLAN, date(2026, 1, 30)))
OBJECTION = Dispute(DisputeKind.NOT_MINE, "", START, TODAY, outcome="rejected", settled_at=START)
WATCH = Hold("hold_1", HoldReason.INSOLVENCY_WATCH, TODAY, TODAY, START, "engine", released_on=TODAY)
POOR = Financials(date(2025, 12, 31), "register", assets_minor=0, employees=0)


@pytest.mark.parametrize(
    ("changes", "rule", "outcome"),
    [
        ({"is_stopped": True}, "stopped_or_settled", Outcome.CONTINUE),
        ({"owed_minor": 0}, "stopped_or_settled", Outcome.CONTINUE),
        ({"position": Position.FAILING}, "signs_of_insolvency", Outcome.INSOLVENCY_WATCH),
        ({"position": Position.FAILING, "was_watched": True}, "still_failing_after_watch", Outcome.CLOSE),
        ({"plan_was_tried": False}, "plan_comes_first", Outcome.PAYMENT_PLAN),
        ({"plan_was_tried": False, "can_be_split": False}, "legal_step_is_open", Outcome.LEGAL_STEP),
        ({"is_paying": True, "paid_minor": 100}, "keeps_paying", Outcome.CONTINUE),
        ({"is_paying": True, "words_broken": 1}, "legal_step_is_open", Outcome.LEGAL_STEP),
        ({}, "legal_step_is_open", Outcome.LEGAL_STEP),
        ({"position": Position.STRAINED}, "legal_step_is_open", Outcome.LEGAL_STEP),
        ({"legal_step": ""}, "nobody_answers", Outcome.CLOSE),
        ({"legal_step": "", "answers": 1}, "nothing_more_to_ask", Outcome.CONTINUE),
    ],
)
def test_the_first_rule_that_applies_decides(
    changes: dict[str, object], rule: str, outcome: Outcome
) -> None:
    found = judged(replace(SILENT, **changes))  # type: ignore[arg-type]
    assert (found.rule, found.outcome) == (rule, outcome)
    assert rule not in found.alternatives


def test_what_else_would_have_fitted_is_told() -> None:
    found = judged(replace(SILENT, plan_was_tried=False))
    assert found.alternatives == ("legal_step_is_open", "nobody_answers", "nothing_more_to_ask")


def test_who_was_never_watched_is_not_told_to_fail_after_a_watch() -> None:
    found = judged(replace(SILENT, position=Position.FAILING))
    assert "still_failing_after_watch" not in found.alternatives


@given(
    st.builds(
        Inputs,
        owed_minor=st.integers(-1000, 10**9),
        paid_minor=st.integers(0, 10**9),
        contacts=st.integers(0, 9),
        answers=st.integers(0, 9),
        words_broken=st.integers(0, 3),
        is_stopped=st.booleans(),
        is_paying=st.booleans(),
        can_be_split=st.booleans(),
        plan_was_tried=st.booleans(),
        was_watched=st.booleans(),
        position=st.sampled_from(Position),
        legal_step=st.sampled_from(["", "tratta", "summary_claim"]),
    )
)
def test_every_case_has_an_outcome_and_a_stopped_one_never_a_firm_one(inputs: Inputs) -> None:
    found = judged(inputs)
    assert found.rule in {rule.rule_id for rule in RULES}
    if inputs.is_stopped or inputs.owed_minor <= 0:
        assert found.outcome is Outcome.CONTINUE
    if found.outcome is Outcome.LEGAL_STEP:
        assert inputs.legal_step
        assert inputs.plan_was_tried or not inputs.can_be_split


@pytest.mark.parametrize(
    ("figures", "position"),
    [
        ({"assets_minor": 10**9, "employees": 5}, Position.SOUND),
        ({}, Position.SOUND),
        ({"assets_minor": 9_999}, Position.STRAINED),
        ({"turnover_minor": 50, "turnover_before_minor": 100}, Position.STRAINED),
        ({"turnover_minor": 51, "turnover_before_minor": 100}, Position.SOUND),
        ({"turnover_minor": 0, "turnover_before_minor": 0}, Position.SOUND),
        ({"has_default_entry": True}, Position.STRAINED),
        ({"assets_minor": 0, "employees": 0}, Position.FAILING),
        ({"employees": 0, "turnover_minor": 1, "turnover_before_minor": 9}, Position.FAILING),
    ],
)
def test_the_financial_position_counts_signs_of_trouble(
    figures: dict[str, int], position: Position
) -> None:
    financials = Financials(date(2025, 12, 31), "register", **figures)  # type: ignore[arg-type]
    assert position_of(financials, eur(10_000)) is position
    assert position_of(None, eur(10_000)) is Position.UNKNOWN


def looked_at(case: Case) -> Inputs:
    newer = replace(case, policy_id="fi_standard_v2")
    return inputs_of(facts_of(newer, now=noon(TODAY)), rules_of(newer))


def firm(minor: int = 100_000, **changes: object) -> Case:
    return case_of(BUSINESS, claim(minor), **{"steps": TRIED, **changes})


def test_the_law_names_the_mildest_legal_step_that_fits() -> None:
    assert looked_at(firm()).legal_step == "tratta"
    assert looked_at(firm(600_000)).legal_step == "summary_claim"  # above the policy's limit for a tratta
    assert looked_at(firm(9_999)).legal_step == "tratta"
    assert looked_at(case_of(CONSUMER, claim(100_000), steps=TRIED)).legal_step == "summary_claim"
    assert looked_at(case_of(CONSUMER, claim(9_999), steps=TRIED)).legal_step == ""


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"dispute": OBJECTION}, ""),  # contested once, whatever the client answered
        ({"financials": replace(POOR, has_default_entry=True)}, "summary_claim"),
        ({"steps": ()}, ""),
        ({"steps": LETTERS[:1]}, ""),  # a reminder alone: neither a contact attempt nor a demand
        ({"steps": (LETTERS[0], LETTERS[2])}, "summary_claim"),  # no call and no message was tried
        ({"refused_channels": (Channel.POST,)}, "summary_claim"),  # a tratta goes by post only
        ({"dispute": replace(OBJECTION, outcome=None)}, ""),
        ({"holds": (replace(WATCH, released_on=None),)}, ""),
    ],
)
def test_what_the_law_lacks_rules_a_step_out(changes: dict[str, object], expected: str) -> None:
    assert looked_at(replace(firm(), **changes)).legal_step == expected  # type: ignore[arg-type]


def test_a_claim_that_is_too_old_goes_to_no_court() -> None:
    half = case_of(BUSINESS, claim(due_on=date(2019, 1, 1)), claim(number="I-2"))
    assert (looked_at(half).is_stopped, looked_at(half).legal_step) == (False, "")
    ancient = case_of(BUSINESS, claim(due_on=date(2019, 1, 1)))
    assert looked_at(ancient).is_stopped
    assert looked_at(ancient).legal_step == ""


def test_answers_and_broken_words_are_counted() -> None:
    calls = (
        CallRecord(CommunicationId("com_1"), CallOutcome.NO_ANSWER, START, "col_1"),
        CallRecord(CommunicationId("com_2"), CallOutcome.REACHED, START, "col_1"),
    )
    plan = Plan("plan_1", START, (Instalment(1, date(2026, 1, 19), eur(5_000)),), status="broken")
    found = looked_at(firm(calls=calls, plan=plan, promise=Promise(TODAY - timedelta(days=1), START)))
    assert (found.answers, found.words_broken, found.plan_was_tried) == (3, 2, True)
    kept = looked_at(firm(promise=Promise(TODAY, START)))
    assert (kept.answers, kept.words_broken) == (1, 0)


def test_the_watch_is_remembered() -> None:
    assert looked_at(firm(holds=(WATCH,))).was_watched
    assert not looked_at(firm()).was_watched


def test_the_record_tells_figures_and_words_only() -> None:
    newer = firm(policy_id="fi_standard_v2")
    facts = facts_of(newer, now=noon(TODAY))
    found: Evaluation = evaluate(facts, rules_of(newer))
    record = record_of(found, facts)
    told = dict(record.inputs)
    assert (record.rule, record.by, record.at) == ("legal_step_is_open", "engine", noon(TODAY))
    assert told["owed_minor"] == "100000"
    assert told["is_paying"] == "no"
    assert told["legal_step"] == "tratta"


def test_the_older_policy_knows_no_legal_step() -> None:
    case = firm()
    facts = facts_of(case, now=noon(TODAY))
    assert evaluate(facts, rules_of(case)).rule == "nobody_answers"


YES = Approval("apr_1", ApprovalKind.TRATTA, "tratta", noon(date(2026, 2, 10)), date(2026, 2, 24))
YES = replace(YES, outcome=ApprovalOutcome.APPROVED, answered_at=noon(date(2026, 2, 12)))


def holds_on(day: date, **changes: object) -> bool:
    case = firm(policy_id="fi_standard_v2", approvals=(YES,), **changes)  # type: ignore[arg-type]
    return was_approved(facts_of(case, now=noon(day)), rules_of(case), "tratta")


def test_a_yes_holds_for_a_while_and_until_something_milder_came() -> None:
    last_day = date(2026, 2, 12) + timedelta(days=14)
    assert holds_on(last_day)
    assert not holds_on(last_day + timedelta(days=1))
    plan = Plan("plan_1", noon(TODAY), (Instalment(1, date(2026, 3, 2), eur(5_000)),), status="broken")
    assert not holds_on(TODAY, plan=plan)
    for outcome in Outcome:
        seen = Evaluated(noon(TODAY), outcome, "rule", (), ())
        assert holds_on(TODAY, evaluations=(seen,)) is (outcome is Outcome.LEGAL_STEP)


def test_a_call_that_nobody_made_is_no_contact() -> None:
    planned = firm(steps=(did(Step.CALL_DEBTOR, TODAY), did(Step.CALL_FIRST, TODAY)))
    assert not contact_attempted(planned)
    for outcome in CallOutcome:
        call = CallRecord(CommunicationId("com_1"), outcome, START, "col_1")
        astray = outcome in (CallOutcome.WRONG_NUMBER, CallOutcome.WRONG_PERSON)
        assert contact_attempted(replace(planned, calls=(call,))) is not astray
    assert contact_attempted(firm(steps=(did(Step.REMIND_BY_SMS, TODAY),)))


def test_a_step_goes_by_what_is_left_of_the_principal() -> None:
    for left, expected in ((2_000, "tratta"), (1_999, "")):
        case = firm(policy_id="fi_standard_v2")
        entries = facts_of(firm(left)).entries
        assert (
            inputs_of(facts_of(case, now=noon(TODAY), entries=entries), rules_of(case)).legal_step
            == expected
        )
    consumer = case_of(CONSUMER, claim(100_000), steps=TRIED, policy_id="fi_standard_v2")
    small = facts_of(case_of(CONSUMER, claim(9_999))).entries
    assert (
        inputs_of(facts_of(consumer, now=noon(TODAY), entries=small), rules_of(consumer)).legal_step == ""
    )


def test_staff_and_turnover_tell_nothing_of_people_or_without_a_watch() -> None:
    assert looked_at(firm(financials=POOR)).position is Position.FAILING
    consumer = case_of(CONSUMER, claim(100_000), steps=TRIED, financials=POOR)
    assert looked_at(consumer).position is Position.UNKNOWN
    older = firm(financials=POOR)
    assert inputs_of(facts_of(older, now=noon(TODAY)), rules_of(older)).position is Position.UNKNOWN
