"""A statement that begins at a balance carried forward is the one that adds up everything, to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sovinto.adapters.dynamo.cases import TableCases
from sovinto.adapters.dynamo.clients import TableBook
from sovinto.countries import load_calendar
from sovinto.domain import accounts
from sovinto.domain.ledger import Entry, Line
from sovinto.domain.money import Money
from sovinto.ids import ClientId, EntryId, EventId
from sovinto.ports import Change, Guard
from sovinto.usecases.carry_forward import Load, carry_forward
from sovinto.usecases.client_statement import ClientStatement, client_statement
from sovinto.usecases.file_movements import ALL, FILED
from sovinto.usecases.prove_carried import CarriedRows

from tests.support.memory_table import MemoryTable
from tests.support.people import CLIENT
from tests.support.power import examples
from tests.support.world import World

OTHER = ClientId("cli_other")
ZONES = [ZoneInfo(name) for name in ("Europe/Helsinki", "Europe/London", "America/New_York", "UTC")]
FIRST = date(2026, 1, 1)
GAPS = st.sampled_from([0, 1, 3_600, 7_200, 86_400]) | st.integers(0, 60 * 86_400)
# Of the end of a month by UTC, to either side of every zone's own.
EDGES = st.sampled_from([-10_801, -10_800, -7_201, -7_200, -1, 0, 1, 14_400, 17_999, 18_000])
STARTS = st.sampled_from(
    [
        datetime(2026, 1, 15, 12, tzinfo=UTC),
        datetime(2026, 1, 31, 21, 59, 59, tzinfo=UTC),
        datetime(2026, 3, 28, 22, tzinfo=UTC),
        datetime(2026, 3, 31, 21, tzinfo=UTC),
    ]
)


@dataclass(frozen=True, slots=True)
class Posted:
    """So many seconds after the one before, or beside the next end of a month, where that is later.
    `carried` is how much the nightly run behind it may read; None where there is none."""

    gap: int
    edge: int | None
    minor: int
    currency: str
    client_id: ClientId
    carried: int | None


HISTORIES = st.lists(
    st.builds(
        Posted,
        GAPS,
        st.none() | EDGES,
        st.integers(-10_000, 10_000),
        st.sampled_from(["EUR", "EUR", "SEK"]),
        st.sampled_from([CLIENT.client_id, CLIENT.client_id, OTHER]),
        st.none() | st.integers(1, 4) | st.just(1_000),
    ),
    max_size=25,
)


def after(at: datetime, one: Posted) -> datetime:
    if one.edge is None:
        return at + timedelta(seconds=one.gap)
    month = (at.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0, minute=0, second=0)
    return max(at, month + timedelta(seconds=one.edge))


def lived(history: Sequence[Posted], start: datetime, zone: ZoneInfo) -> World:
    world = World()
    world.cases.commit(Change(guards=(Guard(FILED, ALL),)))
    at = start
    for number, one in enumerate(history):
        at = after(at, one)
        # The number of an entry says nothing of its place within a second.
        entry_id = EntryId(f"ent_{number * 37 % 101:03d}_{number}")
        legs = (accounts.BANK, one.minor), (accounts.client_payable(one.client_id), -one.minor)
        lines = tuple(Line(account, Money(minor, one.currency)) for account, minor in legs)
        entry = Entry(entry_id, "moved", at, at.date(), lines, EventId(f"evt_{number}"))
        world.cases.commit(Change(entries=(entry,)))
        world.clock.at = at
        if one.carried is not None:
            carry(world, zone, one.carried)
    return world


def carry(world: World, zone: ZoneInfo, most: int) -> int:
    load = Load(most)
    return carry_forward(
        CLIENT.client_id, book=world.book, cases=world.cases, clock=world.clock, zone=zone, load=load
    )


def without_rows(world: World) -> World:
    assert isinstance(world.table, MemoryTable)
    bare = MemoryTable()
    bare.items = {key: item for key, item in world.table.items.items() if not key[0].startswith("CARRIED#")}
    return World(table=bare)


def paged(
    world: World, zone: ZoneInfo, days: tuple[date, date], most: int | None
) -> tuple[ClientStatement, ...]:
    """All its pages, no more than there may be lines."""
    pages: list[ClientStatement] = []
    while not pages or (pages[-1].after and len(pages) <= 25):
        after = pages[-1].after if pages else ""
        pages.append(
            client_statement(
                CLIENT,
                *days,
                book=TableBook(world.table),
                cases=TableCases(world.table),
                calendar=replace(load_calendar("FI"), zone=zone),
                after=after,
                most=most,
            )
        )
    return tuple(pages)


@settings(max_examples=examples(120))
@given(
    history=HISTORIES,
    start=STARTS,
    zones=st.tuples(st.sampled_from(ZONES), st.sampled_from(ZONES)),
    first=st.integers(0, 500).map(lambda days: FIRST + timedelta(days=days))
    | st.builds(date, st.just(2026), st.integers(1, 12), st.sampled_from([1, 1, 2, 28])),
    length=st.sampled_from([0, 27, 30, 89, 365]),
    most=st.sampled_from([None, 1, 2, 7]),
    is_late=st.booleans(),
)
@example(
    history=[
        Posted(0, None, 100, "EUR", CLIENT.client_id, None),
        Posted(86_400 * 20, None, -30, "EUR", CLIENT.client_id, 1_000),
    ],
    start=datetime(2026, 1, 31, 21, 59, 59, tzinfo=UTC),
    zones=(ZONES[0], ZONES[0]),
    first=date(2026, 2, 1),
    length=27,
    most=1,
    is_late=False,
)
@example(
    history=[Posted(0, 0, 100, "EUR", CLIENT.client_id, None)],
    start=datetime(2026, 2, 1, tzinfo=UTC),
    zones=(ZONES[2], ZONES[0]),
    first=date(2026, 3, 1),
    length=27,
    most=None,
    is_late=True,
)
def test_with_rows_it_is_the_statement_without_rows(
    history: list[Posted],
    start: datetime,
    zones: tuple[ZoneInfo, ZoneInfo],
    first: date,
    length: int,
    most: int | None,
    is_late: bool,
) -> None:
    """Also where the rows end by another clock than the days of the statement."""
    world = lived(history, start, zones[0])
    if is_late:
        world.clock.advance(days=40)
        carry(world, zones[0], 1_000)
    days = first, first + timedelta(days=length)
    pages = paged(world, zones[1], days, most)
    (whole,) = paged(without_rows(world), zones[1], days, None)
    assert [line for page in pages for line in page.lines] == list(whole.lines)
    assert {(page.accounts, page.since) for page in pages} == {(whole.accounts, whole.since)}
    for held in whole.accounts:
        of_currency = [line.amount.minor for line in whole.lines if line.amount.currency == held.currency]
        assert held.closing.minor - held.opening.minor == sum(of_currency)


@settings(max_examples=examples(60))
@given(history=HISTORIES, start=STARTS, zone=st.sampled_from(ZONES), most=st.integers(1, 5))
def test_missed_runs_are_made_up_for_and_every_row_is_the_ledger(
    history: list[Posted], start: datetime, zone: ZoneInfo, most: int
) -> None:
    world = lived(history, start, zone)
    for _ in range(len(history) + 20):
        if not carry(world, zone, most):
            break
    assert carry(world, zone, 1_000) == 0
    found = CarriedRows.read(TableBook(world.table), world.clients, world.clock.now())
    for entry in world.ledger(3_000):
        found.add(entry)
    assert list(found.breaks()) == []
    mine = [
        entry for entry in world.ledger(3_000) if accounts.client_payable(CLIENT.client_id) in str(entry)
    ]
    rows = world.book.carried_rows(CLIENT.client_id, world.clock.now())
    local = world.clock.now().astimezone(zone)
    over = [one for one in mine if f"{one.posted_at.astimezone(zone):%Y-%m}" < f"{local:%Y-%m}"]
    assert bool(rows) == bool(over) or local.day == 1
