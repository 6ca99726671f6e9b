"""How hard the tests look, read from SOVINTO_TESTS here and nowhere else.

`check` is for every change (`make check`): few examples and orders, every test. `full` is what CI and a
bare pytest run. `deep` is for a night: many more, not the same ones again, and the journeys `of_a_night`.
"""

from __future__ import annotations

import os
from typing import Literal, TypeVar, cast

import pytest

T = TypeVar("T")
Power = Literal["check", "full", "deep"]


def _power() -> Power:
    given = os.environ.get("SOVINTO_TESTS", "full")
    if given not in ("check", "full", "deep"):
        raise ValueError(f"SOVINTO_TESTS must be check, full or deep, not {given}")
    return cast("Power", given)


POWER: Power = _power()


of_a_night = pytest.mark.skipif(POWER != "deep", reason="long: SOVINTO_TESTS=deep")
"""In every run the German stage stands for other countries', payment with each run for the other rhythms;
a refund to an account that a person recorded is seen in tests of the use cases alone."""


def by_power(check: T, full: T, deep: T | None = None) -> T:
    """What is said of this power; `deep` is as full where nothing is said."""
    if POWER == "check":
        return check
    return deep if POWER == "deep" and deep is not None else full


def examples(full: int) -> int:
    """How many examples a property wants that has its own number: a quarter in check, five times deep."""
    return by_power(max(6, full // 4), full, 5 * full)
