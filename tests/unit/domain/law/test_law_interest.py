"""Late-payment interest against the worked examples, and beside every boundary."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from sovinto.countries import load_pack
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.interest import InterestResult, accrue
from sovinto.domain.law.rows import ReferenceRateRow
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput, LawMissing

from tests.support.packs import with_rows

PACK = load_pack("FI")
DUE = date(2025, 3, 15)
PAID = date(2025, 9, 30)


def eur(text: str) -> Money:
    return Money.parse(text, "EUR")


def interest(
    principal: str, until: date, due_on: date = DUE, debtor_type: DebtorType = DebtorType.CONSUMER
) -> InterestResult:
    history = [(due_on + timedelta(days=1), eur(principal))]
    return accrue(PACK, debtor_type=debtor_type, due_on=due_on, principal_history=history, until=until)


def test_consumer_example_by_segment() -> None:
    result = interest("100.00", PAID)
    found = [
        (s.from_on, s.to_on, s.days, s.rate, s.amount, s.explanation.unrounded) for s in result.segments
    ]
    assert found == [
        (date(2025, 3, 16), date(2025, 6, 30), 107, "10.5", eur("3.08"), "3.078082"),
        (date(2025, 7, 1), PAID, 92, "9.5", eur("2.39"), "2.394521"),
    ]
    assert result.total == eur("5.47")


def test_business_example_is_rounded_by_segment_not_once() -> None:
    result = interest("3000.00", PAID, debtor_type=DebtorType.BUSINESS)
    assert [s.amount for s in result.segments] == [eur("101.14"), eur("79.40")]
    assert result.total == eur("180.54")
    assert Money.rounded(result.exact * 100, "EUR") == eur("180.53")


@pytest.mark.parametrize(
    ("until", "amount"),
    [
        (date(2025, 3, 14), "0.00"),
        (date(2025, 3, 15), "0.00"),
        (date(2025, 3, 16), "0.03"),
        (date(2025, 6, 29), "3.05"),
        (date(2025, 6, 30), "3.08"),
        (date(2025, 7, 1), "3.11"),
        (date(2025, 9, 29), "5.45"),
        (date(2025, 9, 30), "5.47"),
        (date(2025, 10, 1), "5.50"),
    ],
)
def test_consumer_neighbours_of_each_boundary(until: date, amount: str) -> None:
    assert interest("100.00", until).total == eur(amount)


def test_half_years_with_the_same_rate_are_still_told_apart() -> None:
    result = interest("100.00", date(2026, 1, 31), due_on=date(2025, 11, 30))
    assert [(s.days, s.rate, s.explanation.rule_id) for s in result.segments] == [
        (31, "9.5", "fi.reference_rate.2025h2"),
        (31, "9.5", "fi.reference_rate.2026h1"),
    ]


def test_a_payment_lowers_the_base_from_the_next_day() -> None:
    history = [(DUE, eur("100.00")), (date(2025, 4, 16), eur("40.00"))]
    result = accrue(
        PACK,
        debtor_type=DebtorType.CONSUMER,
        due_on=DUE,
        principal_history=history,
        until=date(2025, 4, 20),
    )
    assert [(s.days, s.base) for s in result.segments] == [(31, eur("100.00")), (5, eur("40.00"))]


def test_nothing_accrues_once_the_principal_is_paid_even_where_no_rate_is_known() -> None:
    history = [(DUE, eur("100.00")), (date(2025, 4, 1), eur("0"))]
    result = accrue(
        PACK, debtor_type=DebtorType.CONSUMER, due_on=DUE, principal_history=history, until=date(2030, 1, 1)
    )
    assert [s.to_on for s in result.segments] == [date(2025, 3, 31)]


@pytest.mark.parametrize(("due_on", "until"), [("2026-12-01", "2027-01-01"), ("2021-12-30", "2022-03-01")])
def test_a_day_without_a_rate_is_refused_not_guessed(due_on: str, until: str) -> None:
    with pytest.raises(LawMissing, match="No rule for"):
        interest("100.00", date.fromisoformat(until), due_on=date.fromisoformat(due_on))


def test_the_last_known_day_is_answered() -> None:
    assert interest("100.00", date(2026, 12, 31), due_on=date(2026, 12, 1)).total == eur("0.78")


def test_a_hole_between_half_years_is_refused() -> None:
    rates = [r for r in PACK.of(ReferenceRateRow) if not r.citation.rule_id.endswith("2025h2")]
    holed = with_rows(PACK, ReferenceRateRow, *rates)
    with pytest.raises(LawMissing, match="2025-07-01"):
        accrue(
            holed,
            debtor_type=DebtorType.CONSUMER,
            due_on=DUE,
            principal_history=[(DUE, eur("1"))],
            until=date(2026, 2, 1),
        )


@pytest.mark.parametrize(
    "history",
    [
        [],
        [(date(2025, 3, 17), eur("1"))],
        [(DUE, eur("1")), (DUE, eur("2"))],
        [(DUE, eur("1")), (date(2025, 3, 1), eur("2"))],
        [(DUE, eur("-1"))],
    ],
)
def test_a_history_that_does_not_tell_the_principal_is_refused(history: list[tuple[date, Money]]) -> None:
    with pytest.raises(InvalidInput, match="principal_history") as caught:
        accrue(PACK, debtor_type=DebtorType.CONSUMER, due_on=DUE, principal_history=history, until=PAID)
    assert caught.value.field == "principal_history"


def test_an_explanation_names_both_statutes_and_every_input() -> None:
    why = interest("100.00", PAID).segments[0].explanation
    assert why.statute == "Korkolaki 633/1982 4 §; Korkolaki 633/1982 12 §"
    assert dict(why.inputs) == {
        "base": "100.00",
        "reference": "3.5",
        "margin": "7",
        "days": "107",
        "from_on": "2025-03-16",
        "to_on": "2025-06-30",
    }
    assert why.certainty == "assumed"


def test_the_exact_figure_is_kept_as_a_fraction() -> None:
    assert interest("100.00", PAID).segments[0].exact == Fraction(100 * 107 * 105, 1000 * 365)
