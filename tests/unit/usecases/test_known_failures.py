"""Failures that systems of this kind are known for, each as a story that would show it here."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sovinto.domain.case import Case, Closure, Step
from sovinto.domain.communication import SendingState
from sovinto.domain.debtor import DebtorType
from sovinto.domain.ledger import Entry, balance_of
from sovinto.errors import OutcomeUnknown, RuleRefused
from sovinto.usecases.stop_case import stop_case

from tests.support.moves import answer, object_to, owed, pay
from tests.support.world import START, World

FIRM = {"debtor_type": DebtorType.BUSINESS, "registration_id": "9000007-0"}


def entries(world: World, case: Case, kind: str) -> list[Entry]:
    return [entry for entry in world.cases.entries(case.case_id) if entry.kind == kind]


def sent(world: World) -> list[str]:
    """References of all that left by mail or SMS, in order."""
    return [mail.reference for mail in world.mailer.sent] + [text[2] for text in world.sms.sent]


def live_until(world: World, case: Case, step: Step, days: int = 60) -> Case:
    for _ in range(days):
        world.live(case.case_id, 1)
        now = world.cases.load(case.case_id)
        if now.performed(step) is not None:
            return now
    raise AssertionError(f"{step} is never taken")


def test_a_payment_between_the_run_and_the_printing_stops_the_letter() -> None:
    """Invoicing systems with a nightly dunning run: the list is computed, the money comes, the list is
    printed all the same."""
    world = World()
    case = world.place()
    world.drive(case.case_id)
    (letter,) = world.messages(case.case_id, "reminder")
    world.clock.advance(minutes=1)
    pay(world, case, owed(world, case))
    assert world.send(case.case_id, letter.communication_id) is SendingState.WITHHELD
    assert letter.communication_id not in sent(world)
    closed = world.cases.load(case.case_id)
    assert closed.closure is Closure.PAID
    assert closed.performed(Step.SEND_REMINDER) is None


def test_a_part_payment_skips_no_milder_step() -> None:
    """Receivables modules that keep a dunning level per customer: after a part payment the rest jumps in
    at the level it had, or above it."""
    world = World()
    case = world.place(principal=50_000)
    pay(world, case, 20_000, name="pay_before_the_reminder")
    world.live(case.case_id, 20)
    pay(world, case, 10_000, name="pay_after_the_reminder")
    steps = [step for _, step in world.live(case.case_id, 40)]
    assert steps[:4] == ["send_reminder", "remind_by_sms", "send_demand", "call_debtor"]
    reminded, demanded = (
        world.messages(case.case_id, name)[0].planned_at for name in ("reminder", "demand")
    )
    assert demanded - reminded >= timedelta(days=14)


def test_overlapping_schedulers_send_one_reminder_a_day() -> None:
    """Subscription billing with a cron job that outlives its interval: the next run sees the same case as
    unreminded, and a customer got 22 reminders in one day."""
    world = World()
    case = world.place()
    for _ in range(22):
        world.tick()
        world.perform(case.case_id, Step.SEND_REMINDER)
        world.drive(case.case_id)
        world.dispatch()
        world.clock.advance(minutes=1)
    (letter,) = world.messages(case.case_id, "reminder")
    assert sent(world).count(letter.communication_id) == 1
    assert world.cases.load(case.case_id).performed(Step.REMIND_BY_SMS) is None
    assert len(entries(world, case, "fee_charged")) == 1


def test_looking_every_hour_adds_no_fee() -> None:
    """Loan and rental software where the late fee hangs on the job and not on an act: each run adds one."""
    world = World()
    case = world.place(**FIRM)
    live_until(world, case, Step.SEND_REMINDER)
    before = len(entries(world, case, "fee_charged"))
    for _ in range(24 * 6):
        world.drive(case.case_id)
        world.clock.advance(hours=1)
    assert before == 1
    assert [e.label for e in entries(world, case, "fee_charged")] == ["reminder_fee"]


@pytest.mark.parametrize("who", [{}, FIRM], ids=["consumer", "business"])
def test_interest_earned_is_not_lost_when_only_the_principal_is_paid(who: dict[str, object]) -> None:
    """Open-item accounting that computes interest on the open principal only: with the principal gone the
    interest earned until then is gone too."""
    world = World()
    case = world.place(principal=100_000, **who)  # type: ignore[arg-type]
    world.live(case.case_id, 90)
    on = world.clock.now().date()
    due = owed(world, case)
    assert due > 100_000
    pay(world, case, 100_000, on=on)
    rest = owed(world, case)
    assert rest == due - 100_000
    world.clock.advance(days=30)
    assert owed(world, case) >= rest, "what was earned stays owed"
    balance = balance_of(case.case_id, "EUR", world.cases.entries(case.case_id))
    assert balance.total.minor > 0


def test_money_that_came_late_to_us_counts_from_its_own_day() -> None:
    """Ledgers that allocate on the day of entry: the debtor pays interest for the days the bank took."""
    paid_on, told_on = date(2026, 1, 20), date(2026, 2, 19)
    rest = []
    for booked_on in (paid_on, told_on):
        world = World()
        case = world.place(principal=1_000_000, **FIRM)
        world.clock.advance(days=(booked_on - START.date()).days)
        pay(world, case, 500_000, on=paid_on)
        (entry,) = entries(world, case, "payment_allocated")
        assert (entry.value_on, entry.posted_at.date()) == (paid_on, booked_on)
        assert accrued_on(world, case) <= paid_on
        world.clock.advance(days=(told_on - booked_on).days)
        rest.append(owed(world, case))
    assert rest[0] == rest[1]


def accrued_on(world: World, case: Case) -> date:
    """The day through which interest is posted."""
    return max(entry.value_on for entry in entries(world, case, "interest_accrued"))


def test_a_provider_that_times_out_does_not_send_twice() -> None:
    """Mailers behind a queue that retries on every error: the first call had gone through, only the answer
    was lost."""
    world = World()
    case = world.place()
    world.drive(case.case_id)
    (letter,) = world.messages(case.case_id, "reminder")
    world.mailer.failure = OutcomeUnknown("no answer in time")
    for _ in range(5):
        with pytest.raises(OutcomeUnknown):
            world.send(case.case_id, letter.communication_id)
        world.mailer.failure = None
    world.clock.advance(days=1)
    assert letter.communication_id not in sent(world), "the retries asked a provider that now answers"
    state = world.cases.communication(case.case_id, letter.communication_id).state
    assert state is SendingState.SENDING


def test_a_late_answer_does_not_rewrite_how_a_case_ended() -> None:
    """Workflow tools in which every task closes its case anew: the last one to be done tells the reason."""
    world = World()
    case = world.place()
    object_to(world, case)
    stop_case(case.case_id, Closure.DEBTOR_DIED, by="col_1", cases=world.cases, clock=world.clock)
    for outcome in ("upheld", "rejected"):
        with pytest.raises(RuleRefused, match="closed"):
            answer(world, case, outcome)
    assert world.cases.load(case.case_id).closure is Closure.DEBTOR_DIED
