"""The README: short to the first success, and true."""

from __future__ import annotations

import re

from tests.docs.reading import ROOT, blocks, code, page, rows

README = page("README.md")
FIRST_SCREEN = 40


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", page("Makefile"), re.MULTILINE))


def test_the_first_screen_has_both_commands_and_what_they_need() -> None:
    top = "\n".join(README.splitlines()[:FIRST_SCREEN])
    assert "make demo" in top
    assert "make test" in top
    assert "Python 3.11+ and make" in top


def test_it_says_what_it_is_in_three_sentences() -> None:
    first = README.split("```")[0].partition("\n")[2]
    assert len(re.findall(r"\.(?:\s|$)", first)) == 3


def test_every_make_target_exists() -> None:
    named = set(re.findall(r"make ([a-z]+)", " ".join(re.findall(r"`[^`]+`|```[\s\S]*?```", README))))
    assert named
    assert named <= targets()


def test_every_folder_of_the_map_exists() -> None:
    for row in rows(README, "## Where things are"):
        assert (ROOT / code(row[0])).is_dir(), row[0]


def test_every_tier_of_tests_exists() -> None:
    named = {path for row in rows(README, "## Tests") for path in re.findall(r"tests/\w+", row[1])}
    assert named
    assert not [path for path in named if not (ROOT / path).is_dir()]


def test_the_commands_exist() -> None:
    reference = page("docs/reference/cli.md")
    for row in rows(README, "## Command line"):
        assert " ".join(code(row[0]).split()[:2]) in reference


def test_what_the_demo_printed_holds_together() -> None:
    """Numbers of one run, as they stood side by side."""
    (shown,) = blocks(README, "text")
    rows_, cases, refused, duplicates = map(int, re.findall(r"\d+", shown.splitlines()[0]))
    assert rows_ == cases + refused + duplicates
    ended = [int(n) for n in re.findall(r"^ {5,}(\d+)  ", shown, re.MULTILINE)]
    assert sum(ended) == cases
