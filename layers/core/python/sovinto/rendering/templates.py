"""Where the templates are, and the texts and promises they come with."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sovinto.errors import InvalidInput

MANIFEST = "manifest.toml"


@dataclass(frozen=True, slots=True)
class TemplateEntry:
    """One row of the manifest: what a template is for and which fields it may use.

    `channel` is letter, document, email, sms or page; `version` grows with every change of wording.
    """

    name: str
    channel: str
    languages: tuple[str, ...]
    fields: tuple[str, ...]
    version: int


@lru_cache(maxsize=1)
def templates_root() -> Path:
    """The folder of templates: beside the package in the layer, else the repository's own.

    Raises FileNotFoundError where neither is there (a broken layer).
    """
    package = Path(__file__).resolve().parents[1]
    shipped = package.parent / "sovinto_templates"
    candidates = [shipped, *(parent / "templates" for parent in package.parents)]
    for folder in candidates:
        if (folder / MANIFEST).is_file():
            return folder
    raise FileNotFoundError(f"no templates: {shipped} lacks {MANIFEST}")


@lru_cache(maxsize=1)
def manifest() -> Mapping[tuple[str, str], TemplateEntry]:
    """(channel, name) -> entry, for every template there is."""
    tables = tomllib.loads((templates_root() / MANIFEST).read_text(encoding="utf-8"))
    return {
        (channel, name): TemplateEntry(
            name, channel, tuple(row["languages"]), tuple(row["fields"]), row["version"]
        )
        for channel, rows in tables.items()
        for name, row in rows.items()
    }


def entry_for(channel: str, name: str, language: str) -> TemplateEntry:
    """The manifest's row. Raises InvalidInput for a template or language that does not exist."""
    entry = manifest().get((channel, name))
    if entry is None:
        raise InvalidInput(f"template {name!r} is no {channel} of templates/{MANIFEST}", field="template")
    if language not in entry.languages:
        raise InvalidInput(
            f"language {language!r} is not among those of template {name}: {', '.join(entry.languages)}",
            field="language",
        )
    return entry


def check_fields(entry: TemplateEntry, given: Mapping[str, object]) -> None:
    """Raises InvalidInput unless exactly the fields of the manifest are given: a field that is
    missing would leave a hole in the text, and one too many is a template changed on one side only."""
    missing = sorted(set(entry.fields) - set(given))
    unknown = sorted(set(given) - set(entry.fields))
    if missing:
        raise InvalidInput(f"template {entry.name} lacks {', '.join(missing)}; give every declared field")
    if unknown:
        raise InvalidInput(f"template {entry.name} does not know {', '.join(unknown)}; declare or drop it")


@lru_cache(maxsize=32)
def texts(folder: str, language: str) -> Mapping[str, Any]:
    """The strings of one folder and language (`templates/<folder>/<language>.toml`)."""
    path = templates_root() / folder / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
