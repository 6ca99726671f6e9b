"""What a collector needs on the phone: the debt, what was written last, what may be agreed, and when."""

from __future__ import annotations

from datetime import date, timedelta

from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.communication import Channel
from sovinto.domain.debt_lines import debt_view
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.law.contact import hours_on
from sovinto.domain.money import Money, total
from sovinto.domain.plan_offer import offers
from sovinto.domain.reach import sent_letters
from sovinto.usecases.step_context import StepContext

HOURS_DAYS = 7


def call_script(context: StepContext) -> tuple[tuple[str, str], ...]:
    """Ids and figures only, as of today; the words are the collector's. Raises LawMissing."""
    facts, rules = context.facts, context.rules
    return (
        ("step", context.act.step.value),
        ("attempt", str(1 + sum(call.step == context.act.step.value for call in context.case.calls))),
        *_owed(facts, rules),
        *_last_letter(facts, rules),
        *_plan(facts),
        *_may_offer(context),
        ("hours", "; ".join(_hours(facts, rules, context.today))),
    )


def _owed(facts: Facts, rules: Rules) -> tuple[tuple[str, str], ...]:
    """By class, with interest to today; what was paid is in the sum."""
    debt = debt_view(facts.case, facts.entries, rules.pack, rules.calendar, facts.today(rules))
    currency = facts.case.currency
    found = []
    for claim_class in ClaimClass:
        amounts = [line.amount for line in debt.lines if line.claim_class is claim_class]
        found.append((f"owed_{claim_class.value}", _told(total(amounts, currency))))
    return (*found, ("owed_total", _told(debt.total)))


def _last_letter(facts: Facts, rules: Rules) -> tuple[tuple[str, str], ...]:
    sent = sent_letters(facts.case, rules)
    return (("last_letter", f"{sent[-1].kind.value} {sent[-1].on.isoformat()}"),) if sent else ()


def _plan(facts: Facts) -> tuple[tuple[str, str], ...]:
    plan = facts.case.plan
    return (("plan", f"{plan.plan_id} {plan.status}"),) if plan is not None else ()


def _may_offer(context: StepContext) -> tuple[tuple[str, str], ...]:
    """Instalments that are agreed at once, and the last day that may be promised."""
    offered = offers(context.facts.balance.total, context.rules, context.facts.now, context.client)
    until = context.today + timedelta(days=context.rules.policy.plan.first_within_days)
    counts = ",".join(str(len(plan.instalments)) for plan in offered)
    return (("may_offer_instalments", counts), ("may_promise_until", until.isoformat()))


def _hours(facts: Facts, rules: Rules, today: date) -> list[str]:
    """The hours of the coming week in which the debtor may be called, on the debtor's own clock."""
    calendar = rules.at_debtor
    found = []
    for ahead in range(HOURS_DAYS):
        day = today + timedelta(days=ahead)
        debtor_type = facts.case.debtor.debtor_type
        for opens, closes in hours_on(rules.pack, calendar, Channel.CALL, day, debtor_type):
            found.append(f"{calendar.local(opens):%Y-%m-%d %H:%M}-{calendar.local(closes):%H:%M}")
    return found


def _told(amount: Money) -> str:
    return f"{amount.decimal()} {amount.currency}"
