"""Pages of the debtor and the client: server-rendered HTML that needs no script."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sovinto.domain.case import DisputeKind
from sovinto.domain.letter import DebtLine
from sovinto.domain.money import Money
from sovinto.rendering.amounts import (
    date_text,
    detail_text,
    figure_text,
    grouped,
    money_text,
    reference_text,
)
from sovinto.rendering.letter_facts import line_label
from sovinto.rendering.qr import qr_data_uri
from sovinto.rendering.templates import check_fields, entry_for, templates_root, texts

_ADDED = (" + expenses", " + VAT", " - what it includes")
"""What the rules put behind a formula, innermost first."""

_LANGUAGE_NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}


def render_page(name: str, language: str, model: Mapping[str, object]) -> str:
    """A whole page. `model` holds exactly the fields that templates/manifest.toml names for it.

    Every value is escaped. Raises InvalidInput for an unknown page or language, or a field that is
    missing or not declared; jinja2.UndefinedError where a template uses something nobody gave.
    """
    entry = entry_for("page", name, language)
    check_fields(entry, model)
    strings = texts("pages", language)
    return (
        _environment(language)
        .get_template(f"{name}.html.jinja")
        .render(
            model,
            language=language,
            languages=[(code, _LANGUAGE_NAMES[code]) for code in entry.languages],
            t={**strings["common"], **strings[name]},
        )
    )


@lru_cache(maxsize=8)
def _environment(language: str) -> Environment:
    """One environment per language, so that filters know it without asking."""

    def money(amount: Money) -> str:
        return money_text(amount, language)

    def day(value: date) -> str:
        return date_text(value, language)

    def detail(text: str) -> str:
        return detail_text(text, language)

    def figure(text: str) -> str:
        return figure_text(text, language)

    def label(line: DebtLine) -> str:
        return line_label(line, texts("letters", language))

    environment = Environment(
        loader=FileSystemLoader(templates_root() / "pages"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "money": money,
        "day": day,
        "detail": detail,
        "figure": figure,
        "label": label,
        "fill": _fill,
        "formula": formula_text,
        "grouped": grouped,
        "reference": reference_text,
        "qr": qr_data_uri,
    }
    environment.globals |= {"dispute_kinds": [kind.value for kind in DisputeKind]}
    return environment


def formula_text(formula: str, words: Mapping[str, str]) -> str:
    """A formula of the law in words of the reader: the whole, or its base and what was added to it.

    Days of the year are filled in where the words have {}. What has no words is shown as it is.
    """
    if formula in words:
        return words[formula]
    base, _, year = formula.rpartition(" / ")
    if year.isdigit() and f"{base} / {{}}" in words:
        return words[f"{base} / {{}}"].format(year)
    added = next((sign for sign in _ADDED if formula.endswith(sign) and sign in words), None)
    return formula if added is None else formula_text(formula.removesuffix(added), words) + words[added]


def _fill(text: str, **words: object) -> str:
    """A text of ours with its {names} filled; the result is escaped like any other value."""
    return text.format(**words)
