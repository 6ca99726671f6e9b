"""The bank line of a payout is known by what the provider calls it, in whichever order the two come."""

from __future__ import annotations

import pytest
from sovinto.domain.checkout import GatewayEventType
from sovinto.domain.settlement import SettledKind
from sovinto.ids import PaymentId
from sovinto.usecases.import_inbox import import_inbox

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
