"""The debt line by line: the lines add up, each with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sovinto.domain import accounts, posting
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.debt_lines import debt_view, interest_day
from sovinto.domain.law.allocation import Allocation
from sovinto.domain.plan import Instalment, Plan

from tests.support.facts import case_of, claim, eur, money_in, occasion, placed, rules_of
from tests.support.people import START

TODAY = START.date()
RULES = rules_of(case_of())


def test_one_line_for_each_claim_and_each_rate_of_interest() -> None:
    """Reference rates change on 1 January and 1 July: the span is told for each."""
    case = case_of(case_of().debtor, claim(due_on=date(2025, 6, 16)))
    view = debt_view(case, placed(case), RULES.pack, RULES.calendar, TODAY)
    kinds = [line.kind for line in view.lines]
    assert kinds == ["principal", "interest", "interest", "interest"]
    assert view.lines[0].detail == "I-1"
    assert all(line.explanation and line.explanation.statute for line in view.lines[1:])
    assert sum(line.amount.minor for line in view.lines) == view.total.minor


def test_what_was_paid_and_charged_is_shown() -> None:
    case = case_of()
    fee = posting.charge(
        case,
        occasion("f"),
        claim_class=ClaimClass.FEE,
        kind="fee_charged",
        label="reminder_fee",
        amount=eur(500),
        value_on=TODAY,
    )
    allocation = Allocation(((ClaimClass.FEE, eur(500)), (ClaimClass.PRINCIPAL, eur(300))), eur(40))
    paid = posting.payment(case, money_in(840, TODAY), allocation, occasion("p"), into=accounts.BANK)
    view = debt_view(case, (*placed(case), fee, paid), RULES.pack, RULES.calendar, TODAY)
    shown = {line.kind: line.amount.minor for line in view.lines}
    assert shown["reminder_fee"] == 500
    assert shown["payment"] == -800, "what was too much goes back and lowers nothing"


def test_a_claim_not_yet_overdue_has_no_interest() -> None:
    case = case_of(case_of().debtor, claim(due_on=TODAY))
    view = debt_view(case, placed(case), RULES.pack, RULES.calendar, TODAY)
    assert [line.kind for line in view.lines] == ["principal"]


def test_interest_stands_still_from_the_day_of_the_plan() -> None:
    plan = Plan("plan_1", START, (Instalment(1, TODAY, eur(1)),))
    later = TODAY + timedelta(days=60)
    assert interest_day(case_of(plan=plan), later, RULES.calendar) == TODAY
    assert interest_day(case_of(plan=plan), TODAY - timedelta(days=1), RULES.calendar) < TODAY
    for case in (case_of(), case_of(plan=replace(plan, status="broken"))):
        assert interest_day(case, later, RULES.calendar) == later
