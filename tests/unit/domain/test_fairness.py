"""What a debtor hears first, and the days that count as time to answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from sovinto.countries import load_calendar
from sovinto.domain.agreement import CallOutcome, CallRecord
from sovinto.domain.case import Dispute, DisputeKind, Step, StepRecord
from sovinto.domain.fairness import to_be_evaluated, was_attempted
from sovinto.domain.standstill import answered_by
from sovinto.ids import CommunicationId

from tests.support.world import World

NOON = datetime(2026, 1, 7, 10, tzinfo=UTC)


def test_days_under_a_dispute_are_not_days_to_answer() -> None:
    case, calendar, start = World().place(), load_calendar("FI"), date(2026, 1, 5)
    objection = Dispute(DisputeKind.NOT_MINE, "", NOON, date(2026, 1, 21))
    settled = replace(objection, outcome="rejected", settled_at=datetime(2026, 1, 17, 10, tzinfo=UTC))
    disputed = replace(case, dispute=settled)
    today = date(2026, 2, 1)
    assert answered_by(case, start, 14, calendar, today) == date(2026, 1, 19)
    assert answered_by(disputed, start, 14, calendar, today) == date(2026, 1, 29)
    still_open = replace(case, dispute=objection)
    assert answered_by(still_open, start, 14, calendar, date(2026, 1, 10)) == date(2026, 1, 23)


def test_an_evaluation_from_before_a_plan_is_open_again_and_letters_are_not() -> None:
    done = [StepRecord(step, NOON, NOON.date(), "performed") for step in (Step.SEND_DEMAND, Step.EVALUATE)]
    demand, evaluation = to_be_evaluated(replace(World().place(), steps=tuple(done))).steps
    assert demand == done[0]
    assert (evaluation.outcome, evaluation.reason) == ("skipped", "plan_broken")


def test_a_call_that_is_only_planned_is_no_attempt() -> None:
    case = World().place()
    called, mailed = (
        case.with_step(StepRecord(Step.ATTEMPT_CONTACT, NOON, NOON.date(), "performed", channel))
        for channel in ("call", "email")
    )
    assert [was_attempted(item) for item in (case, called, mailed)] == [False, False, True]


def test_a_call_to_somebody_else_is_no_attempt_to_reach_the_debtor() -> None:
    record = StepRecord(Step.ATTEMPT_CONTACT, NOON, NOON.date(), "performed", "call")
    case = World().place().with_step(record)
    counted = {
        outcome for outcome in CallOutcome if was_attempted(replace(case, calls=(_called(outcome),)))
    }
    assert set(CallOutcome) - counted == {CallOutcome.WRONG_NUMBER, CallOutcome.WRONG_PERSON}
    twice = tuple(_called(outcome) for outcome in (CallOutcome.WRONG_NUMBER, CallOutcome.NO_ANSWER))
    assert was_attempted(replace(case, calls=twice))


def _called(outcome: CallOutcome) -> CallRecord:
    return CallRecord(CommunicationId("com_1"), outcome, NOON, "col_1", Step.ATTEMPT_CONTACT.value)
