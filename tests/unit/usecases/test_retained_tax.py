"""Fees that were retained at one rate of tax and go back at another leave nothing on the tax account."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sovinto.domain.debtor import Address
from sovinto.domain.money import Money
from sovinto.domain.payment import Payable
from sovinto.ids import CaseId, PaymentId
from sovinto.ports import Change

from tests.support import orders as bank
from tests.support.books import by_account
from tests.support.outside import HandClock
from tests.support.people import AGENCY, CLIENT
from tests.support.stored import all_entries
from tests.support.world import World

JUNE, JULY = datetime(2025, 6, 20, 8, tzinfo=UTC), datetime(2025, 7, 21, 8, tzinfo=UTC)
# 22 % until 2025-06-30, 24 % from 2025-07-01.
ESTONIAN = replace(
    AGENCY, contact=replace(AGENCY.contact, address=Address("Tn 1", "10111", "Tallinn", "EE"))
)


def world_in(at: datetime) -> World:
    client = replace(CLIENT, country="EE", address=Address("Tn 2", "10111", "Tallinn", "EE"))
    return World(clock=HandClock(at), agency=ESTONIAN, client=client)


def collected(world: World, name: str, minor: int, fees: int) -> Payable:
    found = Payable(
        CLIENT.client_id,
        CaseId("case_1"),
        "A-1",
        PaymentId(name),
        world.clock.now().date(),
        Money(minor, "EUR"),
        Money(fees, "EUR"),
    )
    world.cases.commit(Change(payables=(found,)))
    return found


def take_back(world: World, name: str, *, is_old: bool = False) -> None:
    """All of it, after it was remitted; `is_old`: by a version that did not keep the day."""
    found = world.cases.payable(CLIENT.client_id, CaseId("case_1"), PaymentId(name))
    assert found is not None
    assert found.is_remitted
    assert found.retained_on is not None
    if is_old:
        again = replace(found, revision=found.revision + 1, retained_on=None, retained_percent="")
        world.cases.commit(Change(reopened=(replace(again, remittance_id=""),)))
        world.cases.commit(Change(remitted=(again,)))
    back = found.clawed_back(PaymentId(f"clw_{name}"), found.collected, found.retained)
    world.cases.commit(Change(payables=(back,)))


def tax(world: World) -> int:
    return by_account(all_entries(world.table)).get("vat:output", 0)  # type: ignore[arg-type]


def remitted(world: World) -> int:
    return world.pay_clients()["remittances"]


@pytest.mark.parametrize("minor", [50_000, 20_000])
def test_what_is_taken_back_bears_the_rate_at_which_it_was_retained(minor: int) -> None:
    """Also where the fees were all that was paid, and no order left."""
    world = world_in(JUNE)
    collected(world, "pay_1", minor, 20_000)
    assert remitted(world) == 1
    assert tax(world) == -3_607
    world.clock.at = JULY
    take_back(world, "pay_1")
    collected(world, "pay_2", 90_000, 0)
    assert remitted(world) == 1
    assert tax(world) == 0


def test_new_fees_beside_it_bear_the_rate_of_today() -> None:
    world = world_in(JUNE)
    collected(world, "pay_1", 50_000, 20_000)
    assert remitted(world) == 1
    world.clock.at = JULY
    take_back(world, "pay_1")
    collected(world, "pay_2", 90_000, 10_000)
    assert remitted(world) == 1
    assert tax(world) == -1_935


def test_refused_and_remitted_anew_it_bears_the_rate_of_the_second_day() -> None:
    world = world_in(JUNE)
    collected(world, "pay_1", 50_000, 20_000)
    assert remitted(world) == 1
    (order,) = world.orders.open()
    world.clock.at = JULY
    bank.hear(world, bank.status_report(order.batch_id, (order.order_id, "RJCT", "AM04")))
    assert tax(world) == 0
    assert remitted(world) == 1
    assert tax(world) == -3_871
    world.clock.advance(days=1)
    take_back(world, "pay_1")
    collected(world, "pay_2", 90_000, 0)
    assert remitted(world) == 1
    assert tax(world) == 0


def test_of_what_was_remitted_before_the_day_was_kept_its_order_tells_it() -> None:
    world = world_in(JUNE)
    collected(world, "pay_1", 50_000, 20_000)
    assert remitted(world) == 1
    world.clock.at = JULY
    take_back(world, "pay_1", is_old=True)
    collected(world, "pay_2", 90_000, 0)
    assert remitted(world) == 1
    assert tax(world) == 0


@pytest.mark.parametrize(("before", "after"), [("", "FI01120389"), ("FI01120389", "")])
def test_a_vat_number_that_comes_or_goes_changes_nothing_of_what_was_retained(
    before: str, after: str
) -> None:
    client = replace(CLIENT, vat_id=before)
    world = World(clock=HandClock(JUNE), agency=ESTONIAN, client=client)
    collected(world, "pay_1", 50_000, 20_000)
    assert remitted(world) == 1
    assert tax(world) == (0 if before else -3_607)
    world.clients.save(replace(world.clients.load(CLIENT.client_id), vat_id=after))
    world.clock.advance(days=1)
    take_back(world, "pay_1")
    collected(world, "pay_2", 90_000, 10_000)
    assert remitted(world) == 1
    assert tax(world) == (0 if after else -1_803)
    found = world.cases.payable(CLIENT.client_id, CaseId("case_1"), PaymentId("pay_1"))
    assert found is not None
    assert found.retained_percent == ("0" if before else "22")


def test_the_day_is_kept_with_what_was_remitted() -> None:
    world = world_in(JUNE)
    collected(world, "pay_1", 50_000, 20_000)
    remitted(world)
    found = world.cases.payable(CLIENT.client_id, CaseId("case_1"), PaymentId("pay_1"))
    assert found is not None
    assert found.retained_on == date(2025, 6, 20)
