"""What kind of table is looked for: the same readers serve files of cases, of bank entries and others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sovinto.formats.case_file.headers import best_score, is_complete
from sovinto.formats.case_file.table import MOST_ROWS, SourceRow


@dataclass(frozen=True, slots=True)
class Wanted:
    """`score` rates how well rows hold a known header; `is_complete` tells a usable table from others.

    `noun` is what the rows hold, for sentences to people.
    """

    noun: str
    score: Callable[[Iterable[SourceRow]], int]
    is_complete: Callable[[Sequence[SourceRow]], bool]
    most_rows: int


CASES = Wanted("cases", best_score, is_complete, MOST_ROWS)
