"""The proof of our own part of the collection account."""

from __future__ import annotations

import pytest
from sovinto.domain import accounts
from sovinto.domain.proof import Sums
from sovinto.usecases.prove_own import ours_breaks, ours_by_currency


@pytest.mark.parametrize(
    ("due", "claim", "moved", "found"),
    [
        (-500, 500, 0, []),
        (0, 0, 500, []),
        (-500, 400, 0, ["our part of the account and our claim are -1.00 EUR apart"]),
        (300, -300, 800, ["3.00 EUR more were moved than were ours"]),
    ],
)
def test_more_than_is_ours_is_never_moved(due: int, claim: int, moved: int, found: list[str]) -> None:
    sums = Sums(
        {
            (accounts.OURS_DUE, "EUR"): due,
            (accounts.OWN_FROM_COLLECTION, "EUR"): claim,
            (accounts.OWN_ACCOUNT, "EUR"): moved,
        }
    )
    assert [one.message for one in ours_breaks(sums)] == found
    assert ours_by_currency(sums) == {"EUR": {"due": -due, "moved": moved}}
