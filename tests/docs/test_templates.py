"""The manifest and the templates tell the same story, in every language."""

from __future__ import annotations

import string
import tomllib
from itertools import pairwise
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, meta, nodes
from sovinto.domain.case import Step
from sovinto.domain.evaluation import RULES
from sovinto.domain.law.kinds import FeeKind
from sovinto.rendering.templates import manifest, templates_root

ROOT = templates_root()
ENTRIES = sorted(manifest().items())
MESSAGES = [(channel, name) for (channel, name), _ in ENTRIES if channel in ("sms", "email", "call")]
PAGES = [name for (channel, name), _ in ENTRIES if channel == "page"]
FROM_THE_RENDERER = {"t", "language", "languages", "dispute_kinds"}
OF_NO_CASE = {"invoice_reminder", "invoice_reminder_again", "payout_account", "remittance_rejected"}
SHARED_BY_PAGES = {"base.html.jinja", "parts.html.jinja"}


def undeclared(folder: str, template: str) -> set[str]:
    """Names a template uses and does not set itself, with those of the templates it builds on."""
    environment = Environment(loader=FileSystemLoader(ROOT / folder), autoescape=True)
    environment.filters |= dict.fromkeys(
        ("money", "day", "detail", "figure", "formula", "label", "fill", "grouped", "reference", "qr"), str
    )
    source = (ROOT / folder / template).read_text(encoding="utf-8")
    tree = environment.parse(source)
    names = meta.find_undeclared_variables(tree)
    for parent in meta.find_referenced_templates(tree):
        names |= undeclared(folder, str(parent)) if str(parent) != "parts.html.jinja" else set()
    imported = {str(name) for found in tree.find_all(nodes.FromImport) for name in found.names}
    assigned = {
        found.target.name for found in tree.find_all(nodes.Assign) if isinstance(found.target, nodes.Name)
    }
    return names - imported - assigned - {"self"}


def keys(table: dict[str, Any], prefix: str = "") -> set[str]:
    found: set[str] = set()
    for name, value in table.items():
        path = f"{prefix}{name}"
        found |= keys(value, f"{path}.") if isinstance(value, dict) else {path}
    return found


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def strings(folder: str, language: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / folder / f"{language}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("channel", "name"), MESSAGES)
def test_messages_exist_in_every_language_and_use_exactly_their_fields(channel: str, name: str) -> None:
    entry = manifest()[(channel, name)]
    for language in entry.languages:
        assert undeclared("messages", f"{language}/{name}.txt.jinja") == set(entry.fields)


@pytest.mark.parametrize("name", PAGES)
def test_pages_use_exactly_their_fields(name: str) -> None:
    used = undeclared("pages", f"{name}.html.jinja") - FROM_THE_RENDERER
    assert used == set(manifest()[("page", name)].fields)


def test_no_template_is_outside_the_manifest() -> None:
    pages = {path.name for path in (ROOT / "pages").glob("*.jinja")} - SHARED_BY_PAGES
    assert pages == {f"{name}.html.jinja" for name in PAGES}
    for language in ("fi", "sv", "en"):
        messages = {path.name for path in (ROOT / "messages" / language).glob("*.jinja")}
        assert messages == {f"{name}.txt.jinja" for _, name in MESSAGES}


@pytest.mark.parametrize(("entry_key", "entry"), ENTRIES)
def test_every_entry_has_a_version_and_the_languages_of_its_audience(
    entry_key: tuple[str, str], entry: Any
) -> None:
    assert entry.version >= 1
    assert entry.languages == ("fi", "sv", "en")


@pytest.mark.parametrize("folder", ["letters", "messages"])
def test_letters_and_messages_have_the_same_strings_in_every_language(folder: str) -> None:
    by_language = [keys(strings(folder, language)) for language in ("fi", "sv", "en")]
    assert all(one == other for one, other in pairwise(by_language))


def test_pages_have_the_same_strings_in_every_language() -> None:
    finnish, swedish, english = (keys(strings("pages", language)) for language in ("fi", "sv", "en"))
    assert finnish == english
    assert swedish == english


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_letters_use_exactly_their_declared_words(language: str) -> None:
    table = strings("letters", language)
    for (channel, name), entry in ENTRIES:
        if channel == "letter":
            texts = [*table[name]["paragraphs"], *table[name]["actions"]]
            assert set().union(*(placeholders(text) for text in texts)) == set(entry.fields)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_fee_step_and_letter_has_its_words(language: str) -> None:
    assert set(FeeKind) <= set(strings("letters", language)["kinds"])
    letters = {name for (channel, name), _ in ENTRIES if channel == "letter"}
    assert set(strings("pages", language)["debtor_debt"]["letter_names"]) == letters
    named = {step for step in Step if step.value.startswith("send_")}
    assert named <= set(strings("messages", language)["steps"])
    assert set(Step) <= set(strings("pages", language)["common"]["steps"])


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_client_reads_words_and_no_name_of_ours(language: str) -> None:
    table = strings("pages", language)["client_case"]
    letters = {name for (channel, name), _ in ENTRIES if channel == "letter"}
    named = letters | {name for _, name in MESSAGES} - OF_NO_CASE
    assert set(table["templates"]) == named
    assert set(table["rules"]) == {rule.rule_id for rule in RULES}


def test_the_notices_of_the_law_exist_in_every_language() -> None:
    for path in (ROOT / "letters" / "notices").glob("*.toml"):
        tables = tomllib.loads(path.read_text(encoding="utf-8"))["consumer"]
        assert keys(tables["fi"]) == keys(tables["sv"]) == keys(tables["en"])


def test_the_stylesheet_keeps_its_licence_and_loads_nothing_from_elsewhere() -> None:
    assets = ROOT / "pages" / "assets"
    assert "MIT License" in (assets / "pico.LICENSE.md").read_text(encoding="utf-8")
    for sheet in assets.glob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert "@import" not in text and "url(http" not in text and 'url("http' not in text
