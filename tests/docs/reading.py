"""The documentation as tests read it: pages, tables, code blocks; and the names in the code."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PACKAGE = ROOT / "layers" / "core" / "python" / "sovinto"
# Where the repository is no git checkout (an unpacked archive), these folders are not part of it.
NOT_OURS = {"build", "node_modules", "__pycache__"}


def page(name: str) -> str:
    """A page by its path from the repository's root."""
    return (ROOT / name).read_text("utf-8")


def markdown() -> list[Path]:
    return [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


def blocks(text: str, language: str) -> list[str]:
    """Fenced code blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def rows(text: str, heading: str) -> list[list[str]]:
    """The cells of the table below a heading, without its first two lines."""
    _, _, after = text.partition(f"{heading}\n")
    assert after, f"the page has no heading {heading!r}"
    lines = re.split(r"^#+ ", after, maxsplit=1, flags=re.MULTILINE)[0].splitlines()
    table = [line for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def code(cell: str) -> str:
    """What stands between the first pair of backticks of a cell."""
    found = re.search(r"`([^`]+)`", cell)
    assert found is not None, f"{cell!r} names nothing in backticks"
    return found[1]


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository: those git knows, and new ones it does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.splitlines()]
    else:
        found = [path for path in ROOT.rglob("*") if not _is_foreign(path)]
    return tuple(sorted(path for path in found if path.is_file()))


def _is_foreign(path: Path) -> bool:
    *folders, _ = path.relative_to(ROOT).parts
    return any(name in NOT_OURS or name.endswith(".egg-info") or _is_hidden(name) for name in folders)


def _is_hidden(folder: str) -> bool:
    return folder.startswith(".") and folder != ".ci"


def python_files(*folders: str) -> list[Path]:
    wanted = [ROOT / folder for folder in folders]
    return [
        path
        for path in tracked()
        if path.suffix == ".py" and any(folder in path.parents for folder in wanted)
    ]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def strings(path: Path) -> Iterator[str]:
    """String constants of a module, docstrings among them."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def imports(path: Path) -> Iterator[str]:
    """Full names of what a module imports: modules, and names from modules."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def class_names() -> frozenset[str]:
    """Every class of the package."""
    return frozenset(
        node.name
        for path in python_files("layers")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    )
