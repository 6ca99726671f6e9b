"""What will happen to a case if nobody reacts: decide, act, wait, as the engine does, without storing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sovinto.domain.case import Step
from sovinto.domain.communication import Channel
from sovinto.domain.debt_lines import debt_view
from sovinto.domain.earliest import earliest_on
from sovinto.domain.explanation import Explanation
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.fairness import fair_on
from sovinto.domain.law import contact, waits
from sovinto.domain.law.kinds import LetterKind
from sovinto.domain.law.model import explain, in_force
from sovinto.domain.law.rows import ContactRow
from sovinto.domain.ledger import Entry
from sovinto.domain.money import Money, total
from sovinto.domain.policy import PolicyStep
from sovinto.domain.reach import channel_for, lawful_on, reachable_from
from sovinto.domain.timeline import Act, Done, Wait, decide
from sovinto.errors import LawMissing, RuleRefused

MAX_TURNS = 400


@dataclass(frozen=True, slots=True)
class Performed:
    """A step as it was carried out: the facts after it, and what it posted."""

    facts: Facts
    entries: tuple[Entry, ...]
    outcome: str
    reason: str
    channel: Channel | None


Perform = Callable[[Facts, Rules, Act], Performed]
"""How a step is carried out; what it would store goes into the facts instead."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One step on its day. `waited` is why it did not come sooner; `rule` the law or policy behind it.

    `fee` and `interest` are what this step posts, `owed` what the debtor owes after it on that day.
    """

    at: datetime
    on: date
    step: Step
    outcome: str
    reason: str
    waited: str
    rule: Explanation
    channel: Channel | None
    letter: LetterKind | None
    fee: Money
    interest: Money
    owed: Money


@dataclass(frozen=True, slots=True)
class Preview:
    """`end` says why it ends there: the closure, the horizon, or law that is missing."""

    turns: tuple[Turn, ...]
    end: str
    ends_at: datetime


def preview(facts: Facts, rules: Rules, perform: Perform, *, until: datetime) -> Preview:
    """Every step from `facts.now` up to `until` (aware), in order; at most MAX_TURNS decisions."""
    turns: list[Turn] = []
    waited = ""
    for _ in range(MAX_TURNS):
        try:
            decision = decide(facts, rules)
            if isinstance(decision, Act):
                done = perform(facts, rules, decision)
                turns.append(_turn(facts, done, rules, decision, waited))
                facts, waited = done.facts, ""
                continue
        except LawMissing as missing:
            return Preview(tuple(turns), f"law_missing: {missing.message}", facts.now)
        if isinstance(decision, Done):
            return Preview(tuple(turns), decision.reason, facts.now)
        if decision.until > until:
            return Preview(tuple(turns), f"horizon: {decision.reason}", until)
        facts, waited = _at(decision, facts), decision.reason
    return Preview(tuple(turns), f"cut short after {MAX_TURNS} decisions", facts.now)


def _at(wait: Wait, facts: Facts) -> Facts:
    """Later, with nothing happened meanwhile; a wait never leads back."""
    return replace(facts, now=max(wait.until, facts.now))


def _turn(before: Facts, done: Performed, rules: Rules, act: Act, waited: str) -> Turn:
    case, today = done.facts.case, before.today(rules)
    planned = rules.policy.step(act.step)
    return Turn(
        at=before.now,
        on=today,
        step=act.step,
        outcome=done.outcome,
        reason=done.reason or act.reason,
        waited=waited,
        rule=_rule(planned, before, rules, act, waited),
        channel=done.channel,
        letter=planned.letter if planned is not None else None,
        fee=_posted(done, "fee_charged"),
        interest=_posted(done, "interest_accrued"),
        owed=debt_view(case, done.facts.entries, rules.pack, rules.calendar, today).total,
    )


def _posted(done: Performed, kind: str) -> Money:
    case = done.facts.case
    charged = (
        line.amount
        for entry in done.entries
        if entry.kind == kind
        for line in entry.lines
        if line.account.startswith(f"debtor:{case.case_id}:")
    )
    return total(charged, case.currency)


def _rule(planned: PolicyStep | None, facts: Facts, rules: Rules, act: Act, waited: str) -> Explanation:
    """What set the day: the law where its first lawful day is the later one, else our policy.

    Later than both it comes after time to react that the debtor is given, after hours in which nobody
    may be contacted, or once it waits for nothing else any more.
    """
    policy_id = rules.policy.policy_id
    if planned is None:
        return Explanation(policy_id, f"policy {policy_id}", act.reason)
    lawful = _lawful(planned, facts, rules)
    by_policy = earliest_on(replace(planned, letter=None), facts, rules)
    due_on, fair = max(by_policy, lawful.on if lawful else by_policy), fair_on(facts.case, rules)
    if quiet := _quiet_until(max(due_on, fair), planned, facts, rules):
        return quiet
    if fair > due_on:
        words = f"{rules.policy.reply_days} days to react to what was told before"
        return Explanation(policy_id, f"policy {policy_id}", words)
    if facts.today(rules) > due_on >= rules.calendar.local_date(facts.case.placed_at) and waited:
        return Explanation(policy_id, f"policy {policy_id}", f"due since {due_on}, waited: {waited}")
    if lawful is not None and lawful.on > by_policy:
        return lawful.explanation
    words = f"{planned.wait_days} days after {planned.after.value}"
    if planned.answers is None:
        return Explanation(policy_id, f"policy {policy_id}", words)
    _, why = waits.response_days(
        rules.pack,
        kind=planned.answers,
        debtor_type=facts.case.debtor.debtor_type,
        on=facts.today(rules),
    )
    return replace(why, formula=f"{words} and the time to answer the {planned.answers.value}")


def _quiet_until(due_on: date, planned: PolicyStep, facts: Facts, rules: Rules) -> Explanation | None:
    """The rule that keeps the channel shut on the day the step was due and until today, if it does."""
    channel, today = channel_for(planned, facts.case, rules, facts.today(rules)), facts.today(rules)
    if channel is None or not due_on < today or due_on < rules.calendar.local_date(facts.case.placed_at):
        return None
    kind, start = facts.case.debtor.debtor_type, rules.morning(due_on)
    opens = contact.next_contact_time(rules.pack, rules.at_debtor, channel, start, kind)
    if rules.calendar.local_date(opens) < today:
        return _capped_until(due_on, channel, facts, rules)
    row = in_force(
        rules.pack,
        ContactRow,
        debtor_type=facts.case.debtor.debtor_type,
        on=due_on,
        what=f"contact by {channel.value}",
        where=lambda row: channel in row.channels,
    )
    return explain(row.citation, f"no {channel.value} from {due_on} until today")


def _capped_until(due_on: date, channel: Channel, facts: Facts, rules: Rules) -> Explanation | None:
    """The caps of the policy, where the person had too many contacts for one more on the day it was due."""
    policy, start = rules.policy, rules.morning(due_on)
    if rules.calendar.local_date(reachable_from(start, channel, facts, rules)) < facts.today(rules):
        return None
    words = f"at most {policy.max_contacts_a_day} contacts a day and {policy.max_contacts_a_week} in 7 days"
    return Explanation(policy.policy_id, f"policy {policy.policy_id}", words)


def _lawful(planned: PolicyStep, facts: Facts, rules: Rules) -> waits.EarliestDay | None:
    """None for a step without a letter, or one whose letter cannot go."""
    if planned.letter is None or channel_for(planned, facts.case, rules, facts.today(rules)) is None:
        return None
    try:
        return lawful_on(planned.letter, facts.case, rules)
    except LawMissing:
        raise
    except RuleRefused:
        return None
