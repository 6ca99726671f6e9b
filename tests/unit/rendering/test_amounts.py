from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput
from sovinto.rendering.amounts import (
    date_text,
    detail_text,
    figure_text,
    grouped,
    money_text,
    percent_text,
    reference_text,
    statute_text,
)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fi", "1\u00a0234,50\u00a0€"), ("sv", "1\u00a0234,50\u00a0€"), ("en", "€1,234.50")],
)
def test_money_is_written_as_the_language_writes_it(language: str, expected: str) -> None:
    assert money_text(Money(123450, "EUR"), language) == expected


def test_what_was_paid_shows_a_minus() -> None:
    assert money_text(Money(-2000, "EUR"), "fi") == "−20,00\u00a0€"
    assert money_text(Money(-2000, "EUR"), "en") == "−€20.00"


def test_a_currency_without_cents_shows_none() -> None:
    assert money_text(Money(1500, "ISK"), "en") == "ISK\u00a01,500"


def test_a_code_does_not_stick_to_its_figure() -> None:
    assert money_text(Money(137015, "NOK"), "en") == "NOK\u00a01,370.15"
    assert money_text(Money(-137015, "NOK"), "en") == "−NOK\u00a01,370.15"


@given(st.integers(min_value=-(10**13), max_value=10**13))
def test_no_cent_is_lost_in_writing(minor: int) -> None:
    written = money_text(Money(minor, "EUR"), "fi")
    digits = "".join(character for character in written if character.isdigit())
    assert int(digits) == abs(minor)
    assert written.startswith("−") == (minor < 0)


def test_dates() -> None:
    assert date_text(date(2025, 12, 31), "fi") == "31.12.2025"
    assert date_text(date(2025, 12, 31), "sv") == "31.12.2025"
    assert date_text(date(2025, 12, 31), "en") == "31 Dec 2025"


def test_an_interest_segment_counts_both_its_days() -> None:
    text = detail_text("10.5 %, 2025-03-16 to 2025-06-30", "fi")
    assert text == "10,5\u00a0%, 16.3.2025–30.6.2025 (107\u00a0pv)"
    assert (
        detail_text("9.5 %, 2025-07-01 – 2025-09-30", "en")
        == "9.5%, 1 Jul 2025–30 Sept 2025 (92\u00a0days)"
    )


@pytest.mark.parametrize("detail", ["Invoice 1001", "2025-13-45", "2025-13-45 to 2025-14-01", ""])
def test_what_is_no_date_stays(detail: str) -> None:
    assert detail_text(detail, "fi").replace("–", "to") == detail


def test_figures_keep_every_digit() -> None:
    assert figure_text("3.078082", "fi") == "3,078082"
    assert figure_text("3.078082", "en") == "3.078082"
    assert figure_text("2025-03-16", "sv") == "16.3.2025"
    assert percent_text("25.5", "sv") == "25,5\u00a0%"


def test_groups_for_copying() -> None:
    assert grouped("FI7944052020036082") == "FI79 4405 2020 0360 82"
    assert reference_text("1234561") == "12 34561"
    assert reference_text("RF341234561") == "RF34 1234 561"
    assert statute_text("Laki 513/1999, 10 a §") == "Laki 513/1999, 10\u00a0a\u00a0§"


def test_an_unknown_language_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="language 'de' has no texts; use one of fi, sv, en"):
        money_text(Money(1, "EUR"), "de")
