"""Commission by bands, and the sums of months that add up to the whole."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.fees_agreed import Band, FeesAgreed
from sovinto.domain.money import Money
from sovinto.errors import InvalidInput

BANDS = FeesAgreed((Band("25", 10_000), Band("12.5", 100_000), Band("7.25")))


@pytest.mark.parametrize(
    ("collected", "commission"),
    [(0, 0), (10_000, 2_500), (10_001, 2_500), (10_004, 2_501), (100_000, 13_750), (200_000, 21_000)],
)
def test_each_part_has_the_rate_of_its_band(collected: int, commission: int) -> None:
    assert BANDS.commission_on(Money(collected, "EUR")).minor == commission


@given(st.lists(st.integers(-40_000, 60_000), max_size=12))
def test_months_add_up_to_the_whole_whatever_comes_and_goes(moves: list[int]) -> None:
    held = [0]
    for move in moves:
        held.append(max(0, held[-1] + move))
    charged = [BANDS.commission_on(Money(minor, "EUR")).minor for minor in held]
    months = [after - before for before, after in pairwise(charged)]
    assert sum(months) == charged[-1]


@given(st.integers(0, 10**9))
def test_the_bands_hold_all_of_it(minor: int) -> None:
    assert sum(part for _, part in BANDS.split(minor)) == minor


@pytest.mark.parametrize(
    "wrong",
    [
        {"base": (ClaimClass.FEE,)},
        {"base": ()},
        {"legal_fee_minor": -1},
        {"payment_days": 61},
        {"commission": (Band("x"),)},
        {"commission": (Band("-1"),)},
        {"commission": (Band("1/0"),)},
    ],
)
def test_what_cannot_be_agreed_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        FeesAgreed(**wrong)  # type: ignore[arg-type]
