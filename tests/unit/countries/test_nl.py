"""The Dutch pack: the 14-day letter, and the scale of costs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sovinto.countries import load_pack
from sovinto.domain.debt import Debt, debt_on
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.fees import ChargedFee, FeeFacts, cap_for, fee_for
from sovinto.domain.law.kinds import (
    FeeKind,
    LetterKind,
    Sender,
)
from sovinto.domain.law.rows import LumpSumRow
from sovinto.domain.law.waits import SentLetter, earliest_on, response_days
from sovinto.domain.money import Money
from sovinto.errors import LawMissing, RuleRefused

PACK = load_pack("NL")
DUE = date(2025, 3, 15)
CONSUMER, BUSINESS = DebtorType.CONSUMER, DebtorType.BUSINESS
BOTH = pytest.mark.parametrize("debtor_type", list(DebtorType))


def eur(text: str) -> Money:
    return Money.parse(text, "EUR")


def staffel(
    principal: str, who: DebtorType = CONSUMER, deducts: bool = True, by: Sender = Sender.AGENCY
) -> Money:
    facts = FeeFacts(who, eur(principal), is_vat_deductible=deducts)
    return fee_for(PACK, facts, kind=FeeKind.DEMAND_FEE, on=date(2025, 6, 1), charged=(), sender=by).amount


def debt(who: DebtorType, principal: str = "1234.56", on: str = "2025-09-30", deducts: bool = True) -> Debt:
    facts = FeeFacts(who, eur(principal), is_vat_deductible=deducts)
    return debt_on(PACK, facts, due_on=DUE, on=date.fromisoformat(on))


@pytest.mark.parametrize(("who", "owed"), [(CONSUMER, "40.39"), (BUSINESS, "71.93")])
def test_the_worked_example(who: DebtorType, owed: str) -> None:
    found = debt(who)
    assert (found.interest.total, found.fee_total, found.cap) == (eur(owed), eur("185.18"), eur("185.18"))
    assert found.total == eur("1234.56") + eur(owed) + eur("185.18")


@BOTH
def test_vat_joins_where_the_creditor_cannot_deduct_it(debtor_type: DebtorType) -> None:
    found = debt(debtor_type, deducts=False)
    assert (found.fee_total, found.cap) == (eur("224.07"), eur("224.07"))


def test_trade_interest_is_itemised_by_half_year() -> None:
    found = debt(BUSINESS).interest.segments
    assert [(s.days, s.rate, s.amount) for s in found] == [
        (107, "11.15", eur("40.35")),
        (92, "10.15", eur("31.58")),
    ]


@BOTH
@pytest.mark.parametrize("by", list(Sender))
@pytest.mark.parametrize(
    ("principal", "fee"),
    [
        ("0.01", "40"),
        ("266.65", "40"),
        ("266.66", "40.00"),
        ("266.70", "40.01"),
        ("2499.99", "375.00"),
        ("2500", "375"),
        ("2500.01", "375.00"),
        ("2500.10", "375.01"),
        ("5000", "625"),
        ("5000.10", "625.01"),
        ("10000", "875"),
        ("10000.01", "875.00"),
        ("10001", "875.01"),
        ("25000", "1025"),
        ("200000", "2775"),
        ("200002", "2775.01"),
        ("999998", "6774.99"),
        ("1000000", "6775"),
        ("1000000.01", "6775"),
        ("2000000", "6775"),
    ],
)
def test_the_scale_at_its_edges(principal: str, fee: str, by: Sender, debtor_type: DebtorType) -> None:
    assert staffel(principal, debtor_type, by=by) == eur(fee)


@pytest.mark.parametrize(("principal", "fee"), [("100", "48.40"), ("2000000", "8197.75")])
def test_vat_is_added_to_the_minimum_and_the_maximum_too(principal: str, fee: str) -> None:
    assert staffel(principal, deducts=False) == eur(fee)


@BOTH
def test_costs_are_owed_once(debtor_type: DebtorType) -> None:
    facts = FeeFacts(debtor_type, eur("100"))
    charged = [ChargedFee(FeeKind.DEMAND_FEE, date(2025, 5, 1), eur("40"))]
    again = fee_for(PACK, facts, kind=FeeKind.DEMAND_FEE, on=date(2025, 6, 1), charged=charged)
    assert not again.amount
    assert "at most 1" in again.reason
    cap = cap_for(PACK, facts, on=date(2025, 6, 1))
    assert cap is not None
    assert cap.amount == eur("40")


def test_the_forty_euro_of_businesses_are_the_minimum_and_no_sum_beside_it() -> None:
    assert PACK.of(LumpSumRow) == ()
    assert debt(BUSINESS, principal="100").fee_total == eur("40")


@pytest.mark.parametrize("kind", [FeeKind.REMINDER_FEE, FeeKind.NOTICE_FEE, FeeKind.SECOND_DEMAND_FEE])
def test_no_other_letter_has_a_tariff(kind: FeeKind) -> None:
    with pytest.raises(LawMissing):
        fee_for(PACK, FeeFacts(CONSUMER, eur("100")), kind=kind, on=date(2025, 6, 1), charged=())


@pytest.mark.parametrize(
    ("who", "on", "fees"),
    [
        (CONSUMER, "2025-04-01", "0"),
        (CONSUMER, "2025-04-02", "40"),
        (BUSINESS, "2025-03-15", "0"),
        (BUSINESS, "2025-03-16", "40"),
    ],
)
def test_costs_appear_on_their_first_lawful_day(who: DebtorType, on: str, fees: str) -> None:
    assert debt(who, principal="100", on=on).fee_total == eur(fees)


def test_a_consumer_owes_nothing_without_the_14_day_letter() -> None:
    reminded = [SentLetter(LetterKind.REMINDER, date(2025, 3, 16))]
    with pytest.raises(RuleRefused, match="notice"):
        earliest_on(PACK, kind=LetterKind.DEMAND, debtor_type=CONSUMER, due_on=DUE, sent=reminded)
    facts = FeeFacts(CONSUMER, eur("100"))
    day = date(2025, 6, 1)
    fee = fee_for(PACK, facts, kind=FeeKind.DEMAND_FEE, on=day, charged=(), due_on=DUE, sent=reminded)
    assert not fee.amount


@pytest.mark.parametrize(("days", "is_free"), [(16, True), (17, False)])
def test_fourteen_days_begin_on_the_day_after_receipt(days: int, is_free: bool) -> None:
    sent = [SentLetter(LetterKind.NOTICE, date(2025, 4, 1))]
    fee = fee_for(
        PACK,
        FeeFacts(CONSUMER, eur("100")),
        kind=FeeKind.DEMAND_FEE,
        on=date(2025, 4, 1) + timedelta(days=days),
        charged=(),
        due_on=DUE,
        sent=sent,
    )
    assert fee.amount == (eur("0") if is_free else eur("40"))


def test_the_notice_gives_its_whole_term_before_the_demand() -> None:
    days, _ = response_days(PACK, LetterKind.NOTICE, CONSUMER, on=DUE)
    sent = [SentLetter(LetterKind.NOTICE, date(2025, 4, 1))]
    demand = earliest_on(PACK, kind=LetterKind.DEMAND, debtor_type=CONSUMER, due_on=DUE, sent=sent)
    assert demand.on == date(2025, 4, 1) + timedelta(days=days + 1)
