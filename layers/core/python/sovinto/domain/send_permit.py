"""The send permit: the last word before anything reaches a debtor, taken inside the storing step."""

from __future__ import annotations

from dataclasses import dataclass

from sovinto.domain.case import Step
from sovinto.domain.communication import Channel, Permit
from sovinto.domain.contacts import first_free_day
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.law import contact
from sovinto.domain.reach import channel_for, lawful_on, reaches

CHECKS = (
    "open",
    "not_disputed",
    "not_held",
    "owed",
    "contact_hours",
    "frequency",
    "lawful_wait",
    "consent",
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """No permit; `check` names the check that failed."""

    check: str
    reason: str


def permit(facts: Facts, rules: Rules, *, step: Step, channel: Channel, permit_id: str) -> Permit | Refusal:
    """Every check passes, or nothing is sent."""
    refusals = (
        _stopped(facts),
        _quiet(facts, rules, channel),
        _too_often(facts, rules, channel),
        _too_early(facts, rules, step),
        _no_consent(facts, rules, step, channel),
    )
    for refusal in refusals:
        if refusal is not None:
            return refusal
    return Permit(permit_id, facts.now, CHECKS)


def _stopped(facts: Facts) -> Refusal | None:
    if not facts.case.is_open:
        return Refusal("open", "the case is closed")
    if facts.case.is_disputed:
        return Refusal("not_disputed", "the debtor disputes the claim")
    if facts.case.active_holds:
        return Refusal("not_held", "the case is on hold")
    if facts.balance.total.minor <= 0:
        return Refusal("owed", "nothing is owed")
    return None


def _quiet(facts: Facts, rules: Rules, channel: Channel) -> Refusal | None:
    allowed = contact.next_contact_time(
        rules.pack, rules.at_debtor, channel, facts.now, facts.case.debtor.debtor_type
    )
    if allowed > facts.now:
        return Refusal("contact_hours", f"{channel.value} may go out from {allowed.isoformat()}")
    return None


def _too_often(facts: Facts, rules: Rules, channel: Channel) -> Refusal | None:
    """Policy, not law: so many messages and calls a day and a week, over all cases of the person."""
    if channel is Channel.POST:
        return None
    free_on = first_free_day(facts.contacts_with(facts.person_key), rules.policy, facts.today(rules))
    if free_on > facts.today(rules):
        return Refusal("frequency", f"contacts are used up; the next may be made on {free_on.isoformat()}")
    return None


def _too_early(facts: Facts, rules: Rules, step: Step) -> Refusal | None:
    planned = rules.policy.step(step)
    if planned is None or planned.letter is None:
        return None
    earliest = lawful_on(planned.letter, facts.case, rules)
    if facts.today(rules) < earliest.on:
        return Refusal(
            "lawful_wait", f"not before {earliest.on.isoformat()} ({earliest.explanation.statute})"
        )
    return None


def _no_consent(facts: Facts, rules: Rules, step: Step, channel: Channel) -> Refusal | None:
    planned = rules.policy.step(step)
    if planned is not None and planned.letter is None and channel in planned.channels:
        # No law wants a form for it: the next channel of the step may stand for the first.
        is_reached = reaches(facts.case, channel)
        return None if is_reached else Refusal("consent", f"{channel.value} does not reach this debtor")
    lawful = channel_for(planned, facts.case, rules, facts.today(rules)) if planned else channel
    if channel is not lawful:
        return Refusal("consent", f"{channel.value} does not reach this debtor lawfully")
    return None
