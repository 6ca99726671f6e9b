"""Money is whole cents of one currency."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sovinto.domain.money import Money, exponent, total
from sovinto.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("120.50", "EUR", 12_050),
        ("-0.05", "EUR", -5),
        ("7", "EUR", 700),
        ("7.5", "SEK", 750),
        ("7", "JPY", 7),
    ],
)
def test_parse_and_back(text: str, currency: str, minor: int) -> None:
    assert Money.parse(text, currency).minor == minor
    assert Money.parse(Money(minor, currency).decimal(), currency).minor == minor


@pytest.mark.parametrize("text", ["", "1,50", "1.505", "+1", "1e3", " 1", "1.", ".5", "٣", "9" * 14])
def test_no_other_shape_is_an_amount(text: str) -> None:
    with pytest.raises(InvalidInput):
        Money.parse(text, "EUR")


def test_no_float_ever_and_no_truth_value_either() -> None:
    for minor in (1.0, True, "1"):
        with pytest.raises(TypeError):
            Money(minor, "EUR")  # type: ignore[arg-type]


@pytest.mark.parametrize("currency", ["eur", "EURO", "", "E1R"])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(InvalidInput):
        Money(1, currency)


def test_currencies_do_not_mix() -> None:
    one, other = Money(1, "EUR"), Money(1, "SEK")
    for mix in (lambda: one + other, lambda: one - other, lambda: one < other, lambda: one <= other):
        with pytest.raises(InvalidInput, match="do not mix"):
            mix()
    assert one != other


@pytest.mark.parametrize(
    ("value", "minor"),
    [
        (Fraction(5, 2), 3),
        (Fraction(-5, 2), -3),
        (Fraction(49, 20), 2),
        (Fraction(0), 0),
        (Fraction(1, 3), 0),
    ],
)
def test_half_a_cent_goes_away_from_zero(value: Fraction, minor: int) -> None:
    assert Money.rounded(value, "EUR").minor == minor


def test_shares() -> None:
    assert [part.minor for part in Money(100, "EUR").split(3)] == [34, 33, 33]
    assert [part.minor for part in Money(-5, "EUR").share([0, 1, 1])] == [0, -3, -2]
    for weights in ([], [0, 0], [1, -1]):
        with pytest.raises((InvalidInput, ValueError)):
            Money(1, "EUR").share(weights)


def test_small_things() -> None:
    assert (bool(Money(0, "EUR")), bool(Money(-1, "EUR"))) == (False, True)
    assert -Money(3, "EUR") == Money(-3, "EUR")
    assert total([], "EUR") == Money.zero("EUR")
    assert (exponent("ISK"), exponent("EUR")) == (0, 2)
    assert Money(-5, "EUR").decimal() == "-0.05"
