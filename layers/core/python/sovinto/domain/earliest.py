"""The first day of a step: what policy waits, and what the law makes us wait."""

from __future__ import annotations

from datetime import date

from sovinto.domain import fairness
from sovinto.domain.case import Case, Step, StepRecord
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.law import waits
from sovinto.domain.law.kinds import LetterKind
from sovinto.domain.policy import Anchor, PolicyStep
from sovinto.domain.reach import channel_for, lawful_on, sent_letters
from sovinto.domain.standstill import answered_by

# Why a step that was done is open again: it is due at once, whatever its wait was.
LOOK_AGAIN = "new_financials"
OPEN_AGAIN = (LOOK_AGAIN, fairness.PLAN_BROKEN)


def settled(case: Case, step: Step) -> StepRecord | None:
    """The record that ends a step's turn: performed, or rightly not needed in this case."""
    done = [record for record in case.steps if record.step is step and record.outcome != "skipped"]
    return done[-1] if done else None


def earliest_on(planned: PolicyStep, facts: Facts, rules: Rules) -> date:
    """The later of what policy waits (with the time to answer) and what the law makes us wait.

    A letter that no channel may carry has no lawful day: policy alone says when that is noted.
    """
    case, today = facts.case, facts.today(rules)
    if any(item.step is planned.step and item.reason in OPEN_AGAIN for item in case.steps):
        return today
    days = 0
    if planned.answers is not None:
        days, _ = waits.response_days(
            rules.pack, kind=planned.answers, debtor_type=case.debtor.debtor_type, on=today
        )
    anchor = _anchor(planned, case, rules)
    by_policy = answered_by(case, anchor, planned.wait_days + days, rules.calendar, today)
    if planned.letter is None or channel_for(planned, case, rules, today) is None:
        return by_policy
    return max(by_policy, _lawful_day(planned.letter, case, rules, today))


def _lawful_day(kind: LetterKind, case: Case, rules: Rules, today: date) -> date:
    """What the law makes us wait after a letter is time of the debtor: it stands still with the case."""
    lawful, sent = lawful_on(kind, case, rules).on, sent_letters(case, rules)
    if not sent or lawful <= sent[-1].on:
        return lawful
    return answered_by(case, sent[-1].on, (lawful - sent[-1].on).days, rules.calendar, today)


def _anchor(planned: PolicyStep, case: Case, rules: Rules) -> date:
    """The day a wait counts from; a step that was not needed counts from when that was seen."""
    placed_on = rules.calendar.local_date(case.placed_at)
    if planned.after is Anchor.PLACEMENT:
        return placed_on
    if planned.after is Anchor.LAST_STEP:
        return max((record.on for record in case.steps if record.outcome != "skipped"), default=placed_on)
    record = settled(case, Step(planned.after.value))
    return record.on if record else placed_on
