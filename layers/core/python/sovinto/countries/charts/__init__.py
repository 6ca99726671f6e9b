"""Charts of accounts by country: data beside this module."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict

from sovinto.domain.chart import Chart, ChartRow

_OTHER = "other"


class _Named(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    number: str
    name: str


class _Row(_Named):
    pattern: str
    is_result: bool = False


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    retained: _Named
    rows: list[_Row]


@lru_cache(maxsize=8)
def load_chart(country: str) -> Chart:
    """The country's chart, else one with plain names. `country` is ISO 3166-1 alpha-2, upper case."""
    name = country.lower()
    file = files(__name__) / f"{name if name.isascii() and name.isalpha() else _OTHER}.toml"
    if not file.is_file():
        file = files(__name__) / f"{_OTHER}.toml"
    given: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    read = _File.model_validate(given)
    rows = tuple(ChartRow(row.pattern, row.number, row.name, row.is_result) for row in read.rows)
    return Chart(country, rows, ChartRow("", read.retained.number, read.retained.name))
