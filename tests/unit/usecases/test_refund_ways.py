"""A refund goes the way its money came; refunded and then taken back, it is never below zero."""

from __future__ import annotations

from dataclasses import replace

from sovinto.domain import accounts
from sovinto.usecases.release_orders import write_now
from sovinto.usecases.tell_rejected import tell_rejected

from tests.support import orders as bank
from tests.support.moves import take_back
from tests.support.orders import approve, release, status_report, strict_world, sums
from tests.unit.usecases.test_payment_orders import instructed, proposed
from tests.unit.usecases.test_refund_queue import pay_from, refunding, work


def test_a_chargeback_after_the_refund_waits_in_suspense_and_not_below_zero() -> None:
    world = strict_world()
    case = world.place(principal=10_000)
    pay_from(world, case, 15_000)
    owed = -sums(world)[accounts.refunds(case.case_id)]
    work(world)
    (order,) = refunding(world)
    approve(world, order.order_id)
    release(world, order.order_id)
    world.pay_clients()
    bank.debit(world, world.orders.load(order.order_id))
    take_back(world, case, "pay_1")
    assert accounts.refunds(case.case_id) not in sums(world)
    assert sums(world)[accounts.SUSPENSE] == owed
    (row,) = world.book.suspense()
    assert (row.payment.amount.minor, case.case_id in row.reason) == (-owed, True)


def test_what_is_released_is_written_at_once_and_by_no_run_again() -> None:
    world = strict_world()
    order = proposed(world)
    approve(world, order.order_id)
    batches = release(world, order.order_id)
    told: list[str] = []
    means = {"agency": world.agency, "bank": world.bank, "cases": world.cases, "orders": world.orders}
    assert write_now(batches, **means, tell=told.append) == 1  # type: ignore[arg-type]
    assert world.pay_clients()["bank_files"] == 0
    assert write_now(batches, **means, tell=told.append) == 0  # type: ignore[arg-type]
    assert len(world.bank.keys("outgoing/")) == 1 and told == []


def test_the_client_is_told_once_that_its_bank_refused() -> None:
    world = strict_world()
    order = instructed(world)

    def tell() -> bool:
        return tell_rejected(
            order.client_id,
            order.order_id,
            agency=replace(world.agency),
            press=world.press,
            mailer=world.mailer,
            cases=world.cases,
            clients=world.clients,
        )

    assert not tell(), "nothing happened to it yet"
    bank.hear(world, status_report(order.batch_id, (order.order_id, "RJCT", "AC04")))
    assert (tell(), tell()) == (True, False)
    mail = world.mailer.sent[-1]
    assert mail.to == world.client.email
    assert "is_account_refused=yes" in mail.text


def test_the_client_is_told_of_the_next_run_only_where_there_is_one() -> None:
    """Our own account without cover: it is tried again; after the third time in a row people look first."""
    world, told = strict_world(), list[bool]()
    proposed(world)
    for _ in range(3):
        world.clock.advance(minutes=1)
        world.pay_clients()
        (order,) = world.orders.open()
        approve(world, order.order_id)
        (batch,) = release(world, order.order_id)
        world.pay_clients()
        bank.hear(world, status_report(batch.batch_id, (order.order_id, "RJCT", "AM04")))
        assert tell_rejected(
            order.client_id,
            order.order_id,
            agency=world.agency,
            press=world.press,
            mailer=world.mailer,
            cases=world.cases,
            clients=world.clients,
        )
        told.append("is_stopped=yes" in world.mailer.sent[-1].text)
        assert "is_account_refused= " in world.mailer.sent[-1].text
    assert told == [False, False, True]
