"""Finding and reading the TOML files of one country inside the package."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from sovinto.errors import LawMissing

_CODE = re.compile(r"[A-Z]{2}")


def country_folder(country: str) -> Traversable:
    """The folder of an ISO 3166-1 alpha-2 code. Raises LawMissing when there is no pack for it."""
    folder = files("sovinto.countries") / country.lower()
    if not _CODE.fullmatch(country) or not (folder / "pack.toml").is_file():
        raise LawMissing(
            f"There is no country pack for {country!r}; use a supported country code such as FI."
        )
    return folder


def baseline_folder(name: str) -> Traversable:
    """The folder of rules that several countries share, such as eu_business. Raises LawMissing."""
    folder = files("sovinto.countries") / "shared" / name
    if not folder.is_dir():
        raise LawMissing(f"There is no shared folder of rules {name!r}; correct `inherits` in pack.toml.")
    return folder


@cache
def countries() -> tuple[str, ...]:
    """Every country with a pack, ISO 3166-1 alpha-2, in order; looked for once per process."""
    root = files("sovinto.countries")
    found = (folder.name for folder in root.iterdir() if (folder / "pack.toml").is_file())
    return tuple(sorted(name.upper() for name in found))


def read_toml(file: Traversable) -> dict[str, Any]:
    """One file as plain tables. TOML floats never reach an amount: figures are written as text."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


def rule_files(folder: Traversable, apart_from: frozenset[str]) -> tuple[Traversable, ...]:
    """The rule files of a country, in name order."""
    found = [
        item for item in folder.iterdir() if item.name.endswith(".toml") and item.name not in apart_from
    ]
    return tuple(sorted(found, key=lambda item: item.name))
