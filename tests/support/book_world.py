"""A small world with money of every kind in its books, and how somebody might meddle with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sovinto.adapters.dynamo.clients import TableBook
from sovinto.usecases.book_pass import Sources
from sovinto.usecases.import_inbox import import_inbox
from sovinto.usecases.prove_books import Proof, prove_books
from sovinto.usecases.seal_days import seal_days

from tests.support.books import by_account
from tests.support.memory_table import MemoryTable
from tests.support.moves import owed
from tests.support.people import AGENCY, DEBTOR
from tests.support.statements import camt053, line
from tests.support.world import START, World


def sources(world: World) -> Sources:
    return Sources(
        TableBook(world.table),
        world.cases,
        world.clients,
        world.bank,
        world.client.country,
        world.orders,
        START.date(),
    )


def prove(world: World, **given: Any) -> Proof:
    return prove_books(sources(world), clock=world.clock, **given)


OTHER = "Oskari Esimerkki"


def seal(world: World) -> int:
    return seal_days(TableBook(world.table), cases=world.cases, clock=world.clock, beginning=START.date())


def deliver(
    world: World, name: str, *lines: tuple[int, str], end_to_end: str = "", payer: str = DEBTOR.name
) -> dict[str, int]:
    """One statement of today with a line per (cents, reference)."""
    booked = [
        line(
            minor,
            reference=reference,
            end_to_end=end_to_end,
            payer=payer if reference else "",
            bank_id=f"{name}-{number}",
            on=world.clock.now().date(),
        )
        for number, (minor, reference) in enumerate(lines)
    ]
    change = sum(minor for minor, _ in lines)
    # Each statement goes on from what the books have by then.
    opening = 1_000_000 + by_account(world.ledger(60)).get("bank:collection", 0)
    data = camt053(*booked, change=change, statement_id=name, opening=opening)
    world.bank.write(f"inbox/{name}.xml", data, "application/xml")
    return import_inbox(bank=world.bank, agency=AGENCY, cases=world.cases, clock=world.clock)


def lived(parts: tuple[int, ...] = (3_000, 20_000, 700)) -> World:
    """Cases placed and asked; part, over and unknown payments; a remittance, and its debit; sealed."""
    world = World()
    first, second = world.place(reference="A-1"), world.place(reference="A-2", principal=4_000, name=OTHER)
    world.live(first.case_id, 3)
    deliver(world, "one", (parts[0], first.payment_reference), (parts[2], "1232"))
    world.clock.advance(days=1)
    deliver(world, "two", (parts[1], second.payment_reference), payer=OTHER)
    world.clock.advance(days=1)
    world.pay_clients(reads_book=False)
    (remitted,) = [entry for entry in world.ledger(60) if entry.kind == "remitted"]
    net = -remitted.amount_on("bank:in_transit", "EUR").minor
    world.clock.advance(days=2)
    deliver(world, "three", (-net, ""), end_to_end=remitted.source)
    deliver(world, "four", (owed(world, first), first.payment_reference))
    world.clock.advance(days=1)
    return world


Key = tuple[str, str]


def entry_keys(world: World) -> list[Key]:
    assert isinstance(world.table, MemoryTable)
    return sorted(key for key in world.table.items if key[1].startswith("ENTRY#"))


def change(world: World, key: Key, alter: Callable[[dict[str, Any]], None]) -> str:
    """Alters the stored JSON of one entry behind everybody's back; returns its id."""
    assert isinstance(world.table, MemoryTable)
    body = json.loads(str(world.table.items[key]["body"]))
    entry_id = str(body["entry_id"])
    alter(body)
    world.table.items[key]["body"] = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return entry_id
