"""A client that was remitted money which went back: it is counted, and can be paid back."""

from __future__ import annotations

from typing import Any

import pytest
from sovinto.domain.case import Case
from sovinto.errors import InvalidInput, RuleRefused
from sovinto.ids import ClientId, PaymentId
from sovinto.usecases.client_owing import client_paid_back, owing

from tests.support.book_world import prove
from tests.support.moves import owed, pay, take_back
from tests.support.orders import check_payables, sums
from tests.support.people import CLIENT
from tests.support.suspense import into_suspense
from tests.support.world import World
from tests.unit.usecases.test_client_statement import statement
from tests.unit.usecases.test_refund_short import ordered

PAYABLE = f"client:{CLIENT.client_id}:payable"


def owing_world(days: int = 0) -> tuple[World, Case]:
    """All that was paid is remitted, and then goes back."""
    world = World()
    case = world.place()
    world.live(case.case_id, 3)
    pay(world, case, owed(world, case))
    world.pay_clients()
    world.clock.advance(days=1)
    take_back(world, case, "pay_1")
    world.clock.advance(days=days)
    return world, case


def short(world: World) -> int:
    found = owing(world.client, cases=world.cases, clients=world.clients)
    return found.amount.minor if found else 0


def pay_back(world: World, payment_id: PaymentId, client_id: ClientId = CLIENT.client_id) -> bool:
    ports: Any = {"book": world.book, "cases": world.cases, "clients": world.clients, "clock": world.clock}
    return client_paid_back(payment_id, client_id, by="col_1", **ports)


def paid_in(world: World, minor: int, key: str = "BACK") -> PaymentId:
    return into_suspense(world, minor, key=key).payment.payment_id


def broken(world: World) -> list[str]:
    return [b.message for b in prove(world).breaks if not b.check.startswith("bank")]


def test_a_client_that_owes_is_counted_after_two_weeks() -> None:
    world, _ = owing_world(days=13)
    assert "clients_owing" not in world.pay_clients()
    world.clock.advance(days=1)
    assert world.pay_clients()["clients_owing"] == 1


def test_what_it_pays_back_is_netted_and_the_fee_is_no_income_any_more() -> None:
    world, _ = owing_world()
    minor = short(world)
    assert 0 < minor < sums(world)[PAYABLE], "what we retained of it we owe ourselves"
    assert short(world) and sums(world)["income:collection_fees"] < 0
    payment_id = paid_in(world, minor)
    assert pay_back(world, payment_id) is False
    assert pay_back(world, payment_id) is True
    assert short(world) == 0
    check_payables(world)
    assert broken(world) == []
    world.clock.advance(days=20)
    assert "clients_owing" not in world.pay_clients()
    assert not {PAYABLE, "income:collection_fees", "vat:output", "suspense"} & set(sums(world))
    assert broken(world) == []


def test_a_part_of_it_leaves_the_rest_owed_and_new_money_nets_that() -> None:
    world, _ = owing_world()
    minor = short(world)
    pay_back(world, paid_in(world, minor - 500))
    assert short(world) == 500
    world.pay_clients()
    other = world.place(reference="B")
    pay(world, other, 2_000, name="pay_2")
    before = len(world.orders.open())
    world.pay_clients()
    assert [o.amount.minor for o in world.orders.open()][before:] == [1_500]
    check_payables(world)
    assert broken(world) == []


def test_more_than_it_owes_is_refused_and_waits() -> None:
    world, _ = owing_world()
    minor = short(world)
    payment_id = paid_in(world, minor + 1)
    with pytest.raises(InvalidInput, match="send the money back and ask for just that"):
        pay_back(world, payment_id)
    assert len(world.book.suspense()) == 1
    with pytest.raises(InvalidInput, match=r"paid just 1\.00 EUR back to us, and it was told so"):
        pay_back(world, paid_in(world, -100, key="DEBIT"))


def test_what_lacks_behind_a_refund_is_no_money_of_the_client() -> None:
    world, case, _ = ordered()
    take_back(world, case, "pay_1")
    (row,) = world.book.suspense()
    with pytest.raises(RuleRefused, match="only a line of the bank"):
        pay_back(world, row.payment.payment_id)


@pytest.mark.parametrize("is_netted", [False, True])
def test_what_the_bank_takes_back_of_it_is_owed_again_once(is_netted: bool) -> None:
    world, _ = owing_world()
    minor = short(world)
    pay_back(world, paid_in(world, minor))
    if is_netted:
        world.clock.advance(days=1)
        assert world.pay_clients()["remittances"] == 1
    world.clock.advance(days=1)
    back = paid_in(world, -minor, key="BOUNCED")
    assert pay_back(world, back) is False
    assert pay_back(world, back) is True
    assert (short(world), "suspense" in sums(world)) == (minor, False)
    check_payables(world)
    assert broken(world) == []
    with pytest.raises(InvalidInput, match="and it was told so"):
        pay_back(world, paid_in(world, -minor, key="TWIN"))
    world.clock.advance(days=14)
    assert world.pay_clients()["clients_owing"] == 1
    pay_back(world, paid_in(world, minor, key="AGAIN"))
    assert short(world) == 0
    world.clock.advance(days=1)
    world.pay_clients()
    assert PAYABLE not in sums(world)
    check_payables(world)


def test_the_client_reads_it_on_its_statement() -> None:
    world, _ = owing_world()
    minor = short(world)
    world.clock.advance(days=1)
    pay_back(world, paid_in(world, minor))
    world.clock.advance(days=1)
    *_, line = statement(world).lines
    assert (line.kind, line.amount.minor, dict(line.parts)["paid_in"].minor) == (
        "client_paid_back",
        minor,
        minor,
    )
