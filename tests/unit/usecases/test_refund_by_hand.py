"""Money that one person posted out of suspense does not leave again without a second one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sovinto.domain.money import Money
from sovinto.domain.order import SYSTEM, OrderState, PaymentOrder
from sovinto.errors import NotAllowed
from sovinto.ids import PaymentId
from sovinto.usecases.refund_queue import record_payer
from sovinto.usecases.suspense import post_suspense, split_suspense

from tests.support.orders import approve, release
from tests.support.people import AGENCY
from tests.support.suspense import into_suspense
from tests.support.world import World
from tests.unit.usecases.test_refund_queue import IBAN, OTHER, pay_from, queue, refunding, work

GENEROUS = replace(AGENCY, release_limit_minor=1_000_000)


def stranger(world: World, minor: int = 90_000) -> PaymentId:
    return into_suspense(world, minor, iban="").payment.payment_id


def hands(world: World, by: str = "col_1") -> dict[str, Any]:
    return {"by": by, "book": world.book, "cases": world.cases, "clock": world.clock}


def told_by_the_debtor(world: World) -> None:
    """On the debtor's own page."""
    for item in queue(world):
        for share in item.asks:
            record_payer(
                item.refund.case_id,
                share.payment_id,
                name="Friend Of One",
                iban=IBAN,
                by="",
                cases=world.cases,
                orders=world.orders,
            )


def left(world: World) -> list[PaymentOrder]:
    world.clock.advance(minutes=1)
    work(world)
    world.pay_clients()
    return refunding(world)


def test_a_refund_of_money_posted_by_hand_needs_somebody_else() -> None:
    world = World(agency=GENEROUS)
    case = world.place(principal=1_000)
    post_suspense(stranger(world), case.case_id, **hands(world))
    told_by_the_debtor(world)
    (order,) = left(world)
    assert (order.proposed_by, order.state) == ("col_1", OrderState.PROPOSED)
    approve(world, order.order_id, by="col_2")
    with pytest.raises(NotAllowed, match="somebody else"):
        release(world, order.order_id, by="col_1")
    release(world, order.order_id, by="col_3")


def test_split_over_several_cases_it_needs_somebody_else_too() -> None:
    world = World(agency=GENEROUS)
    cases = [world.place(reference=name, principal=1_000) for name in ("A-1", "A-2")]
    shares = [(case.case_id, Money(45_000, "EUR")) for case in cases]
    split_suspense(stranger(world), shares, **hands(world))
    told_by_the_debtor(world)
    orders = left(world)
    assert [(o.proposed_by, o.state) for o in orders] == [("col_1", OrderState.PROPOSED)] * 2


@pytest.mark.parametrize("is_closed", [True, False])
def test_what_is_too_much_beside_money_posted_by_hand_needs_somebody_else(is_closed: bool) -> None:
    """A stranger's money pays the debt, and the debtor's own comes back to it."""
    world = World(agency=GENEROUS)
    case = world.place(principal=10_000)
    post_suspense(stranger(world, 90_000 if is_closed else 9_000), case.case_id, **hands(world))
    pay_from(world, case, 20_000, iban=OTHER)
    orders = left(world)
    assert {o.proposed_by for o in orders} == {"col_1"}
    assert {o.state for o in orders} == {OrderState.PROPOSED}


def test_who_recorded_the_account_has_proposed_it() -> None:
    world = World(agency=GENEROUS)
    case = world.place(principal=1_000)
    payment = stranger(world)
    post_suspense(payment, case.case_id, **hands(world))
    record_payer(
        case.case_id, payment, name="Friend", iban=IBAN, by="col_2", cases=world.cases, orders=world.orders
    )
    (order,) = left(world)
    assert (order.proposed_by, order.state) == ("col_2", OrderState.PROPOSED)


def test_what_a_rule_found_leaves_within_the_limit() -> None:
    world = World(agency=GENEROUS)
    pay_from(world, world.place(principal=1_000), 3_000)
    (order,) = left(world)
    assert (order.proposed_by, order.state) == (SYSTEM, OrderState.INSTRUCTED)
