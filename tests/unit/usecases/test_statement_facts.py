"""How its payment was found, as a client is told it: nothing of other clients, staff or accounts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sovinto.countries import load_calendar
from sovinto.domain.case import Case
from sovinto.entry.statement import sheet_of, statement_json
from sovinto.entry.statement_page import line_row
from sovinto.formats.payment_reference import normalise
from sovinto.formats.statement_of_account import as_csv
from sovinto.ids import ClientId
from sovinto.usecases.client_statement import ClientStatement, client_statement
from sovinto.usecases.statement_line import MATCHED_BY
from sovinto.usecases.suspense import post_suspense

from tests.support.book_world import change, entry_keys
from tests.support.held import deliver
from tests.support.memory_table import MemoryTable
from tests.support.moves import owed
from tests.support.statements import batch, camt053, line
from tests.support.world import World


def of_two_clients() -> tuple[World, Case, Case]:
    """One debtor, a case of each client, and one transfer that names both."""
    world = World()
    own, first = world.place(reference="A-1"), world.client
    world.client = replace(first, client_id=ClientId("cli_other"), name="Hammaslaakari Oy")
    world.clients.save(world.client)
    other = world.place(reference="B-1", principal=7_000)
    world.client = first
    whole = owed(world, own) + owed(world, other)
    named = (own.payment_reference, other.payment_reference)
    told = camt053(batch(whole, named, on=world.clock.now().date()), change=whole)
    assert deliver(world, told) == {"matched": 1}
    return world, own, other


def statement(world: World) -> ClientStatement:
    year = (date(2026, 1, 1), date(2026, 12, 31))
    return client_statement(
        world.client, *year, book=world.book, cases=world.cases, calendar=load_calendar("FI")
    )


def told(made: ClientStatement) -> str:
    """All that leaves by any way."""
    page = [line_row(one, set())["matched"] for one in made.lines]
    return f"{json.dumps(statement_json(made, [], []))}{as_csv(sheet_of(made))}{page}"


def as_it_once_was(world: World, fact: tuple[str, str]) -> None:
    """Entries of before hold more than is given out today."""
    assert isinstance(world.table, MemoryTable)
    items = world.table.items
    (key,) = [key for key in entry_keys(world) if items[key].get("client_key") == "HELD#cli_demo"]

    def alter(body: dict[str, Any]) -> None:
        assert MATCHED_BY in str(body["explanation"])
        body["explanation"]["inputs"].append(list(fact))

    change(world, key, alter)


def test_a_transfer_for_two_clients_tells_each_of_its_own_case_only() -> None:
    world, own, other = of_two_clients()
    made = statement(world)
    (one,) = made.lines
    assert one.matched is not None and one.matched.rule == "references"
    assert one.matched.facts == (("reference", normalise(own.payment_reference)),)
    assert normalise(other.payment_reference) not in told(made)


def test_the_entry_itself_names_its_own_case_only() -> None:
    world, own, other = of_two_clients()
    for case, stranger in ((own, other), (other, own)):
        (paid,) = [e for e in world.cases.entries(case.case_id) if e.kind == "payment_allocated"]
        assert paid.explanation is not None
        values = [value for _, value in paid.explanation.inputs]
        assert normalise(case.payment_reference) in values
        assert normalise(stranger.payment_reference) not in values


@pytest.mark.parametrize(
    "fact",
    [
        ("reference", "6346730994063"),
        ("reference_one_slip_away", "6346730994063"),
        ("case_number", "case_999999"),
        ("invoice_number", "STRANGE1"),
        ("by", "col_77"),
        ("account_seen_before", "acc_digest"),
        ("whatever_comes_next", "secret"),
    ],
)
def test_what_an_old_entry_holds_of_others_does_not_leave(fact: tuple[str, str]) -> None:
    world, _, _ = of_two_clients()
    as_it_once_was(world, fact)
    assert fact[1] not in told(statement(world))


def test_who_posted_it_by_hand_is_not_told() -> None:
    world = World()
    case = world.place(reference="A-1")
    deliver(world, camt053(line(1_234, on=world.clock.now().date()), change=1_234))
    (row,) = world.book.suspense()
    post_suspense(
        row.payment.payment_id,
        case.case_id,
        by="col_77",
        book=world.book,
        cases=world.cases,
        clock=world.clock,
    )
    made = statement(world)
    assert made.lines[0].matched is not None and made.lines[0].matched.rule == "by_hand"
    assert made.lines[0].matched.facts == () and "col_77" not in told(made)
