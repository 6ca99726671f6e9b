"""The ledger for an accountant: SIE 4 and a journal, straight from the entries.

A voucher is an entry, dated by the day it was posted (a closed month stays closed), numbered from the first
of the year in the order of posting: so every export of a year numbers alike. Claims of clients against
debtors are not ours: they have no account number, and are in the journal only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sovinto.domain.agency import Agency
from sovinto.domain.chart import Chart, ChartRow
from sovinto.domain.law.calendar import Calendar
from sovinto.domain.ledger import Entry, Line
from sovinto.errors import InvalidInput
from sovinto.formats.journal_csv import JournalRow
from sovinto.formats.sie4 import SieHead, SieRow, Voucher
from sovinto.ports import Book

BEGINNING = date(2025, 1, 1)
_ONE_DAY = timedelta(days=1)
# Bokföringslagen (1999:1078) 3 kap. 3 §: a year of accounts has at most eighteen months.
_LONGEST_YEAR = 549


@dataclass(frozen=True, slots=True)
class Period:
    """Days of posting where we are, both counted; the year of accounts begins on `year_from` and ends on
    `year_to`, by default twelve months long. Raises InvalidInput for days that do not lie in one year."""

    year_from: date
    first: date
    last: date
    year_to: date | None = None

    @property
    def year_end(self) -> date:
        return self.year_to or _year_end(self.year_from)

    def __post_init__(self) -> None:
        if not self.year_from <= self.first <= self.last:
            raise InvalidInput("year-from, from and to must be in order", field="from")
        if self.last > self.year_end:
            raise InvalidInput(
                f"to {self.last} lies after {self.year_end}, the last day of the year of accounts; export "
                "each year by itself, or name its days with year-from and year-to",
                field="to",
            )
        if (self.year_end - self.year_from).days > _LONGEST_YEAR:
            raise InvalidInput("year-to must lie within 18 months of year-from", field="year_to")


@dataclass(frozen=True, slots=True)
class Books:
    """What is read: the ledger of one currency, from `beginning` on."""

    book: Book
    chart: Chart
    calendar: Calendar
    currency: str
    beginning: date = BEGINNING

    def entries(self, until: date) -> Iterator[tuple[date, Entry]]:
        """(local day of posting, entry) in the order of posting."""
        day = min(self.beginning, until) - _ONE_DAY
        while day <= until + _ONE_DAY:
            for entry in self.book.entries(day.isoformat()):
                on = self.calendar.local_date(entry.posted_at)
                if on <= until:
                    yield on, entry
            day += _ONE_DAY


@dataclass(slots=True)
class _Sums:
    opening: dict[str, int] = field(default_factory=dict)
    closing: dict[str, int] = field(default_factory=dict)
    results: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def sie_head(books: Books, period: Period, agency: Agency, now: datetime) -> SieHead:
    """Balances at the beginning of the year and at the end of the period. Raises InvalidInput for an
    account that the chart lacks."""
    sums = _Sums()
    for on, entry in books.entries(period.last):
        for row, minor in _booked(entry, books):
            is_before = on < period.year_from
            _count(sums, row, minor, books.chart.retained, is_before=is_before)
    return SieHead(
        company=agency.contact.name,
        registration_id=agency.contact.registration_id,
        currency=books.currency,
        made_on=books.calendar.local_date(now),
        year_from=period.year_from,
        year_to=period.year_end,
        accounts=tuple(sorted(sums.names.items())),
        opening=_without_zeros(sums.opening),
        closing=_without_zeros(sums.closing),
        results=_without_zeros(sums.results),
    )


def _count(sums: _Sums, row: ChartRow, minor: int, retained: ChartRow, *, is_before: bool) -> None:
    """The result of years before is a balance on the account that retains it."""
    if row.is_result and not is_before:
        sums.names.setdefault(row.number, row.name)
        sums.results[row.number] = sums.results.get(row.number, 0) + minor
        return
    kept = retained if row.is_result else row
    sums.names.setdefault(kept.number, kept.name)
    sums.closing[kept.number] = sums.closing.get(kept.number, 0) + minor
    if is_before:
        sums.opening[kept.number] = sums.opening.get(kept.number, 0) + minor


def _without_zeros(sums: Mapping[str, int]) -> dict[str, int]:
    return {number: minor for number, minor in sums.items() if minor}


def vouchers(books: Books, period: Period) -> Iterator[Voucher]:
    """Those of the period, with the numbers they have in the year."""
    for number, on, entry in _numbered(books, period):
        rows = tuple(
            SieRow(row.number, line.amount, line.account)
            for row, line in _lines(entry, books)
            if row.number and line.amount
        )
        if rows:
            yield Voucher(number, on, _text_of(entry), rows)


def journal(books: Books, period: Period) -> Iterator[JournalRow]:
    """Every line of the period, those without an account number too."""
    for number, on, entry in _numbered(books, period):
        for row, line in _lines(entry, books):
            yield JournalRow(
                on=on,
                voucher=f"A{number}" if row.number else "",
                account=row.number,
                account_name=row.name,
                ledger_account=line.account,
                amount=line.amount,
                text=_text_of(entry),
                value_on=entry.value_on,
                source=entry.source,
                entry_id=entry.entry_id,
            )


def _numbered(books: Books, period: Period) -> Iterator[tuple[int, date, Entry]]:
    number = 0
    for on, entry in books.entries(period.last):
        if on < period.year_from:
            continue
        number += any(minor for _, minor in _booked(entry, books))
        if on >= period.first:
            yield number, on, entry


def _lines(entry: Entry, books: Books) -> Iterator[tuple[ChartRow, Line]]:
    for line in entry.lines:
        if line.amount.currency == books.currency:
            yield books.chart.row_of(line.account), line


def _booked(entry: Entry, books: Books) -> Iterator[tuple[ChartRow, int]]:
    for row, line in _lines(entry, books):
        if row.number:
            yield row, line.amount.minor


def _text_of(entry: Entry) -> str:
    return " ".join(part for part in (entry.kind, entry.label) if part)


def _year_end(first: date) -> date:
    if (first.month, first.day) == (2, 29):
        return date(first.year + 1, 2, 28)
    return first.replace(year=first.year + 1) - _ONE_DAY
