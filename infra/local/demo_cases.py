"""Writes the case file of the demo: 200 rows as a Finnish client's spreadsheet would save them.

Every person, company, number and address is invented: company ids lie above any that was ever
issued, e-mail domains end in .example, mobile numbers run from +358 40 000 0000, and the streets
are model streets. The same seed always gives the same bytes.

    python -m infra.local.demo_cases > tests/data/demo/cases.csv
"""

from __future__ import annotations

import random
import sys
from datetime import date, timedelta

from infra.local.demo_people import Person, person
from infra.local.demo_rows import HEADERS, faulty_rows, written

SEED = 20260105
ROWS, GOOD, BAD, DUPLICATES = 200, 182, 12, 6
ENCODING = "cp1252"

_TITLES = ("Avoimet saatavat perintään", "Tulostettu 2.1.2026, sivu 1/1")
_LOWEST, _HIGHEST = 12_50, 9_800_00
_FIRST_DUE, _LAST_DUE = date(2025, 8, 1), date(2025, 11, 28)


def demo_cases(seed: int = SEED) -> bytes:
    """The file: two title rows, a header, 182 good rows, 12 faulty ones and 6 repeats."""
    # Not for secrets: a seeded generator is the very point of a reproducible file.
    chance = random.Random(seed)
    people = [person(chance, number) for number in range(GOOD)]
    rows = [_row(chance, number, someone) for number, someone in enumerate(people)]
    rows = _with_repeats(_with_faults(rows, faulty_rows(rows[5])))
    lines = [*_TITLES, *(";".join(cells) for cells in [HEADERS, *rows])]
    return "".join(line + "\r\n" for line in lines).encode(ENCODING)


def _row(chance: random.Random, number: int, someone: Person) -> list[str]:
    due_on = _FIRST_DUE + timedelta(days=chance.randrange((_LAST_DUE - _FIRST_DUE).days + 1))
    invoiced_on = due_on - timedelta(days=chance.choice([14, 14, 21, 30]))
    return written(number, someone, _cents(chance, number), invoiced_on, due_on)


def _cents(chance: random.Random, number: int) -> int:
    """Mostly small sums, both ends of the range for certain."""
    if number < 2:
        return (_LOWEST, _HIGHEST)[number]
    ceiling = chance.choice([100_00, 250_00, 1_000_00, 1_000_00, 2_500_00, _HIGHEST])
    return chance.randrange(_LOWEST, ceiling)


def _with_faults(rows: list[list[str]], faults: list[list[str]]) -> list[list[str]]:
    """The faulty rows spread among the good ones, from row 12 on."""
    mixed = list(rows)
    for step, fault in enumerate(faults):
        mixed.insert(12 + step * 15, fault)
    return mixed


def _with_repeats(rows: list[list[str]]) -> list[list[str]]:
    """Four rows repeated directly below themselves, two repeated at the end of the file."""
    mixed = list(rows)
    for place in (150, 110, 70, 30):
        mixed.insert(place + 1, mixed[place])
    return [*mixed, mixed[3], mixed[100]]


if __name__ == "__main__":
    sys.stdout.buffer.write(demo_cases())
