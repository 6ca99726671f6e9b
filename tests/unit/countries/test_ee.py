"""The Estonian pack: ceilings for consumers, 40 euro between businesses, simple interest."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from sovinto.countries import load_calendar, load_pack, load_policy
from sovinto.domain.debt import Debt, debt_on
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.fees import ChargedFee, FeeFacts, cap_for, fee_for
from sovinto.domain.law.interest import InterestResult, accrue
from sovinto.domain.law.kinds import FeeKind, LetterKind, Sender
from sovinto.domain.law.rows import ReferenceRateRow
from sovinto.domain.law.waits import SentLetter, earliest_on, response_days
from sovinto.domain.money import Money
from sovinto.errors import LawMissing, RuleRefused

PACK = load_pack("EE")
DUE = date(2025, 3, 15)
CONSUMER, BUSINESS = DebtorType.CONSUMER, DebtorType.BUSINESS
BOTH = pytest.mark.parametrize("debtor_type", list(DebtorType))


def eur(text: str) -> Money:
    return Money.parse(text, "EUR")


def debt(who: DebtorType, principal: str, on: str = "2025-09-30", deducts: bool = True) -> Debt:
    facts = FeeFacts(who, eur(principal), is_vat_deductible=deducts)
    return debt_on(PACK, facts, due_on=DUE, on=date.fromisoformat(on))


def interest(who: DebtorType, due_on: str, until: str) -> InterestResult:
    due = date.fromisoformat(due_on)
    history = ((due, eur("1000")),)
    return accrue(
        PACK, debtor_type=who, due_on=due, principal_history=history, until=date.fromisoformat(until)
    )


@pytest.mark.parametrize(
    ("principal", "demand", "total"),
    [
        ("2.76", "25", "30"),
        ("499.99", "25", "30"),
        ("500", "25", "30"),
        ("500.01", "35", "40"),
        ("1000", "35", "40"),
        ("1000.01", "45", "50"),
        ("100000", "45", "50"),
    ],
)
def test_all_consumer_fees_stay_within_the_ceiling(principal: str, demand: str, total: str) -> None:
    found = debt(CONSUMER, principal)
    assert [(fee.kind, fee.amount) for fee in found.fees] == [
        (FeeKind.REMINDER_FEE, eur("5")),
        (FeeKind.DEMAND_FEE, eur(demand)),
    ]
    assert (found.fee_total, found.cap) == (eur(total), eur(total))


@pytest.mark.parametrize("by", list(Sender))
def test_a_demand_without_a_paid_reminder_takes_the_whole_ceiling(by: Sender) -> None:
    facts = FeeFacts(CONSUMER, eur("500"))
    fee = fee_for(PACK, facts, kind=FeeKind.DEMAND_FEE, on=DUE, charged=(), sender=by)
    assert fee.amount == eur("30")


@pytest.mark.parametrize("kind", [FeeKind.REMINDER_FEE, FeeKind.DEMAND_FEE])
def test_each_fee_is_charged_once(kind: FeeKind) -> None:
    facts = FeeFacts(CONSUMER, eur("2000"))
    charged = [ChargedFee(kind, DUE, eur("5"))]
    fee = fee_for(PACK, facts, kind=kind, on=date(2025, 6, 1), charged=charged)
    assert not fee.amount
    assert "at most 1" in fee.reason


@pytest.mark.parametrize(
    ("on", "fees"),
    [
        ("2025-03-16", "0"),
        ("2025-03-29", "0"),
        ("2025-03-30", "5"),
        ("2025-04-12", "5"),
        ("2025-04-13", "30"),
    ],
)
def test_fees_appear_on_their_day_and_not_before(on: str, fees: str) -> None:
    assert debt(CONSUMER, "100", on).fee_total == eur(fees)


def test_a_paid_reminder_must_follow_a_free_one() -> None:
    with pytest.raises(RuleRefused, match="second_reminder must follow a reminder"):
        earliest_on(PACK, kind=LetterKind.SECOND_REMINDER, debtor_type=CONSUMER, due_on=DUE, sent=())
    facts = FeeFacts(CONSUMER, eur("100"))
    day = date(2025, 6, 1)
    fee = fee_for(PACK, facts, kind=FeeKind.REMINDER_FEE, on=day, charged=(), due_on=DUE)
    assert not fee.amount


def test_vat_adds_nothing_to_a_ceiling() -> None:
    assert debt(CONSUMER, "100", deducts=False).fee_total == eur("30")
    assert debt(BUSINESS, "100", deducts=False).fee_total == eur("40")


@pytest.mark.parametrize(("on", "fees"), [("2025-03-15", "0"), ("2025-03-16", "40")])
@pytest.mark.parametrize("principal", ["1", "1000000"])
def test_a_business_owes_forty_from_the_first_day_of_delay(principal: str, on: str, fees: str) -> None:
    assert debt(BUSINESS, principal, on).fee_total == eur(fees)


def test_business_damages_have_neither_tariff_nor_total() -> None:
    facts = FeeFacts(BUSINESS, eur("1000"))
    assert cap_for(PACK, facts, on=DUE) is None
    with pytest.raises(LawMissing, match="demand_fee"):
        fee_for(PACK, facts, kind=FeeKind.DEMAND_FEE, on=DUE, charged=())


def test_the_lump_sum_is_owed_once() -> None:
    charged = [ChargedFee(FeeKind.LUMP_SUM, DUE, eur("40"))]
    facts = FeeFacts(BUSINESS, eur("1000"))
    fee = fee_for(PACK, facts, kind=FeeKind.LUMP_SUM, on=date(2025, 6, 1), charged=charged, due_on=DUE)
    assert not fee.amount


@BOTH
def test_interest_is_simple_and_split_at_half_years(debtor_type: DebtorType) -> None:
    found = interest(debtor_type, "2023-12-31", "2025-06-30")
    assert [(s.days, s.rate, s.base, s.amount) for s in found.segments] == [
        (182, "12.5", eur("1000"), eur("62.33")),
        (184, "12.25", eur("1000"), eur("61.75")),
        (181, "11.15", eur("1000"), eur("55.29")),
    ]


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        ("2022-01-01", "8"),
        ("2022-12-31", "8"),
        ("2023-01-01", "10.5"),
        ("2023-07-01", "12"),
        ("2024-02-29", "12.5"),
        ("2024-07-01", "12.25"),
        ("2025-06-30", "11.15"),
        ("2025-07-01", "10.15"),
        ("2026-06-30", "10.15"),
        ("2026-07-01", "10.4"),
        ("2026-12-31", "10.4"),
    ],
)
def test_the_rate_of_a_day(day: str, rate: str) -> None:
    due = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    assert [s.rate for s in interest(CONSUMER, due, day).segments] == [rate]


@BOTH
def test_a_half_year_without_a_rate_is_refused(debtor_type: DebtorType) -> None:
    with pytest.raises(LawMissing, match="2027-01-01"):
        interest(debtor_type, "2026-12-01", "2027-01-01")


def test_half_years_follow_each_other_without_a_hole() -> None:
    for earlier, later in pairwise(row.citation for row in PACK.of(ReferenceRateRow)):
        assert earlier.valid_to is not None
        assert later.valid_from - earlier.valid_to == timedelta(days=1)


@BOTH
def test_policy_sends_every_letter_of_the_ladder_in_order(debtor_type: DebtorType) -> None:
    steps = load_policy("EE", debtor_type).steps
    assert tuple(s.letter for s in steps if s.letter is not None) == PACK.ladder(debtor_type)
    earned = [s.fee for s in steps if s.fee is not None]
    assert earned == (
        # The demand's 30/40/50 is owed only once the contract has ended, and no case tells us that.
        [FeeKind.REMINDER_FEE] if debtor_type is CONSUMER else [FeeKind.LUMP_SUM]
    )


@pytest.mark.parametrize(
    ("letter", "next_letter"),
    [
        (LetterKind.REMINDER, LetterKind.SECOND_REMINDER),
        (LetterKind.SECOND_REMINDER, LetterKind.DEMAND),
    ],
)
def test_the_time_to_answer_is_over_before_the_next_letter(
    letter: LetterKind, next_letter: LetterKind
) -> None:
    sent = [SentLetter(LetterKind.REMINDER, DUE), SentLetter(letter, date(2025, 5, 1))]
    days, _ = response_days(PACK, letter, CONSUMER, on=DUE)
    found = earliest_on(PACK, kind=next_letter, debtor_type=CONSUMER, due_on=DUE, sent=sent)
    assert found.on > date(2025, 5, 1) + timedelta(days=days)


def test_identity_and_calendar() -> None:
    assert (PACK.currency, PACK.zone, PACK.languages) == ("EUR", "Europe/Tallinn", ("et", "en"))
    calendar = load_calendar("EE")
    assert not calendar.is_banking_day(date(2026, 2, 24))
    assert calendar.is_banking_day(date(2026, 2, 25))
