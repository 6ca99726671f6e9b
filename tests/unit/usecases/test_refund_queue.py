"""What was paid too much has an amount, a payer and a day; it goes back once and is never below zero."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sovinto.domain import accounts
from sovinto.domain.case import Case
from sovinto.domain.money import Money
from sovinto.domain.order import OrderKind, OrderState, PaymentOrder
from sovinto.domain.payment import Payment
from sovinto.domain.refund import Payer
from sovinto.errors import InvalidInput, NotAllowed
from sovinto.ids import PaymentId
from sovinto.ports import Guard
from sovinto.usecases.order_payment import order_refund
from sovinto.usecases.record_payment import record_payment
from sovinto.usecases.refund_queue import Waiting, record_payer, refund_queue, work_refunds

from tests.support import orders as bank
from tests.support.moves import take_back
from tests.support.orders import approve, check_payables, release, status_report, strict_world, sums
from tests.support.world import World

IBAN = "FI1410093000123458"
OTHER = "FI2112345600000785"


def pay_from(world: World, case: Case, minor: int, *, iban: str = IBAN, name: str = "pay_1") -> None:
    received = Payment(
        PaymentId(name),
        "bank",
        f"line-{name}",
        world.clock.now().date(),
        Money(minor, "EUR"),
        payer="Tiina Testinen",
        payer_iban=iban,
    )
    record_payment(
        received,
        case_id=case.case_id,
        into=accounts.BANK,
        guard=Guard("SEEN#bank", f"line-{name}"),
        cases=world.cases,
        clock=world.clock,
    )


def recording(world: World, by: str = "col_1") -> dict[str, Any]:
    return {"by": by, "cases": world.cases, "orders": world.orders}


def queue(world: World) -> tuple[Waiting, ...]:
    return refund_queue(agency=world.agency, cases=world.cases, orders=world.orders, clock=world.clock)


def work(world: World) -> dict[str, int]:
    return work_refunds(agency=world.agency, cases=world.cases, orders=world.orders, clock=world.clock)


def refunding(world: World) -> list[PaymentOrder]:
    return [order for order in world.orders.open() if order.kind is OrderKind.REFUND]


def test_too_much_waits_with_its_day_and_its_payer() -> None:
    world = strict_world()
    case = world.place(principal=10_000)
    pay_from(world, case, 15_000)
    (item,) = queue(world)
    owed = -sums(world)[accounts.refunds(case.case_id)]
    assert item.refund.amount.minor == owed > 0
    assert (item.refund.due_on - world.clock.now().date()).days == world.agency.refund_days
    (share,) = item.refund.shares
    assert (share.payment_id, item.payer_of(share).iban, item.asks) == ("pay_1", IBAN, ())


def test_it_goes_back_to_the_account_that_paid_once() -> None:
    world = strict_world()
    case = world.place(principal=10_000)
    pay_from(world, case, 15_000)
    owed = -sums(world)[accounts.refunds(case.case_id)]
    assert work(world) == {
        "refunds_ordered": 1,
        "refunds_by_provider": 0,
        "refunds_asked": 0,
        "refunds_late": 0,
    }
    assert work(world) == {
        "refunds_ordered": 0,
        "refunds_by_provider": 0,
        "refunds_asked": 0,
        "refunds_late": 0,
    }
    (order,) = refunding(world)
    assert (order.iban, order.amount.minor, order.payee) == (IBAN, owed, "Tiina Testinen")
    assert world.orders.refunding() == (), "nothing waits any more"
    approve(world, order.order_id)
    release(world, order.order_id)
    world.pay_clients()
    order = world.orders.load(order.order_id)
    assert bank.debit(world, order)["transfers"] == 1
    assert accounts.refunds(case.case_id) not in sums(world)
    check_payables(world)
    told = " ".join(str(item["body"]) for item in world.table.query(f"CASE#{case.case_id}", "OUTBOX#"))
    kinds = [kind for kind in ("refund.owed", "refund.ordered", "refund.paid") if kind in told]
    assert sorted(kinds) == ["refund.ordered", "refund.owed", "refund.paid"]


def test_a_refund_that_the_bank_refuses_waits_again() -> None:
    world = strict_world()
    case = world.place(principal=10_000)
    pay_from(world, case, 15_000)
    owed = -sums(world)[accounts.refunds(case.case_id)]
    work(world)
    (order,) = refunding(world)
    approve(world, order.order_id)
    release(world, order.order_id)
    world.pay_clients()
    batch_id = world.orders.load(order.order_id).batch_id
    assert bank.hear(world, status_report(batch_id, (order.order_id, "RJCT", "AC04"))).rejected == 1
    assert -sums(world)[accounts.refunds(case.case_id)] == owed
    (item,) = queue(world)
    assert item.refund.amount.minor == owed
    assert world.orders.load(order.order_id).state is OrderState.REJECTED
    assert len(item.asks) == 1, "not to the same account again"
    assert (work(world)["refunds_asked"], refunding(world)) == (1, [])
    record_payer(case.case_id, "pay_1", name="T", iban=OTHER, **recording(world))
    assert work(world)["refunds_ordered"] == 1
    assert [one.iban for one in refunding(world)] == [OTHER]
    check_payables(world)


def test_a_refund_that_the_bank_refuses_for_another_cause_goes_to_the_same_account_again() -> None:
    world = strict_world()
    pay_from(world, world.place(principal=10_000), 15_000)
    work(world)
    (order,) = refunding(world)
    approve(world, order.order_id)
    release(world, order.order_id)
    world.pay_clients()
    batch_id = world.orders.load(order.order_id).batch_id
    bank.hear(world, status_report(batch_id, (order.order_id, "RJCT", "AM04")))
    assert work(world)["refunds_ordered"] == 1
    assert [one.iban for one in refunding(world)] == [IBAN]


def test_nobody_replaces_the_account_that_paid() -> None:
    world = strict_world()
    case = world.place(principal=10_000)
    pay_from(world, case, 15_000)
    with pytest.raises(InvalidInput, match="refused by the bank"):
        record_payer(case.case_id, "pay_1", name="M", iban=OTHER, **recording(world))
    work(world)
    assert [order.iban for order in refunding(world)] == [IBAN]


def test_who_records_an_account_proposes_the_refund_and_does_not_let_it_go() -> None:
    world = strict_world()
    world.agency = replace(world.agency, release_limit_minor=100_000)
    case = world.place(principal=10_000)
    pay_from(world, case, 15_000, iban="")
    record_payer(case.case_id, "pay_1", name="M", iban=OTHER, **recording(world, "col_2"))
    work(world)
    world.pay_clients()
    (order,) = refunding(world)
    assert (order.state, order.proposed_by) == (OrderState.PROPOSED, "col_2"), "the limit does not free it"
    approve(world, order.order_id)
    with pytest.raises(NotAllowed, match="who proposed"):
        release(world, order.order_id, by="col_2")
    release(world, order.order_id, by="col_3")


def test_without_an_account_it_is_asked_for_and_late_when_its_day_is_over() -> None:
    world = strict_world()
    case = world.place(principal=10_000)
    pay_from(world, case, 15_000, iban="")
    assert work(world) == {
        "refunds_ordered": 0,
        "refunds_by_provider": 0,
        "refunds_asked": 1,
        "refunds_late": 0,
    }
    world.clock.advance(days=world.agency.refund_days + 1)
    assert work(world)["refunds_late"] == 1
    record_payer(case.case_id, "pay_1", name="Tiina Testinen", iban=IBAN, **recording(world))
    assert work(world)["refunds_ordered"] == 1


def test_a_bank_line_with_an_account_that_is_none_is_as_one_without() -> None:
    world = strict_world()
    case = world.place(principal=10_000)
    pay_from(world, case, 15_000, iban="FI00 1234")
    (item,) = queue(world)
    assert len(item.asks) == 1


def test_two_payers_get_their_own_back() -> None:
    world = strict_world()
    case = world.place(principal=10_000)
    pay_from(world, case, 12_000)
    first = -sums(world)[accounts.refunds(case.case_id)]
    world.clock.advance(hours=1)
    pay_from(world, case, 3_000, iban="FI2112345600000785", name="pay_2")
    (item,) = queue(world)
    assert {(s.payment_id, s.amount.minor) for s in item.refund.shares} == {
        ("pay_1", first),
        ("pay_2", 3_000),
    }
    assert work(world)["refunds_ordered"] == 2
    assert {o.iban for o in refunding(world)} == {IBAN, "FI2112345600000785"}
    check_payables(world)


def test_more_than_waits_is_never_ordered() -> None:
    world = strict_world()
    case = world.place(principal=10_000)
    pay_from(world, case, 15_000)
    owed = -sums(world)[accounts.refunds(case.case_id)]
    payer = Payer(case.case_id, PaymentId("pay_1"), "T", IBAN)
    for minor in (owed + 1, 0, -1):
        with pytest.raises(InvalidInput, match="at most"):
            order_refund(
                case.case_id,
                Money(minor, "EUR"),
                payer,
                by="col_1",
                agency=world.agency,
                cases=world.cases,
                clock=world.clock,
            )


def test_money_that_the_bank_took_back_is_not_refunded() -> None:
    world = strict_world()
    case = world.place(principal=10_000)
    pay_from(world, case, 15_000)
    take_back(world, case, "pay_1")
    assert queue(world) == ()
    assert work(world)["refunds_ordered"] == 0


def test_a_payer_is_recorded_only_where_something_is_owed_back() -> None:
    world = strict_world()
    case = world.place(principal=10_000)
    with pytest.raises(InvalidInput, match="something is owed back"):
        record_payer(case.case_id, "pay_1", name="T", iban=IBAN, **recording(world))
