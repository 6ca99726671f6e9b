"""Published MT, TITO and KTL files with the figures that expected.json has for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sovinto.formats.statement.ktl import is_ktl, ktl_parts
from sovinto.formats.statement.model import HOLDING, Problem, StatementEntry
from sovinto.formats.statement.mt import is_mt940, is_mt942, mt940_parts, mt942_parts
from sovinto.formats.statement.parts import Begun, Ended, Part
from sovinto.formats.statement.tito import is_tito, tito_parts

FOLDER = Path(__file__).parents[4] / "../shared/conformance/bank"
EXPECTED = FOLDER / "expected.json"
HEAD = 1024
READERS = {"mt940": mt940_parts, "mt942": mt942_parts, "tito": tito_parts, "ktl": ktl_parts}
TELLERS = {"mt940": is_mt940, "mt942": is_mt942, "tito": is_tito, "ktl": is_ktl}

ABSENT = "the shared conformance files are not on this machine"


@cache
def rows(*formats: str) -> list[dict[str, Any]]:
    if not EXPECTED.exists():
        return []
    return [row for row in json.loads(EXPECTED.read_text()) if row["format"] in formats]


def name(row: dict[str, Any]) -> str:
    return str(row["file"])


def parts_of(row: dict[str, Any]) -> list[Part]:
    with (FOLDER / row["file"]).open("rb") as stream:
        return list(READERS[row["format"]](stream))


def statements(parts: list[Part]) -> Iterator[tuple[Begun, list[StatementEntry], Ended]]:
    begun: Begun | None = None
    entries: list[StatementEntry] = []
    for part in parts:
        if isinstance(part, Begun):
            begun, entries = part, []
        elif isinstance(part, StatementEntry):
            entries.append(part)
        elif isinstance(part, Ended):
            assert begun is not None
            yield begun, entries, part


def entries_of(parts: list[Part]) -> list[StatementEntry]:
    return [part for part in parts if isinstance(part, StatementEntry)]


def problems_of(parts: list[Part]) -> list[Problem]:
    return [part for part in parts if isinstance(part, Problem)]


def is_held(parts: list[Part]) -> bool:
    return any(problem.code in HOLDING for problem in problems_of(parts))


def compact(on: date | None) -> str | None:
    """YYMMDD, as the files have it."""
    return None if on is None else on.strftime("%y%m%d")


def total_of(entries: list[StatementEntry], sign: int) -> str:
    minor = sum(entry.amount.minor for entry in entries if entry.amount.minor * sign > 0)
    return f"{abs(minor) // 100}.{abs(minor) % 100:02d}"


class Compared:
    """Compares one value after the other and counts them; a difference is named with its place."""

    def __init__(self) -> None:
        self.count = 0

    def same(self, ours: object, theirs: object, where: str) -> None:
        self.count += 1
        assert ours == theirs, where
