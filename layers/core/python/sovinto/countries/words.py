"""A rule in words, as a lawyer or the reference page reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sovinto.domain.law.rows import Band, CapPart, Row, ScaleStep, Tariff, Window
from sovinto.domain.money import Money

DAYS = ("", "mon", "tue", "wed", "thu", "fri", "sat", "sun")


def group_name(kind: type[Row]) -> str:
    """What the rows of one kind are called: FeeCapRow is "Fee cap"."""
    words = re.findall(r"[A-Z][a-z]*", kind.__name__.removesuffix("Row"))
    return " ".join(words).capitalize()


def value_of(row: Row) -> str:
    """Everything a row says besides its citation and whom it is for."""
    return "; ".join(f"{name}: {words}" for name, words in told(row).items())


def told(row: Row) -> Mapping[str, str]:
    """The same by name: "percent" is "3.5"."""
    named = {
        f.name: getattr(row, f.name) for f in fields(row) if f.name not in ("citation", "debtor_types")
    }
    return {name.replace("_", " "): shown(value) for name, value in named.items() if _says(value)}


def _says(value: object) -> bool:
    """An empty set or an absent letter says nothing; zero does."""
    return value is not None and value not in (frozenset(), ())


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
    value = _band_value(band)
    return f"{value} ({', '.join(limits)})" if limits else value


def _band_value(band: Band) -> str:
    parts = [shown(band.amount)] if band.amount or not (band.factor or band.percent_of_excess) else []
    if band.factor:
        parts.append(f"{shown(band.factor)} x scale")
    if band.percent_of_excess:
        parts.append(f"{shown(band.percent_of_excess)} % of what is above the band before")
    return " + ".join(parts)


def _tariff(tariff: Tariff) -> str:
    """The bands, then what bounds them; what a tariff does not use is left out."""
    told = [shown(tariff.bands)]
    for name in ("scale", "minimum", "maximum", "expenses_percent", "expenses_maximum"):
        value = getattr(tariff, name)
        if value:
            told.append(f"{name.replace('_', ' ')} {shown(value)}")
    if tariff.rounding.value == "whole":
        told.append("rounded to whole units")
    return "; ".join(told)


def _scale_step(step: ScaleStep) -> str:
    told = shown(step.amount)
    if step.per is not None:
        told += f" + {shown(step.add)} for each {shown(step.per)} begun"
    return told if step.up_to is None else f"{told} (up to {shown(step.up_to)})"


def _cap_part(part: CapPart) -> str:
    return f"{part.times} x {part.kind.value}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


WORDS: dict[type, Callable[[Any], str]] = {
    Money: lambda money: f"{money.decimal()} {money.currency}",
    Fraction: lambda part: f"{Decimal(part.numerator) / Decimal(part.denominator):f}",
    Band: _band,
    Tariff: _tariff,
    ScaleStep: _scale_step,
    CapPart: _cap_part,
    Window: _window,
    StrEnum: lambda word: str(word.value),
    date: lambda day: day.isoformat(),
    bool: lambda is_so: "yes" if is_so else "no",
}
