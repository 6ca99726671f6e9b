"""Copies for co-debtors that could not go with the debtor's letter: whose, and when they may."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sovinto.domain.case import Case, Step
from sovinto.domain.debtor import CoDebtor
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.fairness import fair_on
from sovinto.domain.parties import as_party
from sovinto.domain.reach import channel_for, lawful_on, reachable_from
from sovinto.errors import LawMissing, RuleRefused

# Checks of the permit that time alone passes; every other refusal leaves the person to the next letter.
PASSING = frozenset({"contact_hours", "frequency", "lawful_wait"})


def waiting(case: Case) -> tuple[CoDebtor, ...]:
    """Who waits for a copy of a letter that the debtor was sent. A letter that never left is planned
    again by its own step, with its copies."""
    return tuple(
        party
        for party in case.co_debtors
        if party.waits_for and not party.is_released and case.performed(Step(party.waits_for)) is not None
    )


def before(case: Case, step: Step) -> Case:
    """The case as that step finds it: the law's waits before its letter do not count from itself."""
    return replace(case, steps=tuple(record for record in case.steps if record.step is not step))


def due_at(party: CoDebtor, facts: Facts, rules: Rules) -> datetime | None:
    """The first moment at which this person's copy may go; None where no lawful way leads to them."""
    planned = rules.policy.step(Step(party.waits_for))
    if planned is None:
        return None
    seen, today = before(as_party(facts.case, party), planned.step), facts.today(rules)
    day = max(today, fair_on(facts.case, rules))
    try:
        channel = channel_for(planned, seen, rules, today)
        if channel is None:
            return None
        if planned.letter is not None:
            day = max(day, lawful_on(planned.letter, seen, rules).on)
        start = max(facts.now, rules.morning(day)) if day > today else facts.now
        at = reachable_from(start, channel, replace(facts, case=seen), rules)
    except (LawMissing, RuleRefused):
        return None
    return max(at, rules.morning(rules.calendar.local_date(at))) if at > facts.now else at


def next_copy(facts: Facts, rules: Rules) -> datetime | None:
    """The moment of the first copy that waits; where they were refused today, not before tomorrow."""
    moments = (due_at(party, facts, rules) for party in waiting(facts.case))
    first, today = min((at for at in moments if at is not None), default=None), facts.today(rules)
    refused = (record for record in facts.case.steps if record.outcome == "skipped")
    if first is not None and any(r.step is Step.SEND_COPIES and r.on == today for r in refused):
        return max(first, rules.morning(today + timedelta(days=1)))
    return first
