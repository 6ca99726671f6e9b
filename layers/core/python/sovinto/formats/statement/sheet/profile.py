"""Profiles: how banks name the columns of their sheets. Data in `profiles/*.toml`, tried in name order."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sovinto.formats.plain_text import bare

# fmt: off
CURRENCIES = frozenset((
    "EUR", "SEK", "NOK", "DKK", "ISK", "GBP", "CHF", "USD", "PLN", "CZK", "HUF", "RON", "BGN",
    "AUD", "CAD", "JPY", "NZD", "TRY", "UAH", "HKD", "SGD",
))
# fmt: on


@dataclass(frozen=True, slots=True)
class Alias:
    """`rank` is 0 for the surest name of a field."""

    field: str
    rank: int


@dataclass(frozen=True, slots=True)
class Profile:
    """`format` is the name of the format in reports; `needs` the fields without which it is not this bank.

    Names in `columns`, `labels` and `directions` are bare: small letters and digits without accents.
    One name may mean several fields (German and Swedish `valuta`).
    `directions` gives the sign that a word in the column `direction` stands for.
    """

    format: str
    needs: frozenset[str]
    columns: Mapping[str, tuple[Alias, ...]]
    labels: Mapping[str, frozenset[str]]
    directions: Mapping[str, int]


@cache
def profiles() -> tuple[Profile, ...]:
    """All profiles, single banks before the one for any bank."""
    folder = files("sovinto.formats.statement.sheet") / "profiles"
    found = sorted((item for item in folder.iterdir() if item.name.endswith(".toml")), key=lambda i: i.name)
    return tuple(profile_from(item.read_text(encoding="utf-8")) for item in found)


def profile_from(text: str) -> Profile:
    """A profile from its TOML. Raises KeyError or tomllib.TOMLDecodeError for one that is none."""
    tables = tomllib.loads(text)
    columns: dict[str, tuple[Alias, ...]] = {}
    for field, names in tables["columns"].items():
        for rank, name in enumerate(names):
            columns[bare(name)] = (*columns.get(bare(name), ()), Alias(field, rank))
    directions = tables.get("directions", {})
    return Profile(
        format=tables["format"],
        needs=frozenset(tables.get("needs", ())),
        columns=columns,
        labels={
            kind: frozenset(bare(name) for name in names)
            for kind, names in tables.get("labels", {}).items()
        },
        directions={
            # "+" and "-" have no letters, so they stand as they are.
            bare(word) or word: sign
            for name, sign in (("in", 1), ("out", -1))
            for word in directions.get(name, ())
        },
    )
