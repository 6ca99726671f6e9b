"""Calls: what every outcome does, once; and how a wrong person is left in peace in every case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sovinto.adapters.dynamo.calls import TableCallTasks
from sovinto.domain.agreement import CallOutcome, Promise
from sovinto.domain.case import Case, Closure, DisputeKind, Step
from sovinto.domain.communication import Channel, Communication, SendingState
from sovinto.domain.hold import HoldReason
from sovinto.errors import InvalidInput, NotFound, RuleRefused
from sovinto.ids import CaseId, CommunicationId
from sovinto.ports import Change
from sovinto.usecases.list_calls import list_calls
from sovinto.usecases.record_call import CallParts, record_call

from tests.support.moves import agree, object_to, owed, pay
from tests.support.world import World

CALLED = date(2026, 2, 5)


def calling(**given: object) -> tuple[World, Case, Communication]:
    """A case on the day its call task is planned."""
    world = World()
    case = world.place(principal=30_000, **given)
    live_until(world, case, CALLED)
    (task,) = world.messages(case.case_id, "call_task")
    return world, world.cases.load(case.case_id), task


def live_until(world: World, case: Case, on: date) -> None:
    while True:
        world.drive(case.case_id)
        world.dispatch()
        if world.clock.now().date() >= on:
            return
        world.clock.advance(days=1)


def tell(world: World, case_id: CaseId, task: Communication, outcome: CallOutcome, **parts: object) -> Case:
    return record_call(
        case_id,
        task.communication_id,
        outcome,
        by="col_1",
        parts=CallParts(**parts),  # type: ignore[arg-type]
        cases=world.cases,
        clients=world.clients,
        sender=world.sender,
        clock=world.clock,
    )


def tasks(world: World, case: Case) -> list[Communication]:
    return world.messages(case.case_id, "call_task")


def test_a_task_says_what_the_collector_needs() -> None:
    world, case, task = calling()
    facts = dict(task.facts)
    assert task.language == "fi"
    assert facts["owed_principal"] == "300.00 EUR"
    assert facts["owed_total"] == f"{owed(world, case) / 100:.2f} EUR"
    assert facts["last_letter"] == "demand 2026-01-20"
    assert facts["may_offer_instalments"] == "2,3,4,6,9,12"
    assert facts["may_promise_until"] == "2026-03-07"
    assert facts["step"] == "call_debtor"
    assert facts["hours"].startswith("2026-02-05 08:00-")
    assert "2026-02-08" not in facts["hours"]  # a Sunday


def test_reached_is_recorded_and_the_case_goes_on() -> None:
    world, case, task = calling()
    stored = tell(world, case.case_id, task, CallOutcome.REACHED, text="calls back after payday")
    (call,) = stored.calls
    assert (call.outcome, call.by, call.step) == (CallOutcome.REACHED, "col_1", "call_debtor")
    assert call.note == "calls back after payday"
    (done,) = tasks(world, case)
    assert (done.state, done.reason) == (SendingState.SENT, "reached")
    assert world.wakes.of(case.case_id).wake_at == world.clock.now()
    world.live(case.case_id, 5)
    assert Step.EVALUATE in [record.step for record in world.cases.load(case.case_id).steps]


def test_an_outcome_is_recorded_once() -> None:
    world, case, task = calling()
    first = tell(world, case.case_id, task, CallOutcome.REACHED)
    assert tell(world, case.case_id, task, CallOutcome.REACHED) == first
    with pytest.raises(RuleRefused, match="recorded as reached"):
        tell(world, case.case_id, task, CallOutcome.NO_ANSWER)
    assert world.cases.load(case.case_id) == first


def test_only_call_tasks_have_an_outcome() -> None:
    world, case, task = calling()
    (letter,) = world.messages(case.case_id, "demand")
    with pytest.raises(NotFound):
        tell(world, case.case_id, letter, CallOutcome.REACHED)
    with pytest.raises(InvalidInput, match="2000"):
        tell(world, case.case_id, task, CallOutcome.REACHED, text="x" * 2001)


def test_a_promise_is_waited_for() -> None:
    world, case, task = calling()
    by_on = CALLED + timedelta(days=10)
    stored = tell(world, case.case_id, task, CallOutcome.PROMISE_TO_PAY, promise_on=by_on)
    assert stored.promise == Promise(by_on, world.clock.now())
    assert world.drive(case.case_id) == "promise_awaited"
    live_until(world, case, by_on)
    assert Step.EVALUATE not in [record.step for record in world.cases.load(case.case_id).steps]
    live_until(world, case, by_on + timedelta(days=4))
    assert Step.EVALUATE in [record.step for record in world.cases.load(case.case_id).steps]


def test_a_part_payment_leaves_the_promise_and_the_whole_ends_the_case() -> None:
    world, case, task = calling()
    tell(world, case.case_id, task, CallOutcome.PROMISE_TO_PAY, promise_on=CALLED)
    pay(world, case, 1_000)
    assert world.cases.load(case.case_id).promise is not None
    assert world.drive(case.case_id) == "promise_awaited"
    pay(world, case, owed(world, case), name="rest")
    assert world.drive(case.case_id) == "paid"


@pytest.mark.parametrize("on", [None, CALLED - timedelta(days=1), CALLED + timedelta(days=31)])
def test_a_promise_names_a_day_within_reason(on: date | None) -> None:
    world, case, task = calling()
    with pytest.raises(InvalidInput, match="promise_on must be a day from 2026-02-05 to 2026-03-07"):
        tell(world, case.case_id, task, CallOutcome.PROMISE_TO_PAY, promise_on=on)
    assert world.cases.load(case.case_id).calls == ()


def test_a_plan_agreed_on_the_phone_is_the_plan_of_the_page() -> None:
    world, case, task = calling()
    stored = tell(world, case.case_id, task, CallOutcome.PLAN_AGREED, instalments=3)
    assert stored.plan is not None
    assert stored.plan.is_active
    assert len(stored.plan.instalments) == 3
    assert len(world.messages(case.case_id, "plan_confirmation")) == 1
    assert [call.outcome for call in stored.calls] == [CallOutcome.PLAN_AGREED]


def test_a_plan_outside_the_offers_is_refused_with_what_is_on_offer() -> None:
    world, case, task = calling()
    with pytest.raises(RuleRefused, match="choose one of: 2, 3, 4, 6, 9, 12"):
        tell(world, case.case_id, task, CallOutcome.PLAN_AGREED, instalments=5)
    with pytest.raises(InvalidInput, match="instalments must be"):
        tell(world, case.case_id, task, CallOutcome.PLAN_AGREED)


def test_a_dispute_on_the_phone_stops_everything() -> None:
    world, case, task = calling()
    with pytest.raises(InvalidInput, match="dispute_kind must be one of"):
        tell(world, case.case_id, task, CallOutcome.DISPUTE)
    kind = DisputeKind.PAID_ALREADY
    stored = tell(world, case.case_id, task, CallOutcome.DISPUTE, dispute_kind=kind, text="paid in cash")
    assert stored.dispute is not None
    assert (stored.dispute.kind, stored.dispute.text) == (kind, "paid in cash")
    assert not stored.may_be_contacted
    assert len(world.messages(case.case_id, "dispute_received")) == 1


def test_a_wrong_number_leaves_the_letters() -> None:
    world, case, task = calling()
    stored = tell(world, case.case_id, task, CallOutcome.WRONG_NUMBER)
    assert stored.refused_channels == (Channel.CALL, Channel.SMS)
    assert stored.may_be_contacted
    world.live(case.case_id, 10)
    assert len(world.messages(case.case_id, "plan_offer")) == 1


def test_a_wrong_number_stops_the_sms_that_is_planned() -> None:
    world, case, task = calling()
    tell(world, case.case_id, task, CallOutcome.PLAN_AGREED, instalments=2)
    due = world.cases.load(case.case_id).plan.instalments[0].due_on  # type: ignore[union-attr]
    world.clock.at = datetime(due.year, due.month, due.day, 9, tzinfo=UTC)
    world.drive(case.case_id)
    assert len(world.messages(case.case_id, "instalment_sms")) == 1
    other = call_again(world, case, task)
    tell(world, case.case_id, other, CallOutcome.WRONG_NUMBER)
    world.dispatch()
    assert not [text for _, text, _ in world.sms.sent if text.startswith("instalment_sms")]
    (sms,) = world.messages(case.case_id, "instalment_sms")
    assert sms.state is SendingState.WITHHELD


def call_again(world: World, case: Case, task: Communication) -> Communication:
    """A call that a collector made of their own accord, with a task of its own."""
    other = replace(task, communication_id=CommunicationId("com_other"), event_id=None)
    world.cases.commit(Change(communications=(other,)))
    return other


def test_no_answer_is_tried_on_other_days_and_then_the_case_goes_on() -> None:
    world, case, _ = calling()
    days = []
    for _ in range(25):
        world.drive(case.case_id)
        for task in tasks(world, case):
            if task.state is SendingState.PLANNED:
                days.append(task.planned_at.date())
                tell(world, case.case_id, task, CallOutcome.NO_ANSWER)
        world.clock.advance(days=1)
    assert len(days) == len(set(days)) == 3
    stored = world.cases.load(case.case_id)
    performed = stored.performed(Step.CALL_DEBTOR)
    assert performed is not None
    assert performed.on == days[-1]
    assert stored.performed(Step.EVALUATE) is not None
    numbers = [dict(task.facts)["attempt"] for task in tasks(world, case)]
    assert sorted(numbers) == ["1", "2", "3"]


def test_silence_that_is_told_late_brings_no_call_back() -> None:
    world, case, task = calling()
    live_until(world, case, CALLED + timedelta(days=6))
    stored = tell(world, case.case_id, task, CallOutcome.NO_ANSWER)
    assert stored.performed(Step.CALL_DEBTOR) is not None
    world.live(case.case_id, 5)
    assert len(tasks(world, case)) == 1


def test_a_call_back_is_planned_for_the_hour_that_was_asked_for() -> None:
    world, case, task = calling()
    at = datetime(2026, 2, 5, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    stored = tell(world, case.case_id, task, CallOutcome.CALL_BACK, call_back_at=at)
    assert stored.call_not_before == at
    assert world.drive(case.case_id) == "call_debtor_not_due"
    assert world.wakes.of(case.case_id) is not None
    world.clock.at = at
    world.drive(case.case_id)
    assert [item.planned_at for item in tasks(world, case) if item.state is SendingState.PLANNED] == [at]


def test_a_call_back_at_night_or_on_a_sunday_waits_for_an_allowed_hour() -> None:
    world, case, task = calling()
    at = datetime(2026, 2, 8, 12, 0, tzinfo=UTC)
    stored = tell(world, case.case_id, task, CallOutcome.CALL_BACK, call_back_at=at)
    assert stored.call_not_before == datetime(2026, 2, 9, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (None, "time zone"),
        (datetime(2026, 2, 6, 12, 0), "time zone"),
        (datetime(2026, 2, 4, 12, 0, tzinfo=UTC), "must lie ahead"),
        (datetime(2026, 3, 20, 12, 0, tzinfo=UTC), "at the latest on 2026-03-07"),
    ],
)
def test_a_call_back_has_a_time_within_reason(at: datetime | None, words: str) -> None:
    world, case, task = calling()
    with pytest.raises(InvalidInput, match=words):
        tell(world, case.case_id, task, CallOutcome.CALL_BACK, call_back_at=at)


def test_in_a_case_that_stands_still_nothing_is_agreed() -> None:
    world, case, task = calling()
    object_to(world, case)
    with pytest.raises(RuleRefused, match="the case is disputed"):
        tell(world, case.case_id, task, CallOutcome.PROMISE_TO_PAY, promise_on=CALLED)
    stored = tell(world, case.case_id, task, CallOutcome.REACHED)
    assert len(stored.calls) == 1


def test_a_task_of_a_closed_case_is_closed_too() -> None:
    world, case, task = calling()
    pay(world, case, owed(world, case))
    stored = tell(world, case.case_id, task, CallOutcome.NO_ANSWER)
    assert stored.closure is Closure.PAID
    assert tasks(world, case)[0].state is SendingState.SENT


def test_a_wrong_person_puts_the_case_on_hold_and_silences_the_number_everywhere() -> None:
    world, case, task = calling()
    stored = tell(world, case.case_id, task, CallOutcome.WRONG_PERSON)
    (hold,) = stored.active_holds
    assert (hold.reason, hold.placed_by) == (HoldReason.ADDRESS_SEARCH, "col_1")
    assert not stored.may_be_contacted
    other = world.place(reference="B-1", name="Namesake")
    world.live(other.case_id, 60)
    assert world.messages(other.case_id, "reminder_sms") == []
    assert tasks(world, other) == []
    assert len(world.messages(other.case_id, "demand")) == 1


def test_a_wrong_person_stops_the_sms_of_another_case() -> None:
    """Planned before, sent never: the claim sees what was heard in the other case."""
    world, case, task = calling()
    other = world.place(reference="B-1", name="Namesake")
    world.drive(other.case_id)
    world.clock.advance(days=7)
    world.drive(other.case_id)
    (sms,) = world.messages(other.case_id, "reminder_sms")
    before = len(world.sms.sent)
    tell(world, case.case_id, task, CallOutcome.WRONG_PERSON)
    assert world.send(other.case_id, sms.communication_id) is SendingState.WITHHELD
    assert len(world.sms.sent) == before
    (record,) = [r for r in world.cases.load(other.case_id).steps if r.step is Step.REMIND_BY_SMS]
    assert record.outcome == "skipped"
    world.clock.advance(days=1)
    world.drive(other.case_id)
    (record,) = [r for r in world.cases.load(other.case_id).steps if r.step is Step.REMIND_BY_SMS]
    assert record.outcome == "not_needed"


def test_two_cases_hear_of_the_same_wrong_person() -> None:
    world, case, task = calling()
    other = world.place(reference="B-1", name="Namesake")
    live_until(world, other, CALLED + timedelta(days=40))
    (second,) = tasks(world, other)
    tell(world, case.case_id, task, CallOutcome.WRONG_PERSON)
    stored = tell(world, other.case_id, second, CallOutcome.WRONG_PERSON)
    assert len(stored.active_holds) == 1


def test_the_events_carry_ids_and_outcomes_only() -> None:
    world, case, task = calling()
    tell(world, case.case_id, task, CallOutcome.WRONG_PERSON, text="secret words")
    items = world.table.query(f"CASE#{case.case_id}", "OUTBOX#")
    bodies = "".join(str(item["body"]) for item in items)
    assert "call.recorded" in bodies
    assert "hold.placed" in bodies
    assert "secret words" not in bodies
    assert "+358400000001" not in bodies


def test_a_wrong_person_keeps_every_case_from_that_email() -> None:
    world, case, task = calling()
    tell(world, case.case_id, task, CallOutcome.WRONG_PERSON)
    email = case.debtor.email
    assert email is not None
    before = [mail.to for mail in world.mailer.sent].count(email)
    other = world.place(reference="B-1", name="Namesake")
    world.live(other.case_id, 60)
    (reminder,) = world.messages(other.case_id, "reminder")
    assert reminder.channel is Channel.POST
    assert [mail.to for mail in world.mailer.sent].count(email) == before


def test_a_dispute_on_the_phone_is_told_to_the_client() -> None:
    world, case, task = calling()
    kind = DisputeKind.PAID_ALREADY
    tell(world, case.case_id, task, CallOutcome.DISPUTE, dispute_kind=kind)
    (mail,) = world.messages(case.case_id, "dispute_opened")
    assert (mail.audience, dict(mail.facts)["dispute_kind"]) == ("client", "paid_already")


def listed(world: World) -> list[CaseId]:
    found = list_calls(
        tasks=TableCallTasks(world.table),
        cases=world.cases,
        clients=world.clients,
        sender=world.sender,
        clock=world.clock,
    )
    return [call.case.case_id for call in found]


def test_who_has_given_their_word_is_not_on_the_list() -> None:
    world, case, task = calling()
    call_again(world, case, task)
    assert listed(world) == [case.case_id, case.case_id]
    tell(world, case.case_id, task, CallOutcome.PROMISE_TO_PAY, promise_on=CALLED + timedelta(days=5))
    assert listed(world) == []
    world.clock.advance(days=9)
    assert listed(world) == [case.case_id]
    agree(world, case, 3)
    assert listed(world) == []
