"""What stands under docs/reference is what the code says today."""

from __future__ import annotations

import contextlib
import io
import json
import re
from typing import Any

import pytest
from sovinto.cli import main
from sovinto.entry.settings import ALL

from docs.generate import pages
from tests.docs.reading import DOCS, code, page, rows

MADE = pages()
REFERENCE = DOCS / "reference"


@pytest.mark.parametrize("name", sorted(MADE))
def test_the_page_is_up_to_date(name: str) -> None:
    assert (REFERENCE / name).read_text("utf-8") == MADE[name], "run `make docs`"


def test_nothing_else_lies_there() -> None:
    found = {path.relative_to(REFERENCE).as_posix() for path in REFERENCE.rglob("*") if path.is_file()}
    assert {name for name in found if "/samples/" not in name} == set(MADE)


def test_every_command_is_on_the_page() -> None:
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown), pytest.raises(SystemExit):
        main(["--help"])
    listed = {code(row[0]).split()[1] for row in rows(page("docs/reference/cli.md"), "# Command line")}
    assert all(name in shown.getvalue() for name in listed)
    told = {line.split()[0] for line in shown.getvalue().splitlines() if line.startswith("    ")}
    assert {name for name in told if re.fullmatch(r"[a-z]+(?:-[a-z]+)*", name)} >= listed


def test_every_function_is_on_the_page_of_settings() -> None:
    listed = {code(row[0]) for row in rows(page("docs/reference/settings.md"), "## By function")}
    assert listed == {settings.function for settings in ALL}


def test_every_reference_of_the_api_resolves() -> None:
    document: dict[str, Any] = json.loads(MADE["openapi.json"])
    known = set(document["components"]["schemas"])
    asked = {text.rsplit("/", 1)[1] for text in _references(document)}
    assert asked <= known
    assert known - asked == set()


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*map(_references, node.values()))
    return set().union(*map(_references, node)) if isinstance(node, list) else set()
