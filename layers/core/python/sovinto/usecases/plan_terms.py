"""A plan that was agreed: interest to the day, the plan in the case, and its confirmation in writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sovinto.domain.case import Case
from sovinto.domain.client import Client
from sovinto.domain.communication import Channel, Communication
from sovinto.domain.debt_lines import DebtView, debt_view
from sovinto.domain.event import Event
from sovinto.domain.facts import Facts, Rules
from sovinto.domain.fairness import letter_channel
from sovinto.domain.law.kinds import LetterKind
from sovinto.domain.ledger import Entry
from sovinto.domain.plan import Plan
from sovinto.domain.plan_offer import as_plan_of
from sovinto.domain.posting import Occasion, interest_to
from sovinto.usecases.compose_letter import Occurrence, compose_letter, payment_details
from sovinto.usecases.step_context import Draft, Sender, case_event, communicate


def debt_now(facts: Facts, rules: Rules) -> DebtView:
    """What the debtor owes today. Raises LawMissing."""
    return debt_view(facts.case, facts.entries, rules.pack, rules.calendar, facts.today(rules))


def agreed(facts: Facts, rules: Rules, offered: Plan, client: Client, sender: Sender) -> Draft:
    """The terms become the case's plan; an earlier one keeps its id and goes into its history."""
    case, occasion = facts.case, Occasion.of_case(facts.case, facts.now)
    until = debt_now(facts, rules).interest_to
    accrued = interest_to(case, facts.entries, rules.pack, occasion, until=until)
    plan = as_plan_of(case, offered)
    newer = replace(case, plan=plan, proposed_plan=None, promise=None, version=case.version + 1)
    books = (*facts.entries, *accrued)
    item, planned = confirmation(newer, books, facts, rules, client, sender)
    return Draft(newer, accrued, (item,), (plan_event(case, occasion, plan), planned))


def plan_event(case: Case, occasion: Occasion, plan: Plan) -> Event:
    count = str(len(plan.instalments))
    return case_event(case, occasion, "plan.agreed", plan_id=plan.plan_id, count=count)


def confirmation(
    case: Case,
    entries: Sequence[Entry],
    facts: Facts,
    rules: Rules,
    client: Client,
    sender: Sender,
    template: str = "plan_confirmation",
) -> tuple[Communication, Event]:
    """The plan of `case` in writing, with the first instalment to pay; by e-mail, else by post."""
    if case.plan is None:
        raise ValueError("a plan is confirmed only where there is one")
    channel = letter_channel(case) or (Channel.EMAIL if case.debtor.email else Channel.POST)
    occurrence = Occurrence(template, facts.today(rules), channel, LetterKind.DEMAND)
    letter = compose_letter(case, entries, client, sender, rules, occurrence)
    first = case.plan.instalments[0]
    letter = replace(
        letter,
        payment=payment_details(case, sender, first.amount, first.due_on),
        instalments=case.plan.instalments,
    )
    occasion = Occasion.of_case(facts.case, facts.now)
    return communicate(case, occasion, channel=channel, template=template, letter=letter)
