"""A client's statement of account: every movement of what we hold for it, down to the line of the bank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from operator import attrgetter

from sovinto.domain.carried_forward import NOTHING, CarriedForward, newest
from sovinto.domain.client import Client
from sovinto.domain.law.calendar import Calendar
from sovinto.domain.money import Money
from sovinto.domain.movement import Movement
from sovinto.errors import InvalidInput, UpstreamUnavailable
from sovinto.ids import ClientId
from sovinto.ports import Book, Cases
from sovinto.usecases.file_movements import is_filed
from sovinto.usecases.statement_line import Sources, StatementLine

MOST_DAYS = 366
"""A statement is of a year at most."""
NO_AFTER = "after must be `after` of the page before; leave it out to begin"
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
class _Past:
    """What moved for one client, begun at the newest balance that was carried forward."""

    client_id: ClientId
    book: Book
    rows: Sequence[tuple[str, str]]

    def until(self, end: datetime, known: CarriedForward = NOTHING) -> CarriedForward:
        """All before `end`; `known` is what was added up already."""
        begun = max(newest(self.rows, end), known, key=attrgetter("end"))
        return begun.on(self.book.moved(self.client_id, begun.end, end), end)


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

    What moved before is not read as far as it was carried forward. Raises InvalidInput for days in the
    wrong order, more than MOST_DAYS, or an `after` that no page ended with; UpstreamUnavailable where
    entries are not filed yet and the sums would be wrong.
    """
    check_days(first, last)
    start, end = _midnight(first, calendar), _midnight(last + _ONE_DAY, calendar)
    if not is_filed(cases):
        _check_whole(client, book)
    past = _Past(client.client_id, book, book.carried_rows(client.client_id, end))
    opening = past.until(start)
    found = book.movements(client.client_id, max(start, _second(after) or start), end)
    shown, is_more = _page(found, after, most)
    if after or is_more:
        closing = past.until(end, opening)
    else:
        # Sums and lines by one reading: between two of them more may be posted.
        closing = opening.on(((one.posted_at, one.amount) for one in shown), end)
    sources = Sources(cases)
    lines = (
        sources.line(one.key, calendar.local_date(one.posted_at), one.entry(), one.amount) for one in shown
    )
    return ClientStatement(
        client_id=client.client_id,
        client_name=client.name,
        first=first,
        last=last,
        accounts=tuple(_held(opening, closing, closing.came_in or (client.currency,))),
        lines=tuple(lines),
        since=calendar.local_date(closing.since) if closing.since else None,
        after=shown[-1].key if is_more and shown else "",
    )


def _check_whole(client: Client, book: Book) -> None:
    """All movements must come to what is open for the client. What moves while this reads is read again."""
    for _ in range(_READINGS):
        found: dict[str, int] = {}
        for payable in book.payables(client.client_id):
            collected = payable.collected
            found[collected.currency] = found.get(collected.currency, 0) + collected.minor
        moved = NOTHING.on(book.moved(client.client_id, NOTHING.end, _FOR_EVER), _FOR_EVER)
        if not any(found.get(name, 0) != moved.held(name) for name in found.keys() | moved.came_in.keys()):
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


def _page(movements: Iterator[Movement], after: str, most: int | None) -> tuple[list[Movement], bool]:
    """`most` of those behind `after`, and whether there are more: what comes later is not read."""
    behind = (one for one in movements if one.key > after)
    shown = list(islice(behind, most))
    return shown, most is not None and next(behind, None) is not None


def _second(after: str) -> datetime | None:
    """When the line that a page ended with was posted. Raises InvalidInput."""
    try:
        return datetime.fromisoformat(after.partition("#")[0]) if after else None
    except ValueError as wrong:
        raise InvalidInput(NO_AFTER, field="after") from wrong


def _held(opening: CarriedForward, closing: CarriedForward, currencies: Iterable[str]) -> Iterator[Held]:
    for name in sorted(currencies):
        parts = (
            opening.held(name),
            closing.came_in.get(name, 0) - opening.came_in.get(name, 0),
            closing.went_out.get(name, 0) - opening.went_out.get(name, 0),
        )
        yield Held(name, *(Money(minor, name) for minor in parts))


def _midnight(day: date, calendar: Calendar) -> datetime:
    return datetime.combine(day, time(), tzinfo=calendar.zone)
