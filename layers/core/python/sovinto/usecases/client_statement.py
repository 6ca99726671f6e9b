"""A client's statement of account: every movement of what we hold for it, down to the line of the bank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from sovinto.domain.client import Client
from sovinto.domain.law.calendar import Calendar
from sovinto.domain.money import Money
from sovinto.domain.movement import Movement
from sovinto.errors import InvalidInput, UpstreamUnavailable
from sovinto.ports import Book, Cases
from sovinto.usecases.file_movements import is_filed
from sovinto.usecases.statement_line import Sources, StatementLine

MOST_DAYS = 366
"""A statement is of a year at most."""
_ONE_DAY = timedelta(days=1)
_FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)
_READINGS = 3


@dataclass(frozen=True, slots=True)
class Held:
    """Of one currency: `opening` + `came_in` + `went_out` (below zero) = `closing`."""

    currency: str
    opening: Money
    came_in: Money
    went_out: Money

    @property
    def closing(self) -> Money:
        return self.opening + self.came_in + self.went_out


@dataclass(frozen=True, slots=True)
class ClientStatement:
    """What we held for the client before and after the period, and all that moved it: `accounts` are of the
    whole period, whichever of its lines were asked for. `since` is the day of the first movement ever;
    `after` is where the next lines begin, or empty."""

    client_id: str
    client_name: str
    first: date
    last: date
    accounts: tuple[Held, ...]
    lines: tuple[StatementLine, ...]
    since: date | None = None
    after: str = ""


@dataclass(slots=True)
class _Sums:
    opening: int = 0
    came_in: int = 0
    went_out: int = 0

    def add(self, minor: int, *, is_before: bool) -> None:
        if is_before:
            self.opening += minor
        elif minor > 0:
            self.came_in += minor
        else:
            self.went_out += minor


@dataclass(slots=True)
class _Reading:
    sums: dict[str, _Sums]
    shown: list[Movement] = field(default_factory=list)
    began_at: datetime | None = None
    is_more: bool = False


def client_statement(
    client: Client,
    first: date,
    last: date,
    *,
    book: Book,
    cases: Cases,
    calendar: Calendar,
    after: str = "",
    most: int | None = None,
) -> ClientStatement:
    """Both days are counted, by the day of posting where `calendar` is; `most` lines behind `after`.

    Raises InvalidInput for days in the wrong order, or more than MOST_DAYS; UpstreamUnavailable where
    entries are not filed yet and the sums would be wrong.
    """
    check_days(first, last)
    start, end = _midnight(first, calendar), _midnight(last + _ONE_DAY, calendar)
    if not is_filed(cases):
        _check_whole(client, book)
    read = _read(book.movements(client.client_id, end), start, after, most)
    sources = Sources(cases)
    lines = (
        sources.line(one.key, calendar.local_date(one.posted_at), one.entry(), one.amount)
        for one in read.shown
    )
    sums = read.sums or {client.currency: _Sums()}
    return ClientStatement(
        client_id=client.client_id,
        client_name=client.name,
        first=first,
        last=last,
        accounts=tuple(_held(sums)),
        lines=tuple(lines),
        since=calendar.local_date(read.began_at) if read.began_at else None,
        after=read.shown[-1].key if read.is_more and read.shown else "",
    )


def _check_whole(client: Client, book: Book) -> None:
    """All movements must come to what is open for the client. What moves while this reads is read again."""
    for _ in range(_READINGS):
        found: dict[str, int] = {}
        for payable in book.payables(client.client_id):
            collected = payable.collected
            found[collected.currency] = found.get(collected.currency, 0) + collected.minor
        for one in book.movements(client.client_id, _FOR_EVER):
            found[one.amount.currency] = found.get(one.amount.currency, 0) - one.amount.minor
        if not any(found.values()):
            return
    raise UpstreamUnavailable(
        "the statement is not complete: entries from before there were statements are not filed yet; "
        "ask again tomorrow"
    )


def check_days(first: date, last: date) -> None:
    """Raises InvalidInput."""
    if first > last:
        raise InvalidInput("from lies after to; swap them", field="from")
    if (last - first).days >= MOST_DAYS:
        raise InvalidInput(
            f"from and to must be at most {MOST_DAYS} days; ask for one year after the other", field="to"
        )


def _read(movements: Iterable[Movement], start: datetime, after: str, most: int | None) -> _Reading:
    read = _Reading({})
    for one in movements:
        is_before = one.posted_at < start
        read.began_at = read.began_at or one.posted_at
        sums = read.sums.setdefault(one.amount.currency, _Sums())
        sums.add(one.amount.minor, is_before=is_before)
        if is_before or one.key <= after:
            continue
        if most is not None and len(read.shown) == most:
            read.is_more = True
        else:
            read.shown.append(one)
    return read


def _held(sums: dict[str, _Sums]) -> Iterator[Held]:
    for currency, found in sorted(sums.items()):
        parts = (found.opening, found.came_in, found.went_out)
        yield Held(currency, *(Money(minor, currency) for minor in parts))


def _midnight(day: date, calendar: Calendar) -> datetime:
    return datetime.combine(day, time(), tzinfo=calendar.zone)
