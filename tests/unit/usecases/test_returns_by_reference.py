"""The bank takes money back and tells only the reference: whose payment it was must be beyond doubt."""

from __future__ import annotations

from typing import Any

import pytest
from sovinto.domain.case import Case
from sovinto.domain.money import Money
from sovinto.usecases.suspense import post_suspense, return_suspense, split_suspense

from tests.support.books import by_account
from tests.support.held import deliver
from tests.support.moves import owed
from tests.support.people import CLIENT
from tests.support.statements import camt053, line
from tests.support.world import World
from tests.unit.usecases.test_ours_free import OPENING, invoiced_world, paid_by_bank

DORA, SVEN = "Dora Debtor", "Sven Stranger"


def told(world: World, minor: int, name: str, **given: str) -> dict[str, int]:
    """One line on a statement of its own, and it is the day after; a debit is a reversal."""
    reference, payer, account = (given.get(key, "") for key in ("reference", "payer", "account"))
    day = world.clock.now().date()
    booked = line(
        minor, reference=reference, bank_id=name, on=day, payer=payer, is_reversal=minor < 0,
        end_to_end=given.get("end_to_end", ""),
    )  # fmt: skip
    if account:
        party = f"<DbtrAcct><Id><IBAN>{account}</IBAN></Id></DbtrAcct></RltdPties>"
        booked = booked.replace("</RltdPties>", party)
    opening = OPENING + by_account(world.ledger()).get("bank:collection", 0)
    data = camt053(booked, change=minor, statement_id=name, opening=opening)
    counted = deliver(world, data, f"{name}.xml")
    world.clock.advance(days=1)
    return counted


def paid(*, account: str = "", payer: str = DORA) -> tuple[World, Case, int]:
    world = World()
    case = world.place(reference="R", principal=10_000, name=DORA)
    minor = owed(world, case)
    who = {"payer": payer, "account": account, "end_to_end": "E-DORA"}
    assert told(world, minor, "A1", reference=case.payment_reference, **who) == {"matched": 1}
    return world, case, minor


def with_a_stranger() -> tuple[World, Case, int]:
    """Two payments of one sum under one reference: the debtor's, and one that waits."""
    world, case, minor = paid()
    came = told(world, minor, "A2", reference=case.payment_reference, payer=SVEN)
    assert came == {"suspense": 1}
    return world, case, minor


def is_open(world: World, case: Case) -> bool:
    return world.cases.load(case.case_id).is_open


def test_a_strangers_waiting_money_goes_and_the_debtors_stays() -> None:
    world, case, minor = with_a_stranger()
    assert told(world, -minor, "A3", reference=case.payment_reference, payer=SVEN) == {"reversed": 1}
    assert not is_open(world, case), "who paid is not asked again"
    assert world.book.suspense() == ()
    assert all(c.template != "payment_reversed" for c in world.cases.communications(case.case_id))


def test_the_debtors_goes_back_where_the_debit_names_the_debtor() -> None:
    world, case, minor = with_a_stranger()
    assert told(world, -minor, "A3", reference=case.payment_reference, payer="DEBTOR DORA") == {
        "reversed": 1
    }
    assert is_open(world, case)
    assert [row.payment.payer for row in world.book.suspense()] == [SVEN]


def test_without_a_name_either_may_be_meant() -> None:
    world, case, minor = with_a_stranger()
    assert told(world, -minor, "A3", reference=case.payment_reference) == {"suspense": 1}
    assert not is_open(world, case)
    assert sorted(row.payment.amount.minor for row in world.book.suspense()) == [-minor, minor]


def test_what_waits_alone_under_its_reference_waits_no_more() -> None:
    world = World()
    case = world.place(reference="R", principal=10_000, name=DORA)
    assert told(world, 777, "A2", reference=case.payment_reference, payer=SVEN) == {"suspense": 1}
    assert told(world, -777, "A3", reference=case.payment_reference) == {"reversed": 1}
    assert world.book.suspense() == ()


@pytest.mark.parametrize(
    ("payer", "account", "count"),
    [
        (SVEN, "", "suspense"),
        ("Isä Velallinen", "FI1410093000123458", "reversed"),
        ("Isä Velallinen", "FI2112345600000785", "reversed"),
        (SVEN, "FI4950009420028730", "suspense"),
    ],
    ids=["another name", "the account that paid", "our own account", "another account"],
)
def test_a_debit_that_names_somebody_takes_back_only_what_agrees(
    payer: str, account: str, count: str
) -> None:
    world, case, minor = paid(account="FI1410093000123458", payer="Isä Velallinen")
    who = {
        "payer": world.agency.contact.name if account == world.agency.iban else payer,
        "account": account,
    }
    assert told(world, -minor, "A3", reference=case.payment_reference, **who) == {count: 1}
    assert is_open(world, case) is (count == "reversed")


def test_a_waiting_payment_of_an_invoice_of_ours_leaves_the_invoice_paid() -> None:
    world, issued = paid_by_bank()
    minor, reference = issued.invoice.gross.minor, issued.invoice.payment_reference
    assert told(world, minor, "I2", reference=reference, payer=CLIENT.name) == {"suspense": 1}
    assert told(world, -minor, "I3", reference=reference) == {"suspense": 1}
    assert world.clients.unpaid_invoices() == ()


def posted_to_sven() -> tuple[World, Case, Case, int]:
    """Sven's money came under Dora's reference, and a person found his own case."""
    world, case, minor = with_a_stranger()
    svens = world.place(reference="S", principal=20_000, name=SVEN)
    settle(world, svens)
    return world, case, svens, minor


def settle(world: World, case: Case) -> None:
    (row,) = world.book.suspense()
    name = row.payment.payment_id
    post_suspense(name, case.case_id, by="col_1", book=world.book, cases=world.cases, clock=world.clock)


def test_what_a_person_posted_elsewhere_may_be_meant_as_well() -> None:
    world, case, _, minor = posted_to_sven()
    assert told(world, -minor, "A3", reference=case.payment_reference) == {"suspense": 1}
    assert not is_open(world, case), "who paid is not asked again"


def test_what_a_person_posted_goes_back_out_of_the_case_that_it_is_in() -> None:
    world, case, svens, minor = posted_to_sven()
    before = owed(world, svens)
    assert told(world, -minor, "A3", reference=case.payment_reference, payer=SVEN) == {"reversed": 1}
    assert not is_open(world, case)
    assert owed(world, svens) >= before + minor, "and interest on it"
    assert told(world, -minor, "A4", reference=case.payment_reference) == {"reversed": 1}
    assert is_open(world, case), "the other payment is the only one left"


def test_what_a_person_shared_out_goes_back_part_by_part() -> None:
    world, case, minor = with_a_stranger()
    first, second = (world.place(reference=r, principal=20_000, name=SVEN) for r in ("S1", "S2"))
    (row,) = world.book.suspense()
    shares = [(first.case_id, Money(1_000, "EUR")), (second.case_id, Money(minor - 1_000, "EUR"))]
    ports: Any = {"book": world.book, "cases": world.cases, "clock": world.clock}
    split_suspense(row.payment.payment_id, shares, by="col_1", **ports)
    assert told(world, -minor, "A3", reference=case.payment_reference) == {"suspense": 1}
    before = owed(world, first)
    assert told(world, -minor, "A4", reference=case.payment_reference, payer=SVEN) == {"reversed": 1}
    assert owed(world, first) >= before + 1_000
    assert not is_open(world, case)


def test_what_was_sent_back_may_be_meant_as_well() -> None:
    world, case, minor = with_a_stranger()
    (row,) = world.book.suspense()
    return_suspense(
        row.payment.payment_id, by="col_1", agency=world.agency, book=world.book, cases=world.cases,
        clock=world.clock, iban="FI1410093000123458",
    )  # fmt: skip
    assert told(world, -minor, "A3", reference=case.payment_reference) == {"suspense": 1}
    assert told(world, -minor, "A4", reference=case.payment_reference, payer=SVEN) == {"suspense": 1}
    assert not is_open(world, case)


@pytest.mark.parametrize(
    ("payer", "count"),
    [(SVEN, "suspense"), (CLIENT.name, "reversed"), ("Books And Balances", "reversed"), ("", "reversed")],
)
def test_a_debit_that_names_a_stranger_leaves_our_invoice_paid(payer: str, count: str) -> None:
    world, issued = invoiced_world()
    minor, reference = issued.invoice.gross.minor, issued.invoice.payment_reference
    assert told(world, minor, "P1", reference=reference, payer="Books and Balances Oy") == {"matched": 1}
    assert told(world, -minor, "P2", reference=reference, payer=payer) == {count: 1}
    assert len(world.clients.unpaid_invoices()) == (count == "reversed")


def test_a_payment_of_our_invoice_from_before_its_payer_was_noted_goes_back_to_the_client() -> None:
    world, issued = invoiced_world()
    minor, reference = issued.invoice.gross.minor, issued.invoice.payment_reference
    told(world, minor, "P1", reference=reference, payer=CLIENT.name)
    items = world.table.items  # type: ignore[attr-defined]
    (row,) = [r for r in items.values() if r["pk"] == "INVOICE_PAID" and "|" in r["payload"]]
    row["payload"] = "|".join(row["payload"].split("|")[:6])
    assert told(world, -minor, "P2", reference=reference, payer=CLIENT.name) == {"reversed": 1}


def test_a_strangers_money_under_our_invoice_goes_back_out_of_the_strangers_case() -> None:
    world, issued = invoiced_world()
    minor, reference = issued.invoice.gross.minor, issued.invoice.payment_reference
    assert told(world, minor, "P1", reference=reference, payer=CLIENT.name) == {"matched": 1}
    assert told(world, minor, "P2", reference=reference, payer=SVEN) == {"suspense": 1}
    settle(world, world.place(reference="S", principal=20_000, name=SVEN))
    assert told(world, -minor, "P3", reference=reference, payer=SVEN) == {"reversed": 1}
    assert world.clients.unpaid_invoices() == ()
