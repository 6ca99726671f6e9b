"""One word for each thing: what the glossary names exists, and what it bans is not used."""

from __future__ import annotations

import ast
import re

import pytest

from tests.docs.reading import class_names, page, python_files, rows, tracked, tree

GLOSSARY = page("docs/glossary.md")
WORDS = rows(GLOSSARY, "## Words in use")
# Words that name the same thing twice, wherever they stand in a name of the code.
BANNED_IN_NAMES = {"customer", "tenant", "merchant", "installment", "orphan", "notification"}
AMERICAN = "install" + "ment"


def test_every_class_it_names_exists() -> None:
    named = {name for row in WORDS for name in re.findall(r"`(\w+)`", row[2])}
    assert named <= class_names()


def test_words_are_unique() -> None:
    words = [word for row in WORDS for word in row[0].split(", ")]
    assert len(words) == len(set(words))


def test_no_name_in_the_code_uses_a_banned_word() -> None:
    found = [
        f"{path.name}: {name}"
        for path in python_files("layers", "functions")
        for name in _names(tree(path))
        if BANNED_IN_NAMES & set(re.findall(r"[a-z]+", re.sub(r"([A-Z])", r"_\1", name).lower()))
    ]
    assert found == []


def _names(module: ast.Module) -> set[str]:
    """Names that the module gives: classes, functions, arguments, variables."""
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


@pytest.mark.parametrize("suffix", [".py", ".md", ".toml", ".jinja", ".typ", ".json"])
def test_the_spelling_is_british(suffix: str) -> None:
    found = [
        path.name
        for path in tracked()
        if path.suffix == suffix and path.name != "package-lock.json"
        if AMERICAN in path.read_text("utf-8").lower() and not _speaks_of_it(path.name)
    ]
    assert found == []


def _speaks_of_it(name: str) -> bool:
    """This test names the word."""
    return name == "test_glossary.py"
