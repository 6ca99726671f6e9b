"""Does a sheet agree with itself: each balance with the one before it, and sums with what it states?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sovinto.domain.money import Money, total
from sovinto.formats.case_file.table import SourceRow
from sovinto.formats.statement.model import Problem
from sovinto.formats.statement.sheet.around import last_figure
from sovinto.formats.statement.sheet.figures import minor_of
from sovinto.formats.statement.sheet.layout import Layout
from sovinto.formats.statement.sheet.rows import Read


@dataclass(frozen=True, slots=True)
class Balances:
    """Before the first and after the last entry, None where the sheet says nothing of it."""

    opening: Money | None
    closing: Money | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """A labelled figure: `kind` is opening, closing or total."""

    kind: str
    row: SourceRow


def balances_of(
    reads: Sequence[Read], stated: Sequence[Stated], layout: Layout, mark: str, currency: str
) -> Balances:
    """The balances, with every place where the sheet contradicts itself."""
    first, last, problems = _chain(reads)
    labelled = {
        item.kind: Money(minor, currency)
        for item in stated
        if item.kind != "total" and (minor := minor_of(last_figure(item.row), mark, currency)) is not None
    }
    opening, closing = labelled.get("opening", first), labelled.get("closing", last)
    if opening is not None and closing is not None and not problems:
        problems = list(_sum_doubts(opening, total((read.amount for read in reads), currency), closing))
    for item in stated:
        if item.kind == "total":
            problems += _total_doubts(reads, item.row, layout, mark, currency)
    return Balances(opening, closing, tuple(problems))


def _chain(reads: Sequence[Read]) -> tuple[Money | None, Money | None, list[Problem]]:
    """First and last balance. Sheets run forwards or backwards; the order with fewer breaks is theirs."""
    if not any(read.balance is not None for read in reads):
        return None, None, []
    forwards, backwards = list(reads), list(reversed(reads))
    ordered = min((forwards, backwards), key=lambda order: len(_breaks(order)))
    breaks = _breaks(ordered)
    if breaks:
        message = f"the balance after row {breaks[0].row.number} does not follow from the one before it"
        return None, None, [Problem("balance_chain", message, f"row {breaks[0].row.number}")]
    start, end = ordered[0], ordered[-1]
    opening = start.balance - start.amount if start.balance is not None else None
    return opening, end.balance, []


def _breaks(reads: Sequence[Read]) -> list[Read]:
    """The rows whose balance does not follow from the last one that was stated."""
    broken: list[Read] = []
    running: Money | None = None
    for read in reads:
        expected = None if running is None else running + read.amount
        if expected is not None and read.balance is not None and read.balance != expected:
            broken.append(read)
        running = expected if read.balance is None else read.balance
    return broken


def _sum_doubts(opening: Money, booked: Money, closing: Money) -> Iterator[Problem]:
    if opening + booked != closing:
        message = (
            f"opening {opening.decimal()} and entries {booked.decimal()} come to "
            f"{(opening + booked).decimal()}, but the closing balance is {closing.decimal()}"
        )
        yield Problem("balance_chain", message, "sheet")


def _total_doubts(
    reads: Sequence[Read], row: SourceRow, layout: Layout, mark: str, currency: str
) -> Iterator[Problem]:
    """A row of totals must agree with the entries, whether it counts out as plus or as minus."""
    amounts = [read.amount.minor for read in reads]
    sums = {
        "debit": sum(minor for minor in amounts if minor < 0),
        "credit": sum(minor for minor in amounts if minor > 0),
        "amount": sum(amounts),
        "total": sum(amounts),
    }
    for field, found in sums.items():
        minor = minor_of(layout.cell(row, field), mark, currency)
        if minor is not None and abs(minor) != abs(found):
            told, comes = Money(minor, currency).decimal(), Money(found, currency).decimal()
            message = f"row {row.number} states a {field} total of {told}, but the entries come to {comes}"
            yield Problem("control_sum", message, f"row {row.number}")
