"""Writes docs/reference/cloud.md from the tables that the templates are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from infra.node import use_bundled_node
from infra.paths import ROOT

use_bundled_node()

from infra.parts.functions import SIZES  # noqa: E402
from infra.parts.grants import GRANTS  # noqa: E402
from infra.parts.http_api import ROUTES  # noqa: E402
from infra.parts.store import INDEXES  # noqa: E402

PAGE: Final = ROOT / "docs" / "reference" / "cloud.md"


def page() -> str:
    """The whole page; a test compares it with the file."""
    parts = [
        "# The cloud, as deployed",
        "Made by `make docs` from `infra/parts`; do not edit.",
        "## Functions",
        _table(("function", "memory MB", "timeout s", "alone", "may"), _functions()),
        "## Routes",
        _table(("route", "function", "who may call"), _routes()),
        "## Indexes of the table",
        _table(("index", "partition", "sort"), ((i.name, i.partition, i.sort) for i in INDEXES)),
    ]
    return "\n\n".join(parts) + "\n"


def _functions() -> Iterator[tuple[str, ...]]:
    for name, size in SIZES.items():
        rights = "; ".join(f"{target}: {', '.join(_short(actions))}" for target, actions in GRANTS[name])
        yield f"`{name}`", str(size.memory), str(size.timeout), "yes" if size.alone else "", rights


def _short(actions: Iterable[str]) -> list[str]:
    return [action.split(":")[1] for action in actions]


def _routes() -> Iterator[tuple[str, ...]]:
    for route in ROUTES:
        who = route.why_public or "A client's token."
        yield f"`{route.method} {route.path}`", f"`{route.function}`", who


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), "utf-8")
