"""Splitting and sharing lose nothing; text and back is the same sum."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from sovinto.domain.money import Money, total

currencies = st.sampled_from(["EUR", "SEK", "JPY", "ISK"])
sums = st.builds(Money, st.integers(-(10**12), 10**12), currencies)
weights = st.lists(st.integers(0, 10_000), min_size=1, max_size=20).filter(any)


@given(sums, weights)
def test_shares_add_up_and_are_fair(amount: Money, given_weights: list[int]) -> None:
    parts = amount.share(given_weights)
    assert total(parts, amount.currency) == amount
    whole = sum(given_weights)
    for part, weight in zip(parts, given_weights, strict=True):
        exact = Fraction(amount.minor * weight, whole)
        assert abs(part.minor - exact) < 1 + len(given_weights)
        assert weight or not part, "who weighs nothing gets nothing"
        assert part.minor * amount.minor >= 0


@given(sums, st.integers(1, 60))
def test_a_split_is_even_to_one_unit(amount: Money, count: int) -> None:
    parts = [part.minor for part in amount.split(count)]
    assert sum(parts) == amount.minor
    assert max(parts) - min(parts) <= 1
    assert sorted(parts, key=abs, reverse=True) == parts, "larger ones first"


@given(sums)
def test_text_and_back(amount: Money) -> None:
    assert Money.parse(amount.decimal(), amount.currency) == amount


@given(st.fractions(-(10**9), 10**9), currencies)
def test_rounding_is_half_away_from_zero_and_once(value: Fraction, currency: str) -> None:
    rounded = Money.rounded(value, currency)
    assert abs(rounded.minor - value) <= Fraction(1, 2)
    if abs(rounded.minor - value) == Fraction(1, 2):
        assert abs(rounded.minor) > abs(value)
    assert Money.rounded(-value, currency) == -rounded


@given(st.lists(st.integers(-(10**9), 10**9), max_size=20))
def test_adding_is_adding(minors: list[int]) -> None:
    assert total((Money(minor, "EUR") for minor in minors), "EUR").minor == sum(minors)
