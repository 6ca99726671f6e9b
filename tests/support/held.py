"""What the bank delivers and people decide about files that are held, as the tests tell it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sovinto.domain.held_file import HeldFile
from sovinto.usecases import settle_held
from sovinto.usecases.bank_line import Books
from sovinto.usecases.import_inbox import LINES, import_inbox
from sovinto.usecases.settle_held import Looked

from tests.support.statements import camt053, line
from tests.support.world import World

DAY = date(2026, 1, 5)


def books_of(world: World) -> Books:
    return Books(world.agency, world.cases, world.clock, world.orders, world.clients)


def run(world: World) -> dict[str, int]:
    """What is not zero of one run."""
    done = import_inbox(
        bank=world.bank,
        agency=world.agency,
        cases=world.cases,
        clock=world.clock,
        orders=world.orders,
        clients=world.clients,
        book=world.book,
    )
    return {count: done[count] for count in ("held", "rejected", *LINES) if done[count]}


def deliver(world: World, data: bytes, name: str = "day.xml") -> dict[str, int]:
    world.bank.write(f"inbox/{name}", data, "application/xml")
    return run(world)


def zero_day(*names: str, minor: int = 3_000, statement_id: str = "S1", back: int = 0) -> bytes:
    """A day that comes to nothing: money in, and sent back; `names` are the bank's of the two lines."""
    one, other = names
    return camt053(
        line(minor, bank_id=one, on=DAY, payer="Matti Meikäläinen"),
        line(-(back or minor), bank_id=other, on=DAY),
        change=minor - (back or minor),
        statement_id=statement_id,
    )


def held(world: World) -> HeldFile:
    (file,) = world.cases.held_files()
    return file


def _ports(world: World) -> dict[str, Any]:
    return {"bank": world.bank, "book": world.book, "books": books_of(world)}


def look(world: World) -> Looked:
    return settle_held.look_at(held(world).digest, **_ports(world))


def retry(world: World, by: str = "col_1") -> HeldFile:
    return settle_held.retry_file(held(world).digest, by=by, books=books_of(world))


def ask(world: World, alike: int = 0, by: str = "col_1", why: str = "the bank says so") -> HeldFile:
    return settle_held.ask_release(held(world).digest, by=by, why=why, alike=alike, **_ports(world))


def release(world: World, alike: int = 0, by: str = "col_2") -> HeldFile:
    return settle_held.release_file(held(world).digest, by=by, alike=alike, **_ports(world))


def reject(world: World, by: str = "col_1", why: str = "the bank sends another") -> HeldFile:
    return settle_held.reject_file(held(world).digest, by=by, why=why, books=books_of(world))


def a_second_zero_day(world: World) -> None:
    """Two statements of one day, each of which comes to nothing; the second is held."""
    assert deliver(world, zero_day("A1", "A2"), "first.xml") == {"suspense": 2}
    second = zero_day("B1", "B2", minor=4_500, statement_id="S2")
    assert deliver(world, second, "second.xml") == {"held": 1}
