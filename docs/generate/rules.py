"""rules-<country>.md: every row of law in a country pack, as the engine has read it."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

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
    return value is not None and value != frozenset() and value != ()


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
    match value:
        case Money():
            return f"{value.decimal()} {value.currency}"
        case Fraction():
            return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
        case Band():
            return _band(value)
        case Window():
            days = ", ".join(DAYS[day] for day in sorted(value.weekdays))
            return f"{days} {_clock(value.from_minute)}–{_clock(value.to_minute)}"
        case StrEnum():
            return value.value
        case frozenset():
            return ", ".join(sorted(shown(item) for item in value))
        case tuple():
            return ", ".join(shown(item) for item in value)
        case date():
            return value.isoformat()
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)


def _band(band: Band) -> str:
    limits = []
    if band.up_to is not None:
        limits.append(f"principal up to {shown(band.up_to)}")
    if band.min_instalments:
        limits.append(f"at least {band.min_instalments} instalments")
    return f"{shown(band.amount)} ({', '.join(limits)})" if limits else shown(band.amount)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
