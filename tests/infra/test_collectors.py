"""The collectors of an agency's file are checked before anything is deployed."""

from __future__ import annotations

from typing import Any

import pytest
from sovinto.errors import InvalidInput

from infra.collectors import read_collectors

GOOD: dict[str, Any] = {
    "collector_id": "col_1",
    "name": "Aino",
    "countries": ["FI"],
    "languages": ["fi"],
    "share": 2,
}


def test_good_ones_are_passed_on_in_their_order() -> None:
    second = {**GOOD, "collector_id": "col_2", "conflicts": ["cli_1"]}
    assert read_collectors([GOOD, second], "fi.toml") == [GOOD, second]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "col_1 lacks name"),
        ({"countries": []}, "col_1 lacks countries"),
        ({"languages": "fi"}, "col_1 lacks languages"),
        ({"share": 0}, "share of col_1 must be a whole number from 1 to 100"),
        ({"share": 1.5}, "share of col_1"),
        ({"share": True}, "share of col_1"),
        ({"conflicts": [1]}, "conflicts of col_1"),
        ({"phone": "1"}, "unknown fields phone"),
        ({"collector_id": None}, "number 1 lacks collector_id"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidInput, match=told) as refused:
        read_collectors([{**GOOD, **changes}], "infra/agencies/fi.toml")
    assert "infra/agencies/fi.toml" in refused.value.message


def test_an_id_stands_once() -> None:
    with pytest.raises(InvalidInput, match="col_1 stands twice"):
        read_collectors([GOOD, GOOD], "fi.toml")


@pytest.mark.parametrize("given", [None, [], "col_1"])
def test_there_is_at_least_one(given: object) -> None:
    with pytest.raises(InvalidInput, match="lacks collectors"):
        read_collectors(given, "fi.toml")


def test_who_may_publish_is_true_or_false() -> None:
    assert read_collectors([{**GOOD, "may_publish": True}], "fi.toml")[0]["may_publish"] is True
    with pytest.raises(InvalidInput, match="may_publish of col_1 must be true or false"):
        read_collectors([{**GOOD, "may_publish": "yes"}], "fi.toml")
