"""The bank line of a payout is known by what the provider calls it, in whichever order the two come."""

from __future__ import annotations

import pytest
from sovinto.domain.checkout import GatewayEventType
from sovinto.domain.money import Money
from sovinto.domain.settlement import SettledKind
from sovinto.errors import InvalidInput, NotFound
from sovinto.ids import PaymentId
from sovinto.usecases.import_inbox import import_inbox
from sovinto.usecases.payout_line import recognise_payout
from sovinto.usecases.payouts import expected

from tests.support.settled import begun, hear, line, on_account, payout, said, settle
from tests.support.statements import camt053
from tests.support.statements import line as bank_line
from tests.support.world import AGENCY, World

NAME = "45667372"


def paid(world: World) -> PaymentId:
    payment_id, checkout = begun(world, world.place(), 4_000)
    event = said(world, GatewayEventType.CHECKOUT_COMPLETED, 4_000, payment_id, checkout_id=checkout)
    assert hear(world, event) == "recorded"
    return payment_id


def arrives(world: World, minor: int, reference: str, name: str = "one") -> dict[str, int]:
    data = camt053(bank_line(minor, reference=reference, bank_id=name), change=minor, statement_id=name)
    world.bank.write(f"inbox/{name}.xml", data, "application/xml")
    return import_inbox(bank=world.bank, agency=AGENCY, cases=world.cases, clock=world.clock)


def left(world: World) -> tuple[int, int]:
    entries = world.ledger(20)
    return on_account(entries, "psp:stripe"), on_account(entries, "suspense")


@pytest.mark.parametrize("written", [NAME, "0000 4566 7372", "RF49 4566 7372"])
def test_its_reference_names_the_payout_however_banks_write_it(written: str) -> None:
    world = World()
    payment_id = paid(world)
    found = payout(line(SettledKind.PAYMENT, 4_000, 85, payment_id=payment_id), name=NAME)
    assert settle(world, found).outcome == "settled"
    assert arrives(world, 3_915, written)["transfers"] == 1
    assert left(world) == (0, 0)


def test_a_line_that_came_before_its_payout_was_told_is_found_by_its_reference() -> None:
    world = World()
    payment_id = paid(world)
    assert arrives(world, 3_915, NAME)["suspense"] == 1
    found = payout(line(SettledKind.PAYMENT, 4_000, 85, payment_id=payment_id), name=NAME)
    assert settle(world, found).outcome == "settled"
    assert left(world) == (0, 0)


def test_another_sum_under_the_reference_is_not_the_payout() -> None:
    world = World()
    payment_id = paid(world)
    found = payout(line(SettledKind.PAYMENT, 4_000, 85, payment_id=payment_id), name=NAME)
    settle(world, found)
    assert arrives(world, 3_914, NAME)["suspense"] == 1
    assert left(world) == (3_915, -3_914)
    assert arrives(world, 3_915, NAME, "two")["transfers"] == 1
    assert left(world) == (0, -3_914)


def stripe_line(
    world: World, minor: int, payer: str = "STRIPE PAYMENTS EUROPE LTD", name: str = "s"
) -> dict[str, int]:
    """A statement of its own that goes on where the ones before ended."""
    entries = world.ledger(20)
    booked = bank_line(minor, payer=payer, text="STRIPE T8X9", bank_id=name)
    opening = 1_000_000 + on_account(entries, "bank:collection")
    data = camt053(booked, change=minor, statement_id=name, opening=opening)
    world.bank.write(f"inbox/{name}.xml", data, "application/xml")
    return import_inbox(bank=world.bank, agency=AGENCY, cases=world.cases, clock=world.clock)


def two_of_one_sum(world: World) -> None:
    for number in (1, 2):
        reference = f"A-{number}"
        payment_id, checkout = begun(world, world.place(reference=reference), 4_000)
        event = said(world, GatewayEventType.CHECKOUT_COMPLETED, 4_000, payment_id, checkout_id=checkout)
        assert hear(world, event) == "recorded"
        found = payout(line(SettledKind.PAYMENT, 4_000, 85, payment_id=payment_id), name=f"po_{number}")
        assert settle(world, found).outcome == "settled"


def test_the_only_awaited_payout_of_its_provider_and_sum_needs_no_name() -> None:
    world = World()
    payment_id = paid(world)
    settle(world, payout(line(SettledKind.PAYMENT, 4_000, 85, payment_id=payment_id), name="po_1"))
    assert stripe_line(world, 3_914, name="a")["suspense"] == 1, "another sum"
    assert stripe_line(world, 3_915, "Striper Oy", name="b")["suspense"] == 1, "another payer"
    assert stripe_line(world, 3_915, name="c")["transfers"] == 1
    assert left(world) == (0, -3_914 - 3_915)
    assert stripe_line(world, 3_915, name="d")["suspense"] == 1, "it is on the account already"


def test_of_two_payouts_of_one_sum_a_person_says_which_it_is() -> None:
    world = World()
    two_of_one_sum(world)
    assert stripe_line(world, 3_915)["suspense"] == 1
    [row] = world.book.suspense()
    name, means = row.payment.payment_id, {"book": world.book, "cases": world.cases, "clock": world.clock}
    with pytest.raises(NotFound, match="po_9 is not awaited"):
        recognise_payout(name, "po_9", by="col_1", **means)
    assert recognise_payout(name, "po_2", by="col_1", **means) is False
    assert recognise_payout(name, "po_2", by="col_1", **means) is True
    assert left(world) == (3_915, 0)
    assert stripe_line(world, 3_915, name="t")["transfers"] == 1, "now one is left"
    assert left(world) == (0, 0)


def test_a_payout_of_another_sum_or_currency_is_refused() -> None:
    world = World()
    two_of_one_sum(world)
    stripe_line(world, 3_914)
    [row] = world.book.suspense()
    with pytest.raises(InvalidInput, match=r"payout of 39\.14 EUR"):
        recognise_payout(
            row.payment.payment_id,
            "po_1",
            by="col_1",
            book=world.book,
            cases=world.cases,
            clock=world.clock,
        )
    found = expected("po_1", world.cases)
    assert found is not None and not found.is_of(Money(3_915, "SEK"))
