"""Decisions: numbered without a gap, each with the same headings, all in the index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.reading import DOCS, rows

FOLDER = DOCS / "adr"
PAGES = sorted(FOLDER.glob("[0-9]*.md"))
HEADINGS = ["Status", "Context", "Decision", "Consequences", "Effect, measured"]
STATUS = re.compile(r"Accepted\.|Replaced by \[\d{4}\]\(\d{4}-[a-z0-9-]+\.md\)\.")


def test_numbers_have_no_gap() -> None:
    assert [int(path.name[:4]) for path in PAGES] == list(range(1, len(PAGES) + 1))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_decision_has_every_heading_and_says_something_under_each(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith(f"# {path.name[:4]}. ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    parts = re.split(r"^## .+$", text, flags=re.MULTILINE)[1:]
    assert all(part.strip() for part in parts)
    assert STATUS.fullmatch(parts[0].strip())


def test_the_index_lists_them_all() -> None:
    listed = {}
    for number, title, status in rows((FOLDER / "README.md").read_text("utf-8"), "# Decisions"):
        found = re.fullmatch(r"\[(\d{4})\]\((.+)\)", number)
        assert found is not None
        listed[found[2]] = (found[1], title, status)
    assert set(listed) == {path.name for path in PAGES}
    for path in PAGES:
        number, title, status = listed[path.name]
        text = path.read_text("utf-8")
        assert text.startswith(f"# {number}. {title}\n")
        assert f"## Status\n\n{status}" in text
