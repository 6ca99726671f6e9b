"""Paid as billed, plans on offer, the code on the letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sovinto.domain.access_code import LENGTH, access_code, is_access_code
from sovinto.domain.money import total
from sovinto.domain.plan_offer import CHOICES, offers
from sovinto.domain.settling import billed_on
from sovinto.ids import CaseId

from tests.support.facts import case_of, eur, money_in, rules_of
from tests.support.people import START
from tests.support.world import World

WRITTEN, PAY_BY = date(2026, 1, 5), date(2026, 1, 15)
RULES = rules_of(case_of())


@pytest.fixture(scope="module")
def letter() -> object:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    (item,) = world.messages(case.case_id, "reminder")
    assert item.letter is not None
    assert (item.letter.written_on, item.letter.payment.pay_by) == (WRITTEN, PAY_BY)
    return replace(item.letter, total=eur(10_000))


@pytest.mark.parametrize(
    ("minor", "on", "is_settled"),
    [
        (10_000, WRITTEN, True),
        (10_000, PAY_BY, True),
        (10_001, PAY_BY, True),
        (9_999, WRITTEN, False),
        (10_000, PAY_BY + timedelta(days=1), False),
        (10_000, WRITTEN - timedelta(days=1), False),
    ],
)
def test_paid_as_billed_is_the_total_by_the_letters_date(
    letter: object, minor: int, on: date, is_settled: bool
) -> None:
    assert billed_on(money_in(minor, on), [letter]) == (WRITTEN if is_settled else None)  # type: ignore[list-item]
    assert billed_on(money_in(minor, on), []) is None


@given(
    st.integers(1, 10**7),
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(START.tzinfo)),
)
def test_offers_are_whole_within_the_limits_and_on_banking_days(owed: int, now: datetime) -> None:
    limits, today = RULES.policy.plan, RULES.calendar.local_date(now)
    found = offers(eur(owed), RULES, now)
    assert bool(found) is (owed // 2 >= limits.min_instalment.minor)
    for plan in found:
        assert total((i.amount for i in plan.instalments), "EUR").minor == owed
        assert len(plan.instalments) in CHOICES
        assert len(plan.instalments) <= limits.max_instalments
        assert min(i.amount.minor for i in plan.instalments) >= limits.min_instalment.minor
        assert (plan.instalments[0].due_on - today).days <= limits.first_within_days
        days = [i.due_on for i in plan.instalments]
        assert days == sorted(set(days))
        assert all(RULES.calendar.next_banking_day(day) == day for day in days)


def test_a_plan_from_the_end_of_a_month_has_a_day_in_every_month() -> None:
    """First due on 31 January: February has its last day, which is a Saturday, so the next banking day."""
    (*_, longest) = offers(eur(100_000), RULES, START.replace(day=16))
    days = [i.due_on for i in longest.instalments]
    assert days[:3] == [date(2026, 2, 2), date(2026, 3, 2), date(2026, 3, 31)]


@given(st.binary(min_size=1, max_size=40), st.text(min_size=1, max_size=30))
def test_a_code_has_ten_signs_that_are_not_mistaken(secret: bytes, case_id: str) -> None:
    code = access_code(secret, CaseId(case_id))
    assert len(code) == LENGTH
    assert not set(code) & set("01IO")
    assert is_access_code(secret, CaseId(case_id), f" {code[:4].lower()} - {code[4:]}")


@given(st.text(max_size=40))
def test_no_other_text_fits(typed: str) -> None:
    code = access_code(b"secret", CaseId("case_1"))
    fits = is_access_code(b"secret", CaseId("case_1"), typed)
    assert fits is ("".join(c for c in typed.upper() if c.isalnum()) == code)


def test_codes_differ_by_case_and_by_secret() -> None:
    codes = {access_code(secret, CaseId(case)) for secret in (b"a", b"b") for case in ("c", "d")}
    assert len(codes) == 4
