"""The debt at a date, and the VAT on our own invoices."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from sovinto.countries import load_pack
from sovinto.domain.debt import debt_on
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.fees import FeeFacts
from sovinto.domain.law.figures import figure_text, percent_text
from sovinto.domain.law.vat import standard_rate
from sovinto.domain.money import Money
from sovinto.errors import LawMissing

PACK = load_pack("FI")
DUE = date(2025, 3, 15)


def eur(text: str) -> Money:
    return Money.parse(text, "EUR")


def test_consumer_example_in_full() -> None:
    debt = debt_on(PACK, FeeFacts(DebtorType.CONSUMER, eur("100")), due_on=DUE, on=date(2025, 9, 30))
    assert [(fee.kind.value, fee.on.isoformat(), fee.amount) for fee in debt.fees] == [
        ("reminder_fee", "2025-03-30", eur("5")),
        ("demand_fee", "2025-04-14", eur("14")),
        ("second_demand_fee", "2025-04-29", eur("7")),
    ]
    assert (debt.fee_total, debt.interest.total, debt.total) == (eur("26"), eur("5.47"), eur("131.47"))
    assert debt.balance.total == debt.total


def test_business_example_absorbs_the_lump_sum() -> None:
    debt = debt_on(PACK, FeeFacts(DebtorType.BUSINESS, eur("3000")), due_on=DUE, on=date(2025, 9, 30))
    assert (debt.fee_total, debt.total) == (eur("147"), eur("3327.54"))


@pytest.mark.parametrize(
    ("on", "fees"),
    [
        ("2025-03-15", "0"),
        ("2025-03-29", "0"),
        ("2025-03-30", "5"),
        ("2025-04-13", "5"),
        ("2025-04-14", "19"),
        ("2025-04-28", "19"),
        ("2025-04-29", "26"),
    ],
)
def test_fees_appear_on_their_day_and_not_before(on: str, fees: str) -> None:
    debt = debt_on(PACK, FeeFacts(DebtorType.CONSUMER, eur("100")), due_on=DUE, on=date.fromisoformat(on))
    assert debt.fee_total == eur(fees)


def test_a_half_year_without_a_rate_is_refused() -> None:
    with pytest.raises(LawMissing):
        debt_on(PACK, FeeFacts(DebtorType.CONSUMER, eur("1")), due_on=DUE, on=date(2027, 1, 1))


def test_vat_rate() -> None:
    rate = standard_rate(PACK, date(2025, 1, 1))
    assert (rate.percent, rate.of(eur("10.00")), rate.explanation.statute) == (
        "25.5",
        eur("2.55"),
        "AVL 1501/1993 84 §",
    )
    with pytest.raises(LawMissing):
        standard_rate(PACK, date(2024, 8, 31))


@pytest.mark.parametrize(
    ("value", "text", "percent"),
    [
        (Fraction(0), "0.000000", "0"),
        (Fraction(10), "10.000000", "10"),
        (Fraction(21, 2), "10.500000", "10.5"),
        (Fraction(-1, 8), "-0.125000", "-0.125"),
        (Fraction(2, 3), "0.666667", "0.666667"),
    ],
)
def test_figures_as_text(value: Fraction, text: str, percent: str) -> None:
    assert (figure_text(value), percent_text(value)) == (text, percent)
