"""Collected money is paid on once; fee invoices come once a month with numbers without gaps."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from sovinto.domain.document import Document
from sovinto.domain.remittance import Remittance
from sovinto.ids import ClientId
from sovinto.usecases.partly import PartlyFailed
from sovinto.usecases.remit_to_client import MAX_LINES

from tests.support.books import by_account, check_books
from tests.support.moves import owed, pay
from tests.support.outside import MemoryFiles, PlainPress
from tests.support.race import RacingTable
from tests.support.world import CLIENT, World

PAYABLE = f"client:{CLIENT.client_id}:payable"


def documents(world: World, kind: str) -> list[Document]:
    return [item for item in world.clients.documents(CLIENT.client_id) if item.kind == kind]


def test_what_was_collected_is_paid_on_less_our_fees_with_vat_inside() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 17)
    minor = owed(world, case)
    pay(world, case, minor)
    assert world.pay_clients()["remittances"] == 1
    assert isinstance(world.press, PlainPress)
    (made,) = world.press.remittances
    assert made.collected.minor == minor
    assert made.retained.minor == 500 + 1_400, "reminder and demand fee (513/1999 10 a §)"
    sums = by_account(world.ledger())
    assert sums[PAYABLE] == 0
    assert sums["bank:in_transit"] == -made.net.minor
    assert sums["vat:output"] + sums["income:collection_fees"] == -made.retained.minor
    assert sums["vat:output"] == -round(made.retained.minor * 255 / 1255)
    check_books(world.ledger())


def test_paying_twice_pays_once() -> None:
    world = World()
    pay(world, world.place(), 4_000)
    assert world.pay_clients() == {"remittances": 1, "fee_invoices": 0, "bank_files": 1}
    assert world.pay_clients() == {"remittances": 0, "fee_invoices": 0, "bank_files": 0}
    assert len(world.bank.keys("outgoing/")) == 1


def test_a_run_that_died_before_the_bank_file_is_made_good() -> None:
    table = RacingTable()
    world = World(table=table)
    pay(world, world.place(), 4_000)
    world.bank = FullDisk()
    with pytest.raises(PartlyFailed):
        world.pay_clients()
    world.bank = MemoryFiles()
    world.clock.advance(hours=1)
    assert world.pay_clients() == {"remittances": 0, "fee_invoices": 0, "bank_files": 1}
    assert world.pay_clients() == {"remittances": 0, "fee_invoices": 0, "bank_files": 0}
    assert world.orders.unsent() == ()


def test_a_twin_run_pays_once_and_goes_on() -> None:
    table = RacingTable()
    world = World(table=table)
    pay(world, world.place(), 4_000)
    table.before = [world.pay_clients]
    assert world.pay_clients()["remittances"] == 0
    assert by_account(world.ledger())[PAYABLE] == 0
    assert len(documents(world, "remittance_statement")) == 1
    check_books(world.ledger())


def test_many_payments_are_paid_in_several_transfers() -> None:
    world = World()
    case = world.place(principal=1_000_000)
    for number in range(MAX_LINES + 1):
        pay(world, case, 1_000, name=f"pay_{number:03d}")
        world.clock.advance(minutes=1)
    assert world.pay_clients()["remittances"] == 2
    assert by_account(world.ledger())["bank:in_transit"] == -1_000 * (MAX_LINES + 1)
    assert len(world.bank.keys("outgoing/")) == 1, "one file for all of the day"


def test_a_month_is_invoiced_once() -> None:
    world = World()
    world.place(reference="A")
    world.place(reference="B")
    assert world.pay_clients()["fee_invoices"] == 0, "the month is not over"
    world.clock.advance(days=30)
    assert world.pay_clients()["fee_invoices"] == 1
    assert world.pay_clients()["fee_invoices"] == 0
    assert isinstance(world.press, PlainPress)
    (invoice,) = world.press.invoices
    assert (invoice.number, invoice.net.minor, invoice.gross.minor) == (1, 2_000, 2_510)
    sums = by_account(world.ledger())
    assert sums[f"client:{CLIENT.client_id}:invoiced"] == 2_510
    assert (sums["income:setup_fees"], sums["vat:output"]) == (-2_000, -510)
    check_books(world.ledger())


def test_a_month_without_cases_has_no_invoice() -> None:
    world = World()
    world.place()
    world.clock.advance(days=31)
    assert world.pay_clients()["fee_invoices"] == 1
    world.clock.advance(days=31)
    assert world.pay_clients()["fee_invoices"] == 0


def test_a_month_that_nobody_ran_in_is_invoiced_later() -> None:
    world = World()
    world.place()
    world.clock.advance(days=85)
    assert world.pay_clients()["fee_invoices"] == 1
    assert world.pay_clients()["fee_invoices"] == 0


def test_numbers_of_invoices_have_no_gap() -> None:
    world = World()
    other = replace(CLIENT, client_id=ClientId("cli_other"), name="Other Oy")
    world.clients.save(other)
    for month in range(3):
        world.client = CLIENT
        world.place(reference=f"A{month}")
        world.client = other
        world.place(reference=f"B{month}")
        world.clock.advance(days=31)
        assert world.pay_clients()["fee_invoices"] == 2
    assert isinstance(world.press, PlainPress)
    assert [invoice.number for invoice in world.press.invoices] == [1, 2, 3, 4, 5, 6]
    assert world.clients.last_invoice_number() == 6


def test_a_twin_run_invoices_once() -> None:
    table = RacingTable()
    world = World(table=table)
    world.place()
    world.clock.advance(days=30)
    table.before = [world.pay_clients]
    assert world.pay_clients()["fee_invoices"] == 0
    assert [item.title for item in documents(world, "fee_invoice")] == ["1"]


@pytest.mark.parametrize("kind", ["remittance_statement", "fee_invoice"])
def test_every_document_is_stored_before_it_is_listed(kind: str) -> None:
    world = World()
    pay(world, world.place(), 4_000)
    world.clock.advance(days=30)
    world.pay_clients()
    for item in documents(world, kind):
        assert world.documents.read(item.file_key).startswith(b"%PDF")
    assert documents(world, kind)


def test_what_is_remitted_is_not_read_again() -> None:
    world = World()
    pay(world, world.place(), 4_000)
    assert len(world.clients.payables(CLIENT.client_id)) == 1
    world.pay_clients()
    assert world.clients.payables(CLIENT.client_id) == ()
    stored = world.table.query(f"CLIENT#{CLIENT.client_id}", "PAYABLE#")
    assert [item.get("work_queue") for item in stored] == [None]


@dataclass
class FullDisk(MemoryFiles):
    """Takes nothing."""

    def write(self, key: str, data: bytes, content_type: str) -> None:
        raise OSError("as the test wishes")


@dataclass
class BadForOne(PlainPress):
    """Cannot print for one client."""

    def remittance(self, remittance: Remittance) -> bytes:
        if remittance.client_id == CLIENT.client_id:
            raise OSError("as the test wishes")
        return super().remittance(remittance)


def test_a_client_that_fails_stops_no_other() -> None:
    world = World(press=BadForOne())
    other = replace(CLIENT, client_id=ClientId("cli_zother"), name="Other Oy")
    world.clients.save(other)
    pay(world, world.place(reference="A"), 4_000, name="pay_a")
    world.client = other
    pay(world, world.place(reference="B"), 4_000, name="pay_b")
    with pytest.raises(PartlyFailed) as told:
        world.pay_clients()
    assert told.value.done == {"remittances": 1, "fee_invoices": 0, "bank_files": 1}


def test_an_account_that_the_bank_would_refuse_stops_no_other_and_takes_no_money() -> None:
    world = World()
    other = replace(CLIENT, client_id=ClientId("cli_aother"), iban="FI00 not an account")
    world.clients.save(other)
    pay(world, world.place(reference="A"), 4_000, name="pay_a")
    world.client = other
    pay(world, world.place(reference="B"), 4_000, name="pay_b")
    with pytest.raises(PartlyFailed) as told:
        world.pay_clients()
    assert told.value.done == {"remittances": 1, "fee_invoices": 0, "bank_files": 1}
    assert [p.collected.minor for p in world.clients.payables(other.client_id)] == [4_000]
