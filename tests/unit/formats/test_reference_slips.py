"""What the check digits of our references prove of a slip of the pen: the figures of ADR 0024."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from sovinto.domain.law.kinds import ReferenceScheme
from sovinto.formats import payment_reference
from sovinto.formats.payment_words import is_right, near
from sovinto.ids import CaseId
from sovinto.usecases.place_case import REFERENCE_DIGITS, reference_of

BANK_CHECKED = (
    ReferenceScheme.FI_731,
    ReferenceScheme.SE_OCR,
    ReferenceScheme.NO_KID_MOD10,
    ReferenceScheme.NO_KID_MOD11,
)
OURS = {
    scheme: [reference_of(CaseId(f"case_{number}"), scheme) for number in range(60)]
    for scheme in BANK_CHECKED
}
BOOK = 1_000_000
"""Cases of a large agency."""


def wrong_digits(text: str) -> Iterator[str]:
    for at, digit in enumerate(text):
        if digit.isdigit():
            yield from (text[:at] + other + text[at + 1 :] for other in "0123456789" if other != digit)


def swapped(text: str) -> Iterator[str]:
    for at in range(len(text) - 1):
        if text[at] != text[at + 1]:
            yield text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def share_that_passes(scheme: ReferenceScheme, slips: list[str]) -> float:
    return sum(is_right(slip, (scheme.value,)) for slip in slips) / len(slips)


@pytest.mark.parametrize("scheme", BANK_CHECKED)
def test_no_single_wrong_digit_passes(scheme: ReferenceScheme) -> None:
    slips = [slip for text in OURS[scheme] for slip in wrong_digits(text)]
    assert share_that_passes(scheme, slips) == 0


@pytest.mark.parametrize(
    ("scheme", "most"),
    [
        (ReferenceScheme.FI_731, 0.16),
        (ReferenceScheme.SE_OCR, 0.05),
        (ReferenceScheme.NO_KID_MOD10, 0.05),
        (ReferenceScheme.NO_KID_MOD11, 0),
    ],
)
def test_how_many_swapped_neighbours_pass(scheme: ReferenceScheme, most: float) -> None:
    """By 7-3-1 those whose digits differ by five (one in nine), by Luhn 0 beside 9 (one in 45), by mod 11
    none."""
    slips = [slip for text in OURS[scheme] for slip in swapped(text)]
    assert share_that_passes(scheme, slips) <= most


@pytest.mark.parametrize("scheme", BANK_CHECKED)
def test_a_slip_that_passes_is_not_the_reference_of_another_case(scheme: ReferenceScheme) -> None:
    """Ours are twelve digits of a digest: of those one slip away that pass, another case has one in 25,000
    times at most, where each of a million cases has a reference."""
    around = max(len(near(text, (scheme.value,))) for text in OURS[scheme])
    assert around * BOOK / 10**REFERENCE_DIGITS < 1 / 25_000


def test_references_of_cases_are_no_series() -> None:
    """Two cases after one another have nothing in common: a slip in a series would find its neighbour."""
    for texts in OURS.values():
        bases = sorted(int(text[:-1]) for text in texts)
        gaps = [after - before for before, after in pairwise(bases)]
        assert min(gaps) > 10**6
        assert all(payment_reference.normalise(text)[0] != "0" for text in texts)
