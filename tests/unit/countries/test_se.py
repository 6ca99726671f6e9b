"""The Swedish pack: fixed fees, a floating rate in half-years, and the worked example E2."""

from __future__ import annotations

from datetime import date

import pytest
from sovinto.countries import load_pack
from sovinto.domain.debt import debt_on
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.fees import ChargedFee, FeeFacts, cap_for, fee_for
from sovinto.domain.law.interest import accrue
from sovinto.domain.law.kinds import (
    Certainty,
    FeeKind,
    Sender,
)
from sovinto.domain.law.rows import ReferenceRateRow
from sovinto.domain.money import Money
from sovinto.errors import LawMissing

PACK = load_pack("SE")
CONSUMER, BUSINESS = DebtorType.CONSUMER, DebtorType.BUSINESS
BOTH = pytest.mark.parametrize("debtor_type", list(DebtorType))
DUE = date(2023, 11, 15)
PAID = date(2024, 3, 31)
TODAY = date(2026, 3, 2)


def sek(text: str) -> Money:
    return Money.parse(text, "SEK")


def facts(debtor_type: DebtorType, principal: str = "1000") -> FeeFacts:
    return FeeFacts(debtor_type, sek(principal))


def interest(due_on: date, until: date, principal: str = "1000") -> list[tuple[str, int, str]]:
    result = accrue(
        PACK,
        debtor_type=CONSUMER,
        due_on=due_on,
        principal_history=((due_on, sek(principal)),),
        until=until,
    )
    return [(segment.rate, segment.days, segment.amount.decimal()) for segment in result.segments]


def test_e2_consumer_to_the_cent() -> None:
    debt = debt_on(PACK, facts(CONSUMER), due_on=DUE, on=PAID)
    assert interest(DUE, PAID) == [("11.5", 46, "14.49"), ("12", 91, "29.92")]
    assert debt.interest.total == sek("44.41")
    assert [(fee.kind, fee.on, fee.amount) for fee in debt.fees] == [
        (FeeKind.REMINDER_FEE, date(2023, 11, 16), sek("60")),
        (FeeKind.DEMAND_FEE, date(2023, 11, 24), sek("180")),
    ]
    assert (debt.fee_total, debt.total, debt.cap) == (sek("240"), sek("1284.41"), sek("410"))


def test_e2_business_owes_the_lump_sum_in_place_of_the_fees() -> None:
    debt = debt_on(PACK, facts(BUSINESS), due_on=DUE, on=PAID)
    assert [(fee.kind, fee.amount) for fee in debt.fees] == [
        (FeeKind.LUMP_SUM, sek("450")),
        (FeeKind.REMINDER_FEE, sek("0")),
        (FeeKind.DEMAND_FEE, sek("0")),
    ]
    assert (debt.fee_total, debt.total, debt.cap) == (sek("450"), sek("1494.41"), sek("450"))


@pytest.mark.parametrize(
    ("on", "consumer", "business"),
    [
        ("2023-11-15", "0", "0"),
        ("2023-11-16", "60", "450"),
        ("2023-11-23", "60", "450"),
        ("2023-11-24", "240", "450"),
    ],
)
def test_fees_appear_on_their_first_lawful_day(on: str, consumer: str, business: str) -> None:
    for debtor_type, fees in ((CONSUMER, consumer), (BUSINESS, business)):
        debt = debt_on(PACK, facts(debtor_type), due_on=DUE, on=date.fromisoformat(on))
        assert debt.fee_total == sek(fees)


@pytest.mark.parametrize(
    ("due", "until", "segments"),
    [
        ("2022-06-29", "2022-07-01", [("8", 1, "2.19"), ("8.5", 1, "2.33")]),
        ("2024-12-30", "2025-01-01", [("12", 1, "3.29"), ("11", 1, "3.01")]),
        ("2025-06-29", "2025-07-01", [("11", 1, "3.01"), ("10", 1, "2.74")]),
        ("2026-06-29", "2026-07-01", [("10", 1, "2.74"), ("10", 1, "2.74")]),
        ("2024-02-28", "2024-02-29", [("12", 1, "3.29")]),
        ("2024-02-29", "2024-03-01", [("12", 1, "3.29")]),
    ],
)
def test_the_rate_changes_on_the_first_of_january_and_july(
    due: str, until: str, segments: list[tuple[str, int, str]]
) -> None:
    assert interest(date.fromisoformat(due), date.fromisoformat(until), "10000") == segments


@pytest.mark.parametrize(("due", "until"), [("2021-12-30", "2022-01-05"), ("2026-12-30", "2027-01-01")])
def test_a_half_year_without_a_rate_is_refused(due: str, until: str) -> None:
    with pytest.raises(LawMissing, match=r"interest terms|reference rate"):
        interest(date.fromisoformat(due), date.fromisoformat(until))


def test_doubtful_rates_are_marked() -> None:
    assumed = {
        row.citation.rule_id
        for row in PACK.of(ReferenceRateRow)
        if row.citation.certainty is Certainty.ASSUMED
    }
    assert assumed == {f"se.reference_rate.{half}" for half in ("2025h1", "2025h2", "2026h2")}


@BOTH
@pytest.mark.parametrize(
    ("kind", "amount"),
    [(FeeKind.REMINDER_FEE, "60"), (FeeKind.DEMAND_FEE, "180"), (FeeKind.PLAN_FEE, "170")],
)
def test_each_fee_is_fixed_and_charged_once(debtor_type: DebtorType, kind: FeeKind, amount: str) -> None:
    for principal, deductible in (("0.01", True), ("999999", True), ("1000", False)):
        asked = FeeFacts(debtor_type, sek(principal), is_vat_deductible=deductible)
        for sender in Sender:
            assert fee_for(PACK, asked, kind=kind, on=TODAY, charged=(), sender=sender).amount == sek(
                amount
            )
    again = fee_for(
        PACK, facts(debtor_type), kind=kind, on=TODAY, charged=[ChargedFee(kind, TODAY, sek(amount))]
    )
    assert (again.amount, again.reason) == (sek("0"), "1 of at most 1 such fees are charged already")


def test_the_three_fees_together_fill_the_cap() -> None:
    cap = cap_for(PACK, facts(CONSUMER), on=TODAY)
    assert cap is not None
    assert cap.amount == sek("410")


@pytest.mark.parametrize("kind", [FeeKind.SECOND_DEMAND_FEE, FeeKind.EXTENSION_FEE])
def test_there_is_no_other_fee(kind: FeeKind) -> None:
    with pytest.raises(LawMissing, match=kind.value):
        fee_for(PACK, facts(CONSUMER), kind=kind, on=TODAY, charged=())


@pytest.mark.parametrize(("day", "is_known"), [(date(2013, 3, 15), False), (date(2013, 3, 16), True)])
def test_the_amounts_are_known_since_2013(day: date, is_known: bool) -> None:
    if is_known:
        decision = fee_for(PACK, facts(CONSUMER), kind=FeeKind.DEMAND_FEE, on=day, charged=())
        assert decision.amount == sek("180")
    else:
        with pytest.raises(LawMissing):
            fee_for(PACK, facts(CONSUMER), kind=FeeKind.DEMAND_FEE, on=day, charged=())


@pytest.mark.parametrize("kind", [FeeKind.REMINDER_FEE, FeeKind.DEMAND_FEE, FeeKind.PLAN_FEE])
def test_a_lump_sum_swallows_the_fees(kind: FeeKind) -> None:
    lump = ChargedFee(FeeKind.LUMP_SUM, TODAY, sek("450"))
    decision = fee_for(PACK, facts(BUSINESS), kind=kind, on=TODAY, charged=[lump])
    assert decision.amount == sek("0")
