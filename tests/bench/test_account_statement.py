"""A client's statement of last month, with balances carried forward beside one that adds up everything."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from sovinto.adapters.dynamo.table import INDEX_KEYS, Item, Write
from sovinto.countries import load_calendar
from sovinto.domain import accounts
from sovinto.domain.ledger import Entry, Line
from sovinto.domain.money import Money
from sovinto.ids import EntryId, EventId
from sovinto.ports import Change, Guard
from sovinto.usecases.carry_forward import Load, carry_forward
from sovinto.usecases.client_statement import ClientStatement, client_statement
from sovinto.usecases.file_movements import ALL, FILED

from tests.support.memory_table import MemoryTable
from tests.support.people import CLIENT
from tests.support.world import World

MOVEMENTS = 20_000
DAYS = 730
BEGUN = datetime(2024, 6, 1, 9, tzinfo=UTC)
CALENDAR = load_calendar("FI")


class SeekingTable(MemoryTable):
    """Goes to the first key of a range as the service does, and counts the items of indexes it reads."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0
        self._sorted: dict[tuple[str, str], list[Item]] = {}

    def transact(self, writes: Sequence[Write]) -> None:
        self._sorted.clear()
        super().transact(writes)

    def query(self, pk: str, prefix: str = "", *, upto: str = "") -> Iterator[Item]:
        if ("", pk) not in self._sorted:
            self._sorted["", pk] = list(super().query(pk))
        return (
            item
            for item in self._sorted["", pk]
            if str(item["sk"]).startswith(prefix) and (not upto or str(item["sk"]) <= upto)
        )

    def index(
        self,
        name: str,
        pk: str,
        *,
        since: str = "",
        upto: str | None = None,
        limit: int | None = None,
        only: Sequence[str] = (),
    ) -> Iterator[Item]:
        sort = INDEX_KEYS[name][1]
        if (name, pk) not in self._sorted:
            self._sorted[name, pk] = list(super().index(name, pk))
        items = self._sorted[name, pk]
        first = bisect_left(items, since, key=lambda item: str(item[sort]))
        for item in islice(items, first, None if limit is None else first + limit):
            if upto is not None and str(item[sort]) > upto:
                return
            self.read += 1
            yield {key: item[key] for key in only} if only else dict(item)


def two_years(table: SeekingTable) -> World:
    """Evenly spread: nine payments in, then all of it out."""
    world = World(table=table)
    world.cases.commit(Change(guards=(Guard(FILED, ALL),)))
    payable, step = accounts.client_payable(CLIENT.client_id), timedelta(days=DAYS) / MOVEMENTS
    for number in range(MOVEMENTS):
        at, minor = BEGUN + number * step, 1_000 if number % 10 else -9_000
        lines = Line(accounts.BANK, Money(minor, "EUR")), Line(payable, Money(-minor, "EUR"))
        names = EntryId(f"ent_{number:05d}"), EventId(f"evt_{number:05d}")
        world.cases.commit(
            Change(entries=(Entry(names[0], "moved", at, at.date(), lines, names[1]),)),
        )
    world.clock.at = BEGUN + timedelta(days=DAYS)
    return world


def page(world: World, after: str = "") -> ClientStatement:
    return client_statement(
        CLIENT,
        date(2026, 4, 1),
        date(2026, 4, 30),
        book=world.book,
        cases=world.cases,
        calendar=CALENDAR,
        after=after,
        most=50,
    )


def measured(world: World, table: SeekingTable, after: str) -> tuple[float, int]:
    """Seconds, the best of five, and movements read."""
    best = float("inf")
    for _ in range(5):
        table.read, begun = 0, time.perf_counter()
        page(world, after)
        best = min(best, time.perf_counter() - begun)
    return best, table.read


def test_a_page_of_last_month() -> None:
    table = SeekingTable()
    world = two_years(table)
    second = page(world).after
    pages = (("first page", ""), ("second page", second))
    without = {name: measured(world, table, after) for name, after in pages}
    expected = [page(world, after) for _, after in pages]
    rows = carry_forward(
        CLIENT.client_id,
        book=world.book,
        cases=world.cases,
        clock=world.clock,
        zone=CALENDAR.zone,
        load=Load(),
    )
    print(f"\n{MOVEMENTS:,} movements, {rows} rows")
    assert [page(world, after) for _, after in pages] == expected
    for name, after in pages:
        seconds, read = measured(world, table, after)
        before, all_read = without[name]
        print(
            f"{name}: {seconds / before:.3f} of the time without rows ({1_000 * seconds:.1f} ms "
            f"to {1_000 * before:.1f} ms), {read:,} movements read of {all_read:,}"
        )
        assert read < all_read
