"""A day in two formats, or a statement under other names, is let in by two people only."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sovinto.domain.held_file import OTHER_FORMAT, OTHER_NAMES
from sovinto.domain.money import Money
from sovinto.domain.proof import Break
from sovinto.ports import Cases
from sovinto.usecases.told_again import Told
from sovinto.usecases.told_rows import NEAR


@dataclass(frozen=True, slots=True)
class Released:
    """A file that was held, and what two people said of it."""

    name: str
    digest: str
    codes: tuple[str, ...]
    asked_by: str
    released_by: str
    released_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class ToldFile:
    """One statement of record that was read, and what it tells of."""

    name: str
    digest: str
    format: str
    told: Told = field(default_factory=Told)


def released_files(files: Sequence[ToldFile], cases: Cases) -> dict[str, Released]:
    """By digest: those that people let in."""
    found: dict[str, Released] = {}
    for file in files:
        held = cases.held_file(file.digest)
        if held is not None and held.released_by:
            found[file.digest] = Released(
                file.name,
                held.digest,
                held.codes,
                held.asked_by,
                held.released_by,
                held.released_at,
                held.why,
            )
    return found


def told_breaks(files: Sequence[ToldFile], released: dict[str, Released]) -> Iterator[Break]:
    """What was told twice without a release, or released by one person alone."""
    for one in released.values():
        if not one.asked_by or one.asked_by == one.released_by:
            yield Break("bank_file", one.name, "the file was held, and released by one person alone")
    yield from _twice(files, released, OTHER_FORMAT, "a day that another file tells in another format")
    yield from _twice(files, released, OTHER_NAMES, "a statement that another file has under other names")
    yield from _near(files, released)


def _twice(
    files: Sequence[ToldFile], released: dict[str, Released], code: str, what: str
) -> Iterator[Break]:
    first: dict[Hashable, str] = {}
    let_in = {digest for digest, one in released.items() if code in one.codes}
    known = {pair for file in files if file.digest in let_in for pair in _pairs(file, code)}
    for file in files:
        for place, word in _pairs(file, code) if file.digest not in let_in else ():
            is_known = code == OTHER_NAMES and (place, word) in known
            if not is_known and first.setdefault(place, word) != word:
                yield Break("bank_file", file.name, f"the file tells {what}, and nobody released it")
                break


def _pairs(file: ToldFile, code: str) -> Iterator[tuple[Hashable, str]]:
    """What may be told once, and in which words this file tells it."""
    if code == OTHER_FORMAT:
        yield from ((day, file.format) for day in file.told.days)
    else:
        yield from file.told.chains.items()
        yield from file.told.twice


def _near(files: Sequence[ToldFile], released: dict[str, Released]) -> Iterator[Break]:
    """Two formats that tell one statement by other days: between the same balances, within a few days.

    As the import does it: not where the day is told in both formats, which is another matter, nor of
    statements that come to nothing.
    """
    days = {(*day, file.format) for file in files for day in file.told.days}
    told: dict[tuple[str, Money, Money], list[tuple[date, str]]] = {}
    for file in files:
        if file.digest in released and OTHER_FORMAT in released[file.digest].codes:
            continue
        for account, on, opening, closing in file.told.chains:
            if opening == closing:
                continue
            had = told.setdefault((account, opening, closing), [])
            here = (account, opening.currency)
            others = [(day, name) for day, name in had if day != on and name != file.format]
            if any(
                abs(day - on) <= NEAR and not days & {(*here, day, file.format), (*here, on, name)}
                for day, name in others
            ):
                text = "the file tells a statement that another file tells in another format by other days"
                yield Break("bank_file", file.name, f"{text}, and nobody released it")
            had.append((on, file.format))
