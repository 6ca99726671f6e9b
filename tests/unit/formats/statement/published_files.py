"""Published bank files with the figures worked out for them, and small helpers to compare parts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from sovinto.formats.statement.model import HOLDING, Problem, StatementEntry
from sovinto.formats.statement.parts import Part

FOLDER = Path(__file__).parents[4] / "../shared/conformance/bank"
ABSENT = "the shared conformance files are not on this machine"
HEAD = 4096


@cache
def rows(*formats: str) -> list[dict[str, Any]]:
    """What is expected of every published file of these formats; empty where the files are absent."""
    expected = FOLDER / "expected.json"
    if not expected.exists():
        return []
    return [row for row in json.loads(expected.read_text()) if row["format"] in formats]


def name(row: dict[str, Any]) -> str:
    return str(row["file"])


def head(row: dict[str, Any]) -> bytes:
    found: bytes = (FOLDER / row["file"]).read_bytes()
    return found[:HEAD]


def entries(parts: Iterable[Part]) -> list[StatementEntry]:
    return [part for part in parts if isinstance(part, StatementEntry)]


def codes(parts: Iterable[Part]) -> list[str]:
    return [part.code for part in parts if isinstance(part, Problem)]


def is_held(parts: Iterable[Part]) -> bool:
    return bool(HOLDING & set(codes(parts)))


def decimal(minor: int) -> str:
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def side(found: Iterable[StatementEntry], sign: int) -> list[int]:
    """The amounts of one direction, without sign."""
    return [abs(entry.amount.minor) for entry in found if entry.amount.minor * sign > 0]


class Trickle:
    """A source that gives a few bytes at a time, as a network does."""

    def __init__(self, data: bytes, most: int = 7) -> None:
        self._data = iter([data[at : at + most] for at in range(0, len(data), most)])

    def read(self, size: int = -1, /) -> bytes:
        return next(self._data, b"")


def lines(*texts: str) -> bytes:
    return "\r\n".join(texts).encode("latin-1")
