"""Payment plans on offer: equal instalments on banking days, within the limits of policy and client."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from sovinto.domain.case import Case
from sovinto.domain.client import Client
from sovinto.domain.facts import Rules
from sovinto.domain.law.calendar import Calendar
from sovinto.domain.money import Money
from sovinto.domain.plan import PROPOSED, Instalment, Plan
from sovinto.domain.policy import PlanLimits
from sovinto.errors import RuleRefused

CHOICES = (2, 3, 4, 6, 9, 12, 18, 24)

LONGEST = 60
"""Instalments; five years. Beyond it nobody may agree a plan here, whatever the client says."""

LATEST_FIRST_DAYS = 90
"""A plan that begins later than this is a delay and not a plan."""


def limits_for(rules: Rules, client: Client | None) -> PlanLimits:
    """What is agreed at once: the client's own limits where it has set any, else the policy's."""
    limits = rules.policy.plan
    if client is None:
        return limits
    least = client.plan_min_instalment
    return replace(
        limits,
        max_instalments=client.plan_max_instalments or limits.max_instalments,
        min_instalment=limits.min_instalment if least is None else least,
    )


def offers(owed: Money, rules: Rules, now: datetime, client: Client | None = None) -> tuple[Plan, ...]:
    """Plans for what is owed now; empty where the debt is too small to split.

    The first instalment falls due after half the time allowed, the others monthly.
    """
    limits = limits_for(rules, client)
    first = rules.calendar.local_date(now) + timedelta(days=limits.first_within_days // 2)
    counts = (
        count
        for count in CHOICES
        if count <= min(limits.max_instalments, LONGEST)
        and owed.minor // count >= limits.min_instalment.minor
    )
    return tuple(terms(owed, count, first, rules.calendar, now) for count in counts)


def terms(owed: Money, count: int, first_on: date, calendar: Calendar, now: datetime) -> Plan:
    """`count` monthly instalments from `first_on`, each on a banking day; nothing is lost in splitting.

    Raises LawMissing where the calendar does not know a year.
    """
    instalments = tuple(
        Instalment(number, calendar.next_banking_day(_months_later(first_on, number - 1)), amount)
        for number, amount in enumerate(owed.split(count), start=1)
    )
    return Plan(plan_id="", agreed_at=now, instalments=instalments)


def outside(plan: Plan, before: Plan | None, limits: PlanLimits, today: date) -> str | None:
    """Why these terms need the client's word; None where they are inside the limits."""
    if not may_have_plan(before, limits):
        return "earlier_plan_broken"
    if len(plan.instalments) > limits.max_instalments:
        return "too_many_instalments"
    if min(i.amount.minor for i in plan.instalments) < limits.min_instalment.minor:
        return "instalment_too_small"
    # The banking day on which the last day allowed is paid may lie some days later.
    if plan.instalments[0].due_on > today + timedelta(days=limits.first_within_days + 7):
        return "first_too_late"
    return None


def may_have_plan(before: Plan | None, limits: PlanLimits) -> bool:
    """After a broken plan a debtor gets so many new ones as the policy says."""
    return before is None or before.times_broken <= limits.new_plans


def as_plan_of(case: Case, offered: Plan) -> Plan:
    """The terms as the case's plan: a first one gets an id, later ones keep it with their history."""
    if case.plan is not None:
        return case.plan.renewed(offered.agreed_at, offered.instalments)
    return replace(
        offered, plan_id=f"plan_{case.version + 1}_{case.case_id.removeprefix('case_')}", status="active"
    )


def with_proposal(case: Case, offered: Plan) -> Case:
    """The case with terms that wait for somebody's word; the plan it has, if any, goes on."""
    plan_id = as_plan_of(case, offered).plan_id
    return replace(case, proposed_plan=replace(offered, plan_id=plan_id, status=PROPOSED))


def with_proposal_accepted(case: Case, calendar: Calendar, now: datetime) -> Case:
    """The proposed terms become the plan; where the first day has come meanwhile all move on together.

    They count from the moment they were proposed, so that money paid since is not asked for again.
    Raises RuleRefused where nothing is proposed.
    """
    proposed = case.proposed_plan
    if proposed is None:
        raise RuleRefused("the case has no proposed plan; propose one first", field="plan")
    late = (calendar.local_date(now) - proposed.instalments[0].due_on).days + 1
    later = proposed.postponed(late, calendar)
    accepted = as_plan_of(case, later)
    return replace(case, plan=replace(accepted, plan_id=proposed.plan_id), proposed_plan=None)


def without_proposal(case: Case, plan_id: str) -> Case:
    """Declined or expired: the terms that were asked about are forgotten, the case goes on as it was."""
    if case.proposed_plan is None or case.proposed_plan.plan_id != plan_id:
        return case
    return replace(case, proposed_plan=None)


def _months_later(first: date, months: int) -> date:
    """The same day of a later month, or its last day."""
    month = first.month - 1 + months
    year, month = first.year + month // 12, month % 12 + 1
    next_first = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=first.day - 1), next_first - timedelta(days=1))
