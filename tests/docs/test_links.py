"""Links lead somewhere, paths exist, and pages speak of the project only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.reading import ROOT, markdown, page

PAGES = markdown()
LINK = re.compile(r"\]\(([^)\s]+)\)")
ANCHOR = re.compile(r"^#+ (.+)$", re.MULTILINE)
# A path in backticks is meant from the root, or from the package.
PATH = re.compile(
    r"`((?:docs|infra|functions|layers|templates|tests|adapters|domain|usecases|entry)/[\w./<>*-]+)`"
)
PACKAGE = "layers/core/python/sovinto"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    for target in LINK.findall(path.read_text("utf-8")):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        to = (path.parent / name).resolve() if name else path
        assert to.exists(), target
        if anchor:
            titles = ANCHOR.findall(to.read_text("utf-8"))
            assert anchor in {_slug(title) for title in titles}, target


def _slug(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_paths_in_backticks_exist(path: Path) -> None:
    for name in PATH.findall(path.read_text("utf-8")):
        if any(sign in name for sign in "<*"):
            continue
        assert (ROOT / name).exists() or (ROOT / PACKAGE / name).exists(), name


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path in reached:
            continue
        reached.add(path)
        names = (target.partition("#")[0] for target in LINK.findall(path.read_text("utf-8")))
        found = ((path.parent / name).resolve() for name in names if name and "://" not in name)
        waiting += [to for to in found if to.suffix == ".md"]
    assert set(PAGES) - reached == set()


def test_the_waits_on_the_page_are_the_days_of_a_case_left_alone() -> None:
    """tests/unit/usecases/test_timeline_days.py lives through these days."""
    from tests.docs.reading import code, rows
    from tests.unit.usecases.test_timeline_days import BUSINESS, CONSUMER

    table = rows(page("docs/timeline.md"), "## A case left alone")
    assert [(row[1], code(row[0])) for row in table] == CONSUMER
    assert [(row[2], code(row[0])) for row in table] == BUSINESS
