"""decide: facts in, the next thing to do out. Pure and total; milder steps are never skipped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sovinto.domain.case import Case, Step, StepRecord
from sovinto.domain.communication import Channel
from sovinto.domain.facts import MORNING, Facts, Rules
from sovinto.domain.law import contact, forms, waits
from sovinto.domain.law.kinds import LetterKind
from sovinto.domain.plan import Instalment, Plan
from sovinto.domain.policy import Anchor, PolicyStep
from sovinto.errors import LawMissing, RuleRefused


@dataclass(frozen=True, slots=True)
class Act:
    """Do this step now. `instalment` names the instalment a plan step is about."""

    step: Step
    reason: str
    instalment: int | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before `until` (aware UTC)."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """The case has no future."""

    reason: str


Decision = Act | Wait | Done


def decide(facts: Facts, rules: Rules) -> Decision:
    """What the case needs now. The order of the questions is the order of fairness."""
    case = facts.case
    if case.closure is not None:
        return Done(case.closure.value)
    if case.dispute is not None and case.dispute.is_open:
        return _await_client(case.dispute.answer_by, facts, rules)
    if facts.balance.total.minor <= 0:
        return Act(Step.CLOSE_CASE, "paid")
    if case.plan is not None and case.plan.is_active:
        return _follow_plan(case.plan, facts, rules)
    return _next_step(facts, rules)


def _morning(on: date, rules: Rules) -> datetime:
    return datetime.combine(on, MORNING, tzinfo=rules.calendar.zone).astimezone(UTC)


def _await_client(answer_by: date, facts: Facts, rules: Rules) -> Decision:
    """A dispute never resumes by silence: past the date the case only shows up again, as late."""
    until = answer_by
    while until <= facts.today(rules):
        until += timedelta(days=rules.policy.answer_by_days)
    return Wait(_morning(until, rules), "dispute_open")


def _follow_plan(plan: Plan, facts: Facts, rules: Rules) -> Decision:
    today, paid = facts.today(rules), facts.paid_since(plan.agreed_at).minor
    asked = 0
    for instalment in plan.instalments:
        asked += instalment.amount.minor
        if paid >= asked:
            continue
        last_day = instalment.due_on + timedelta(days=rules.policy.plan.grace_days)
        if today > last_day:
            return Act(Step.BREAK_PLAN, "instalment_missed", instalment.number)
        if not _was_reminded(facts.case, instalment):
            return _remind(instalment.due_on, instalment.number, facts, rules)
        return Wait(_morning(last_day + timedelta(days=1), rules), "instalment_awaited")
    return Act(Step.CLOSE_CASE, "plan_kept")


def _was_reminded(case: Case, instalment: Instalment) -> bool:
    """On its due day or later: a reminder of an earlier plan, or before a delay, is of another day."""
    return any(
        record.step is Step.REMIND_INSTALMENT
        and record.instalment == instalment.number
        and record.outcome != "skipped"
        and record.on >= instalment.due_on
        for record in case.steps
    )


def _remind(due_on: date, number: int, facts: Facts, rules: Rules) -> Decision:
    """On the due day itself, at an hour one may write; a quiet due day is reminded the day after."""
    if refused := _refused_today(Step.REMIND_INSTALMENT, facts, rules):
        return refused
    at = contact.next_contact_time(
        rules.pack,
        rules.calendar,
        Channel.SMS,
        max(_morning(due_on, rules), facts.now),
        facts.case.debtor.debtor_type,
    )
    if at > facts.now:
        return Wait(at, "instalment_not_due")
    return Act(Step.REMIND_INSTALMENT, "instalment_due", number)


def _next_step(facts: Facts, rules: Rules) -> Decision:
    for planned in rules.policy.steps:
        if planned.is_on_request and not _is_requested(facts.case, planned.step):
            continue
        if _settled(facts.case, planned.step) is None:
            return _when(planned, facts, rules)
    return Act(Step.CLOSE_CASE, "uncollectable")


def _is_requested(case: Case, step: Step) -> bool:
    return any(record.outcome == "performed" and record.reason == step.value for record in case.steps)


def _settled(case: Case, step: Step) -> StepRecord | None:
    """The record that ends a step's turn: performed, or rightly not needed in this case."""
    done = [record for record in case.steps if record.step is step and record.outcome != "skipped"]
    return done[-1] if done else None


def _refused_today(step: Step, facts: Facts, rules: Rules) -> Wait | None:
    """A step that was refused today is looked at again tomorrow, never in a tight loop."""
    today = facts.today(rules)
    if any(r.step is step and r.outcome == "skipped" and r.on == today for r in facts.case.steps):
        return Wait(_morning(today + timedelta(days=1), rules), f"{step.value}_refused_today")
    return None


def _when(planned: PolicyStep, facts: Facts, rules: Rules) -> Decision:
    if refused := _refused_today(planned.step, facts, rules):
        return refused
    start = max(_morning(earliest_on(planned, facts, rules), rules), facts.now)
    channel = channel_for(planned, facts.case, rules, facts.today(rules))
    if channel is not None:
        debtor_type = facts.case.debtor.debtor_type
        start = contact.next_contact_time(rules.pack, rules.calendar, channel, start, debtor_type)
        # A day that opens at midnight, after a holiday, still begins in the morning for people.
        start = (
            max(start, _morning(rules.calendar.local_date(start), rules)) if start > facts.now else start
        )
    if start > facts.now:
        return Wait(start, f"{planned.step.value}_not_due")
    return Act(planned.step, "uncollectable" if planned.step is Step.CLOSE_CASE else "due")


def earliest_on(planned: PolicyStep, facts: Facts, rules: Rules) -> date:
    """The later of what policy waits (with the time to answer) and what the law makes us wait.

    A letter that no channel may carry has no lawful day: policy alone says when that is noted.
    """
    case, today = facts.case, facts.today(rules)
    by_policy = _anchor(planned, case, rules) + timedelta(days=planned.wait_days)
    if planned.answers is not None:
        days, _ = waits.response_days(
            rules.pack, kind=planned.answers, debtor_type=case.debtor.debtor_type, on=today
        )
        by_policy += timedelta(days=days)
    if planned.letter is None or channel_for(planned, case, rules, today) is None:
        return by_policy
    return max(by_policy, lawful_on(planned.letter, case, rules).on)


def lawful_on(kind: LetterKind, case: Case, rules: Rules) -> waits.EarliestDay:
    """The first day the law lets this letter go, given those that were sent. Raises LawMissing."""
    return waits.earliest_on(
        rules.pack,
        kind=kind,
        debtor_type=case.debtor.debtor_type,
        due_on=case.due_on,
        sent=sent_letters(case, rules),
    )


def _anchor(planned: PolicyStep, case: Case, rules: Rules) -> date:
    """The day a wait counts from; a step that was not needed counts from when that was seen."""
    placed_on = rules.calendar.local_date(case.placed_at)
    if planned.after is Anchor.PLACEMENT:
        return placed_on
    if planned.after is Anchor.LAST_STEP:
        return max((record.on for record in case.steps if record.outcome != "skipped"), default=placed_on)
    record = _settled(case, Step(planned.after.value))
    return record.on if record else placed_on


def sent_letters(case: Case, rules: Rules) -> tuple[waits.SentLetter, ...]:
    """Letters that really went out, oldest first."""
    kinds = {item.step: item.letter for item in rules.policy.steps if item.letter is not None}
    return tuple(
        waits.SentLetter(kinds[record.step], record.on)
        for record in case.steps
        if record.step in kinds and record.outcome == "performed"
    )


def channel_for(planned: PolicyStep, case: Case, rules: Rules, on: date) -> Channel | None:
    """The first channel of the step that reaches this debtor lawfully; None where none does.

    Which forms a letter may have is the law's to say; one the provider refused reaches nobody. No
    channel either for a letter that must follow a milder one which could not go. Raises LawMissing.
    """
    debtor, lawful = case.debtor, frozenset(Channel)
    if planned.letter is not None:
        lawful, _ = forms.lawful_channels(
            rules.pack,
            kind=planned.letter,
            debtor_type=debtor.debtor_type,
            has_electronic_consent=debtor.has_electronic_consent,
            on=on,
        )
    usable = [channel for channel in planned.channels if channel in lawful and reaches(case, channel)]
    if not usable or (planned.letter is not None and not _may_follow(planned.letter, case, rules)):
        return None
    return usable[0]


def _may_follow(kind: LetterKind, case: Case, rules: Rules) -> bool:
    """False where a letter that the law wants before this one was not sent. Raises LawMissing."""
    try:
        lawful_on(kind, case, rules)
    except LawMissing:
        raise
    except RuleRefused:
        return False
    return True


def reaches(case: Case, channel: Channel) -> bool:
    """There is an address for the channel, and its provider has not refused it."""
    address = {
        Channel.EMAIL: case.debtor.email,
        Channel.SMS: case.debtor.phone,
        Channel.CALL: case.debtor.phone,
        Channel.POST: case.debtor.address,
    }
    return bool(address[channel]) and channel not in case.refused_channels
