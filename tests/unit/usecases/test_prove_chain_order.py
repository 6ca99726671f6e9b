"""Statements of one day have no order by their files; what no file tells is found all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import permutations

import pytest
from sovinto.domain.money import Money
from sovinto.domain.proof import Unchecked
from sovinto.usecases.prove_chain import End, gaps

Told = tuple[int, int, int]
"""Day of the month, opening and closing balance."""


def found(told: Sequence[Told], files: Sequence[str]) -> list[str]:
    """As the files are read by name: of two that begin alike the longer one has new lines only."""
    missing = list(gaps(list(_ends(sorted(zip(files, told, strict=True))))))
    assert all(isinstance(one, Unchecked) for one in missing)
    return [one.reason for one in missing if isinstance(one, Unchecked)]


def _ends(read: Sequence[tuple[str, Told]]) -> Iterator[End]:
    known: dict[tuple[int, int], int] = {}
    for file, (day, opening, closing) in read:
        before = known.get((day, opening), opening)
        known[day, opening] = max(before, closing) if before != opening else closing
        new = 100 * (closing - before) if closing > before or before == opening else 0
        ends = euros(opening), euros(closing)
        yield End(date(2026, 1, day), "A", f"{opening}-{closing}", file, *ends, bool(new), new)


def euros(whole: int) -> Money:
    return Money(whole * 100, "EUR")


@pytest.mark.parametrize(
    "told",
    [
        [(5, 0, 10), (5, 10, 30), (6, 30, 20)],
        [(5, 0, 10), (5, 0, 30), (6, 30, 20)],
        [(4, 7, 0), (5, 0, 10), (5, 10, 30), (5, 30, 0), (6, 0, 1)],
    ],
    ids=["one after the other", "a day that grew", "round to where it began"],
)
def test_files_of_one_day_follow_one_another_whatever_their_names(told: list[Told]) -> None:
    for files in permutations([f"f{number}" for number in range(len(told))]):
        assert found(told, files) == []


@pytest.mark.parametrize(
    ("told", "apart"),
    [
        ([(5, 0, 10), (5, 15, 30), (6, 30, 20)], "5.00"),
        ([(5, 0, 10), (5, 0, 30), (6, 50, 20)], "20.00"),
        ([(4, 7, 0), (5, 40, 60), (5, 60, 40), (6, 40, 1)], "40.00"),
    ],
    ids=["within a day", "after a day that grew", "a day that begins and ends elsewhere"],
)
def test_what_no_file_tells_is_said(told: list[Told], apart: str) -> None:
    for files in permutations([f"f{number}" for number in range(len(told))]):
        reasons = found(told, files)
        assert reasons and all("that no file tells" in reason for reason in reasons)
    assert f"moves by {apart} EUR" in found(told, sorted(files))[0]
