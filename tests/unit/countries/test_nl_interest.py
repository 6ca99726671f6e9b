"""Dutch interest: published and trade rates, and full years that join the base."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from sovinto.countries import load_pack
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.interest import InterestResult, accrue
from sovinto.domain.law.kinds import (
    Circumstance,
    Effect,
)
from sovinto.domain.law.rows import ReferenceRateRow
from sovinto.domain.law.stops import stop_for
from sovinto.domain.money import Money
from sovinto.errors import LawMissing

PACK = load_pack("NL")
DUE = date(2025, 3, 15)
CONSUMER, BUSINESS = DebtorType.CONSUMER, DebtorType.BUSINESS
BOTH = pytest.mark.parametrize("debtor_type", list(DebtorType))


def eur(text: str) -> Money:
    return Money.parse(text, "EUR")


def interest(who: DebtorType, due_on: str, until: str, principal: str = "1000") -> InterestResult:
    due = date.fromisoformat(due_on)
    history = ((due, eur(principal)),)
    return accrue(
        PACK, debtor_type=who, due_on=due, principal_history=history, until=date.fromisoformat(until)
    )


def test_interest_of_full_years_joins_the_base() -> None:
    found = interest(CONSUMER, "2022-12-31", "2025-12-31")
    assert [(s.days, s.rate, s.base, s.amount) for s in found.segments] == [
        (181, "4", eur("1000"), eur("19.84")),
        (184, "6", eur("1000"), eur("30.25")),
        (366, "7", eur("1050.09"), eur("73.71")),
        (365, "6", eur("1123.80"), eur("67.43")),
    ]
    assert found.total == eur("191.23")


def test_a_year_from_a_leap_day_is_full_on_the_last_of_february() -> None:
    found = interest(CONSUMER, "2024-02-28", "2026-03-31")
    assert [(s.from_on.isoformat(), s.days, s.base, s.amount) for s in found.segments] == [
        ("2024-02-29", 307, eur("1000"), eur("58.88")),
        ("2025-01-01", 59, eur("1000"), eur("9.70")),
        ("2025-03-01", 306, eur("1068.58"), eur("53.75")),
        ("2026-01-01", 59, eur("1068.58"), eur("6.91")),
        ("2026-03-01", 31, eur("1129.24"), eur("3.84")),
    ]


def test_interest_that_was_paid_bears_no_interest_from_the_next_day() -> None:
    """5000.00 due on 1 January 2024; on 10 February 2025 all its interest is paid."""
    due_on, paid_on = date(2024, 1, 1), date(2025, 2, 10)
    history = [(due_on, eur("5000"))]
    owed = accrue(PACK, debtor_type=CONSUMER, due_on=due_on, principal_history=history, until=paid_on)
    found = accrue(
        PACK,
        debtor_type=CONSUMER,
        due_on=due_on,
        principal_history=history,
        until=date(2025, 12, 31),
        interest_paid=[(paid_on, owed.total)],
    )
    after = [s for s in found.segments if s.from_on > paid_on]
    assert {s.base for s in after if s.from_on <= date(2026, 1, 1)} == {eur("5000")}
    assert found.total - owed.total == sum((s.amount for s in after), eur("0"))
    assert found.total == eur("652.30")


def test_trade_interest_joins_the_base_as_well() -> None:
    found = interest(BUSINESS, "2024-12-31", "2026-01-31")
    assert [(s.rate, s.base, s.amount) for s in found.segments] == [
        ("11.15", eur("1000"), eur("55.29")),
        ("10.15", eur("1000"), eur("51.17")),
        ("10.15", eur("1106.46"), eur("9.54")),
    ]


@pytest.mark.parametrize(
    ("who", "day", "percent"),
    [
        (CONSUMER, "2022-07-01", "2"),
        (CONSUMER, "2022-12-31", "2"),
        (CONSUMER, "2023-01-01", "4"),
        (CONSUMER, "2023-06-30", "4"),
        (CONSUMER, "2023-07-01", "6"),
        (CONSUMER, "2024-01-01", "7"),
        (CONSUMER, "2024-12-31", "7"),
        (CONSUMER, "2025-01-01", "6"),
        (CONSUMER, "2026-01-01", "4"),
        (BUSINESS, "2022-12-31", "8"),
        (BUSINESS, "2023-01-01", "10.5"),
        (BUSINESS, "2024-06-30", "12.5"),
        (BUSINESS, "2024-07-01", "12.25"),
        (BUSINESS, "2026-06-30", "10.15"),
        (BUSINESS, "2026-07-01", "10.4"),
        (BUSINESS, "2026-12-31", "10.4"),
    ],
)
def test_the_rate_of_a_day(who: DebtorType, day: str, percent: str) -> None:
    due = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    assert [s.rate for s in interest(who, due, day).segments] == [percent]


@BOTH
def test_a_year_without_a_rate_is_refused(debtor_type: DebtorType) -> None:
    with pytest.raises(LawMissing, match="2027-01-01"):
        interest(debtor_type, "2026-12-01", "2027-01-01")
    with pytest.raises(LawMissing, match="2021-12-31"):
        interest(debtor_type, "2021-12-30", "2022-01-02")


@BOTH
def test_rates_follow_each_other_without_a_hole(debtor_type: DebtorType) -> None:
    rates = [row.citation for row in PACK.of(ReferenceRateRow) if row.is_for(debtor_type)]
    for earlier, later in pairwise(rates):
        assert earlier.valid_to is not None
        assert later.valid_from - earlier.valid_to == timedelta(days=1)


@BOTH
def test_a_dispute_stops_letters_and_costs_but_not_interest(debtor_type: DebtorType) -> None:
    stop = stop_for(PACK, Circumstance.DISPUTE, debtor_type=debtor_type, since=DUE)
    assert {Effect.NO_CONTACT, Effect.NO_DEMAND, Effect.NO_FEES} <= stop.effects
    assert Effect.NO_INTEREST not in stop.effects
    assert stop.last_on is None
