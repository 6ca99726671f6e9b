"""The terms of a plan: history under one id, the limits of policy and client, tolerance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sovinto.adapters.codec import decode, encode
from sovinto.domain.case import Case
from sovinto.domain.client import Client
from sovinto.domain.plan import Plan
from sovinto.domain.plan_offer import (
    as_plan_of,
    limits_for,
    may_have_plan,
    offers,
    outside,
    terms,
    with_proposal,
    with_proposal_accepted,
    without_proposal,
)
from sovinto.errors import RuleRefused

from tests.support.facts import case_of, eur, rules_of
from tests.support.people import CLIENT, START

RULES = rules_of(case_of())
TODAY = date(2026, 1, 5)
LIMITS = RULES.policy.plan


def plan_of(count: int = 3, owed: int = 30_000, first_on: date = TODAY + timedelta(days=10)) -> Plan:
    return replace(terms(eur(owed), count, first_on, RULES.calendar, START), plan_id="plan_1")


def counts(client: Client) -> list[int]:
    return [len(plan.instalments) for plan in offers(eur(100_000), RULES, START, client)]


def test_new_terms_keep_the_id_and_the_history() -> None:
    first = plan_of()
    broken = replace(first, status="broken")
    later = START + timedelta(days=40)
    second = broken.renewed(later, plan_of(6).instalments)
    assert (second.plan_id, second.agreed_at, second.status) == ("plan_1", later, "active")
    assert [(r.agreed_at, r.ended) for r in second.revisions] == [(START, "broken")]
    assert second.revisions[0].instalments == first.instalments
    assert second.times_broken == 1
    assert replace(second, status="broken").times_broken == 2
    assert second.kept_since == later


def test_terms_replaced_while_they_were_kept_let_interest_stand_still_from_the_first_day() -> None:
    again = plan_of().renewed(START + timedelta(days=20), plan_of(6).instalments)
    third = again.renewed(START + timedelta(days=30), plan_of(9).instalments)
    assert third.kept_since == START
    assert third.times_broken == 0


def test_a_plan_that_was_stored_before_there_were_revisions_is_read_as_it_is() -> None:
    case = case_of(plan=plan_of())
    stored = encode(case).replace(',"revisions":[]', "")
    assert decode(Case, stored) == case


def test_the_client_may_allow_more_and_less_than_the_policy() -> None:
    assert counts(CLIENT) == [2, 3, 4, 6, 9, 12]
    assert counts(replace(CLIENT, plan_max_instalments=24)) == [2, 3, 4, 6, 9, 12, 18, 24]
    assert counts(replace(CLIENT, plan_max_instalments=4)) == [2, 3, 4]
    assert counts(replace(CLIENT, plan_min_instalment=eur(20_000))) == [2, 3, 4]


@pytest.mark.parametrize(
    ("count", "ahead", "why"),
    [
        (3, 10, None),
        (12, 30, None),
        (13, 10, "too_many_instalments"),
        (3, 60, "first_too_late"),
    ],
)
def test_terms_are_inside_the_limits_or_say_why_not(count: int, ahead: int, why: str | None) -> None:
    plan = plan_of(count, first_on=TODAY + timedelta(days=ahead))
    assert outside(plan, None, limits_for(RULES, CLIENT), TODAY) == why


def test_a_small_instalment_and_a_plan_too_many_are_outside() -> None:
    assert outside(plan_of(3, owed=5_999), None, LIMITS, TODAY) == "instalment_too_small"
    once = replace(plan_of(), status="broken")
    twice = replace(once.renewed(START, plan_of().instalments), status="broken")
    assert may_have_plan(once, LIMITS)
    assert outside(plan_of(), twice, LIMITS, TODAY) == "earlier_plan_broken"
    assert may_have_plan(twice, replace(LIMITS, new_plans=2))


@given(st.integers(0, 40_000), st.integers(0, 500), st.integers(0, 10))
def test_an_instalment_is_paid_when_it_is_short_by_no_more_than_the_tolerance(
    paid: int, fixed: int, percent: int
) -> None:
    limits = replace(LIMITS, tolerance=eur(fixed), tolerance_percent=percent)
    allowed = max(fixed, 10_000 * percent // 100)
    assert limits.is_paid(eur(paid), eur(30_000), eur(10_000)) is (30_000 - paid <= allowed)


def test_without_a_tolerance_a_cent_is_missing() -> None:
    assert not LIMITS.is_paid(eur(9_999), eur(10_000), eur(10_000))
    assert LIMITS.is_paid(eur(10_000), eur(10_000), eur(10_000))


def test_a_proposal_becomes_the_plan_and_counts_from_when_it_was_made() -> None:
    case = with_proposal(case_of(), plan_of())
    assert case.proposed_plan is not None
    assert case.proposed_plan.status == "proposed"
    accepted = with_proposal_accepted(case, RULES.calendar, START + timedelta(days=3))
    assert accepted.proposed_plan is None
    assert accepted.plan == replace(case.proposed_plan, status="active")


def test_a_proposal_accepted_after_its_first_day_moves_on_as_a_whole() -> None:
    case = with_proposal(case_of(), plan_of(first_on=TODAY + timedelta(days=2)))
    accepted = with_proposal_accepted(case, RULES.calendar, START + timedelta(days=5))
    assert accepted.plan is not None
    assert accepted.plan.instalments[0].due_on > TODAY + timedelta(days=5)


def test_a_proposal_for_a_case_with_a_plan_renews_it() -> None:
    broken = replace(plan_of(), status="broken")
    case = with_proposal(case_of(plan=broken), replace(plan_of(4), plan_id=""))
    accepted = with_proposal_accepted(case, RULES.calendar, START)
    assert accepted.plan is not None
    assert (accepted.plan.plan_id, len(accepted.plan.revisions)) == ("plan_1", 1)


def test_only_what_is_proposed_can_be_accepted_or_dropped() -> None:
    with pytest.raises(RuleRefused, match="no proposed plan"):
        with_proposal_accepted(case_of(), RULES.calendar, START)
    case = with_proposal(case_of(), plan_of())
    assert without_proposal(case, "another") == case
    assert case.proposed_plan is not None
    assert without_proposal(case, case.proposed_plan.plan_id) == case_of()


def test_the_first_plan_of_a_case_gets_an_id_of_its_own() -> None:
    assert as_plan_of(case_of(), plan_of()).plan_id == "plan_2_1"


@given(st.integers(60, 10**7), st.integers(1, 60), st.integers(1, 90))
def test_terms_are_whole_monthly_and_on_banking_days(owed: int, count: int, ahead: int) -> None:
    plan = plan_of(count, owed, TODAY + timedelta(days=ahead))
    assert sum(i.amount.minor for i in plan.instalments) == owed
    days = [i.due_on for i in plan.instalments]
    assert days == sorted(days)
    assert all(RULES.calendar.is_banking_day(day) for day in days)
    assert (days[-1] - days[0]).days >= 28 * (count - 1)
