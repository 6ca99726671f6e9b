"""Markdown tables and the line that says where a page comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def head(title: str, source: str) -> str:
    return f"# {title}\n\nMade by `make docs` from `{source}`; do not edit."


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A bar in a cell would end it, so it is escaped."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def sentence(docstring: str | None) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((docstring or "").split("\n\n")[0].split())


def joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"
