"""Which payment plans may be agreed at once: equal instalments on banking days, within the limits."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sovinto.domain.facts import Rules
from sovinto.domain.money import Money
from sovinto.domain.plan import Instalment, Plan

CHOICES = (2, 3, 4, 6, 9, 12)


def offers(owed: Money, rules: Rules, now: datetime) -> tuple[Plan, ...]:
    """Plans for what is owed now; empty where the debt is too small to split."""
    limits = rules.policy.plan
    counts = (
        count
        for count in CHOICES
        if count <= limits.max_instalments and owed.minor // count >= limits.min_instalment.minor
    )
    return tuple(_plan(owed, count, rules, now) for count in counts)


def _plan(owed: Money, count: int, rules: Rules, now: datetime) -> Plan:
    """The first instalment half the allowed time from today, then monthly; nothing is lost in splitting."""
    first = rules.calendar.local_date(now) + timedelta(days=rules.policy.plan.first_within_days // 2)
    instalments = tuple(
        Instalment(number, rules.calendar.next_banking_day(_months_later(first, number - 1)), amount)
        for number, amount in enumerate(owed.split(count), start=1)
    )
    return Plan(plan_id="", agreed_at=now, instalments=instalments)


def _months_later(first: date, months: int) -> date:
    """The same day of a later month, or its last day."""
    month = first.month - 1 + months
    year, month = first.year + month // 12, month % 12 + 1
    next_first = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=first.day - 1), next_first - timedelta(days=1))
