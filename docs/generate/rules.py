"""rules-<country>.md: every row of law in a country pack, as the engine has read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sovinto.countries import load_pack
from sovinto.domain.law.model import Pack
from sovinto.domain.law.rows import Band, Citation, Row, Window
from sovinto.domain.money import Money

from docs.generate.markdown import head, joined, table

COLUMNS = ("rule", "for", "value", "in force", "statute", "source", "certainty", "signed off", "note")
DAYS = ("", "mon", "tue", "wed", "thu", "fri", "sat", "sun")


def page(country: str) -> str:
    pack = load_pack(country)
    groups = {name: rows for name, rows in _groups(pack).items() if rows}
    every = [row for rows in groups.values() for row in rows]
    signed = sum(row.citation.signed_off_by is not None for row in every)
    intro = (
        f"{len(every)} rules in {len(groups)} groups; a lawyer has signed off {signed} of them. "
        "How rows are read and added: [country packs](../country-pack.md)."
    )
    parts = [f"## {name}\n\n{table(COLUMNS, map(_cells, rows))}" for name, rows in groups.items()]
    source = f"sovinto/countries/{country.lower()}/*.toml"
    return joined(head(f"Law of {country} as data", source), intro, *parts)


def _groups(pack: Pack) -> dict[str, tuple[Row, ...]]:
    """The tuples of rows a pack holds, by a readable name."""
    found = {field.name: getattr(pack, field.name) for field in fields(pack)}
    return {
        name.replace("_", " ").capitalize(): value
        for name, value in found.items()
        if isinstance(value, tuple) and value and isinstance(value[0], Row)
    }


def _cells(row: Row) -> tuple[str, ...]:
    cited = row.citation
    return (
        f"`{cited.rule_id}`",
        shown(row.debtor_types),
        value_of(row),
        _in_force(cited),
        cited.statute,
        cited.source,
        cited.certainty.value,
        _signature(cited),
        cited.note,
    )


def value_of(row: Row) -> str:
    """Everything a row says besides its citation and whom it is for."""
    named = {
        f.name: getattr(row, f.name) for f in fields(row) if f.name not in ("citation", "debtor_types")
    }
    told = [f"{name.replace('_', ' ')}: {shown(value)}" for name, value in named.items() if _says(value)]
    return "; ".join(told)


def _says(value: object) -> bool:
    """An empty set or an absent letter says nothing; zero does."""
    return value is not None and value not in (frozenset(), ())


def _in_force(cited: Citation) -> str:
    return (
        f"{cited.valid_from.isoformat()} – {cited.valid_to.isoformat() if cited.valid_to else ''}".strip()
    )


def _signature(cited: Citation) -> str:
    if cited.signed_off_by is None:
        return "no"
    return f"{cited.signed_off_by}, {shown(cited.signed_off_on)}"


def shown(value: object) -> str:
    """A value of a rule in words."""
    if isinstance(value, frozenset):
        return ", ".join(sorted(shown(item) for item in value))
    if isinstance(value, tuple):
        return ", ".join(shown(item) for item in value)
    for kind, words in WORDS.items():
        if isinstance(value, kind):
            return words(value)
    return str(value)


def _window(window: Window) -> str:
    days = ", ".join(DAYS[day] for day in sorted(window.weekdays))
    return f"{days} {_clock(window.from_minute)}–{_clock(window.to_minute)}"


def _band(band: Band) -> str:
    limits = []
    if band.up_to is not None:
        limits.append(f"principal up to {shown(band.up_to)}")
    if band.min_instalments:
        limits.append(f"at least {band.min_instalments} instalments")
    return f"{shown(band.amount)} ({', '.join(limits)})" if limits else shown(band.amount)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


WORDS: dict[type, Callable[[Any], str]] = {
    Money: lambda money: f"{money.decimal()} {money.currency}",
    Fraction: lambda part: f"{Decimal(part.numerator) / Decimal(part.denominator):f}",
    Band: _band,
    Window: _window,
    StrEnum: lambda word: str(word.value),
    date: lambda day: day.isoformat(),
    bool: lambda is_so: "yes" if is_so else "no",
}
