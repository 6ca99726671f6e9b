"""The rows of a sheet that are entries: how the file writes days and amounts, and what each row says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sovinto.domain.money import Money
from sovinto.formats.case_file.table import SourceRow, Value, text_of
from sovinto.formats.plain_text import bare, shortened
from sovinto.formats.statement.model import Problem
from sovinto.formats.statement.sheet import days, figures
from sovinto.formats.statement.sheet.layout import Layout

_DAYS = ("booked_on", "value_on")


@dataclass(frozen=True, slots=True)
class Style:
    """How one file writes: `mark` between whole and decimals, `order` of day and month.

    `debit_sign` is -1 where the column of debits holds them without a sign, 1 where with their minus.
    """

    mark: str
    order: str
    debit_sign: int


@dataclass(frozen=True, slots=True)
class Read:
    """One entry as the sheet has it; `balance` is the account after it, None where the row has none."""

    row: SourceRow
    booked_on: date | None
    value_on: date | None
    amount: Money
    balance: Money | None


def is_entry(row: SourceRow, layout: Layout) -> bool:
    """True for a row with a day and some amount of its own."""
    return _has_day(row, layout) and any(
        figures.marks_of(layout.cell(row, field)) for field in ("amount", "debit", "credit")
    )


def is_stray(row: SourceRow, layout: Layout) -> bool:
    """True for a row with an amount where entries have theirs, but no day; or a day, but no amount."""
    amounts = [layout.cell(row, field) for field in ("amount", "debit", "credit")]
    return _has_day(row, layout) != any(figures.marks_of(cell) for cell in amounts)


def style_of(rows: Sequence[SourceRow], layout: Layout, order: str) -> tuple[Style, list[Problem]]:
    """How this file writes, from all its entries at once; `order` is what the caller knows, or empty."""
    amounts = [cell for row in rows for field in layout.figures if (cell := layout.cell(row, field)) != ""]
    dates = [cell for row in rows for field in _DAYS if (cell := layout.cell(row, field)) != ""]
    marks = figures.common_marks(amounts)
    problems = list(_mark_doubts(amounts, marks))
    mark = next(iter(marks), ".") if len(marks) == 1 else "."
    orders = days.common_orders(dates)
    # Nobody who writes a decimal comma puts the month first.
    known = order or ("DMY" if marks == {","} else "")
    if known:
        orders &= {known}
    problems += _order_doubts(dates, orders)
    signs = {_sign(cell) for row in rows if figures.marks_of(cell := layout.cell(row, "debit"))}
    debit_sign = 1 if signs - {0} == {-1} else -1
    if {-1, 1} <= signs:
        message = "some debits have a minus and some have none; their direction is unknown"
        problems.append(Problem("direction_invalid", message, "sheet"))
    return Style(mark, next(iter(sorted(orders)), "DMY"), debit_sign), problems


def _mark_doubts(amounts: Sequence[Value], marks: frozenset[str]) -> Iterator[Problem]:
    if not marks:
        message = "some amounts have a decimal comma and others a decimal point; export the sheet again"
        yield Problem("amount_invalid", message, "sheet")
    doubtful = [text_of(cell) for cell in amounts if figures.is_ambiguous(cell)] if len(marks) > 1 else []
    if doubtful:
        message = f"amounts such as {doubtful[0]!r} can be read two ways; export them with two decimals"
        yield Problem("amount_invalid", message, "sheet")


def _order_doubts(dates: Sequence[Value], orders: frozenset[str]) -> Iterator[Problem]:
    if not orders:
        message = "the days are not all written in one order of day and month; export the sheet again"
        yield Problem("date_invalid", message, "sheet")
    doubtful = [text_of(cell) for cell in dates if days.is_ambiguous(cell)] if len(orders) > 1 else []
    if doubtful:
        message = f"days such as {doubtful[0]!r} can be read two ways; name the order in the profile"
        yield Problem("date_invalid", message, "sheet")


def read_row(row: SourceRow, layout: Layout, style: Style, currency: str) -> Read | Problem:
    """One entry, or why it cannot be read."""
    where = f"row {row.number}"
    found = _minor(row, layout, style, currency)
    if isinstance(found, str):
        code = "direction_invalid" if "direction" in found else "amount_invalid"
        return Problem(code, found, where)
    balance = figures.minor_of(layout.cell(row, "balance"), style.mark, currency)
    booked, value = (days.day_of(layout.cell(row, field), style.order) for field in _DAYS)
    return Read(
        row=row,
        booked_on=booked or value,
        value_on=value,
        amount=Money(found, currency),
        balance=None if balance is None else Money(balance, currency),
    )


def _minor(row: SourceRow, layout: Layout, style: Style, currency: str) -> int | str:
    """Signed minor units, or a sentence about why there are none."""
    if "amount" in layout.columns and layout.cell(row, "amount") != "":
        return _signed(row, layout, style, currency)
    sides: dict[str, int] = {}
    for field in ("debit", "credit"):
        cell = layout.cell(row, field)
        if figures.marks_of(cell) is not None:
            minor = figures.minor_of(cell, style.mark, currency)
            if minor is None:
                return f"{text_of(cell)!r} has more decimals than {currency}"
            sides[field] = minor * (style.debit_sign if field == "debit" else 1)
    filled = [minor for minor in sides.values() if minor]
    if len(filled) > 1:
        return "the row has a debit and a credit; its direction is unknown"
    return filled[0] if filled else 0


def _signed(row: SourceRow, layout: Layout, style: Style, currency: str) -> int | str:
    cell = layout.cell(row, "amount")
    minor = figures.minor_of(cell, style.mark, currency)
    if minor is None:
        return f"{shortened(text_of(cell))!r} is not an amount in {currency}"
    if "direction" not in layout.columns:
        return minor
    word = text_of(layout.cell(row, "direction"))
    sign = layout.profile.directions.get(bare(word) or word.strip())
    if sign is None:
        return f"the direction {shortened(word)!r} is neither debit nor credit"
    if minor < 0 < sign and "balance" not in layout.columns:
        # Some banks mean a minus so; without a balance to prove it, it may as well be money taken back.
        return f"the amount has a minus beside the direction {word!r}; which of them holds is unknown"
    return sign * abs(minor)


def _has_day(row: SourceRow, layout: Layout) -> bool:
    return any(days.orders_of(layout.cell(row, field)) for field in _DAYS)


def _sign(cell: Value) -> int:
    minor = next((m for mark in ".," if (m := figures.minor_of(cell, mark, "EUR")) is not None), 0)
    return (minor > 0) - (minor < 0)
