"""A debit that names no order, and an order that the bank never executes: both have a way out."""

from __future__ import annotations

from typing import Any

import pytest
from sovinto.domain.order import OrderKind, OrderState, PaymentOrder
from sovinto.errors import InvalidInput, NotAllowed, RuleRefused
from sovinto.ids import PaymentId
from sovinto.usecases.import_inbox import import_inbox
from sovinto.usecases.order_debits import explain_as_orders
from sovinto.usecases.order_unexecuted import not_executed
from sovinto.usecases.suspense_debits import explain_as_expense, explain_as_own
from sovinto.usecases.tries import in_a_row, tries_of_refund

from tests.support import orders as bank
from tests.support.book_world import prove
from tests.support.orders import approve, check_payables, release, status_report, strict_world, sums
from tests.support.people import AGENCY
from tests.support.statements import camt053, line
from tests.support.world import World
from tests.unit.usecases.test_payment_orders import events, instructed, proposed
from tests.unit.usecases.test_refund_queue import pay_from, work


def debit(world: World, minor: int, text: str = "") -> PaymentId:
    """The bank takes it, and names no order; the row's id."""
    booked = line(-minor, bank_id="D1", payer="", text=text, on=world.clock.now().date())
    data = camt053(booked, change=-minor, statement_id="D1")
    world.bank.write("inbox/D1.xml", data, "application/xml")
    ports: Any = {"cases": world.cases, "clock": world.clock, "orders": world.orders}
    assert import_inbox(bank=world.bank, agency=AGENCY, **ports)["suspense"] == 1
    return world.book.suspense()[-1].payment.payment_id


def explain(world: World, payment_id: PaymentId, *order_ids: str, charge: int = 0) -> bool:
    ports: Any = {"book": world.book, "cases": world.cases, "orders": world.orders, "clock": world.clock}
    return explain_as_orders(payment_id, order_ids, by="col_1", charge_minor=charge, **ports)


def give_up(world: World, order: PaymentOrder, by: str) -> PaymentOrder:
    ports: Any = {"book": world.book, "cases": world.cases, "orders": world.orders, "clock": world.clock}
    return not_executed(order.order_id, by=by, reason="lost", agency=world.agency, **ports)


def two_of_one_file() -> tuple[World, list[PaymentOrder]]:
    """A remittance and a refund, in one file."""
    world = strict_world()
    pay_from(world, world.place(principal=10_000), 15_000)
    work(world)
    world.pay_clients()
    found = world.orders.open()
    approve(world, *(order.order_id for order in found))
    release(world, *(order.order_id for order in found))
    world.pay_clients()
    return world, [world.orders.load(order.order_id) for order in found]


def test_a_debit_without_its_name_is_told_to_be_the_order() -> None:
    world = strict_world()
    order = instructed(world)
    payment_id = debit(world, 4_000, f"Remittance {order.order_id}")
    assert explain(world, payment_id, order.order_id) is False
    assert explain(world, payment_id, order.order_id) is True
    assert world.orders.load(order.order_id).state is OrderState.BOOKED
    assert world.book.suspense() == ()
    assert "suspense" not in sums(world) and "bank:in_transit" not in sums(world)
    assert bank.come_back(world, order), "what comes back after it is the order's"
    check_payables(world)


def test_one_debit_of_a_whole_file_books_all_of_its_orders() -> None:
    world, found = two_of_one_file()
    assert {order.kind for order in found} == {OrderKind.REMITTANCE, OrderKind.REFUND}
    payment_id = debit(world, sum(order.amount.minor for order in found))
    with pytest.raises(RuleRefused, match="the bank has payment orders of just that sum"):
        explain_as_expense(
            payment_id,
            by="col_1",
            book=world.book,
            cases=world.cases,
            clock=world.clock,
            orders=world.orders,
        )
    with pytest.raises(InvalidInput, match="name all that the debit is of"):
        explain(world, payment_id, found[0].order_id)
    explain(world, payment_id, *(order.order_id for order in found))
    assert world.orders.open() == ()
    check_payables(world)
    assert [b for b in prove(world).breaks if not b.check.startswith("bank")] == []


def test_a_debit_is_no_expense_while_the_bank_has_an_order_of_its_sum() -> None:
    world = strict_world()
    order = instructed(world)
    payment_id = debit(world, 4_000)
    ports: Any = {"book": world.book, "cases": world.cases, "clock": world.clock, "orders": world.orders}
    for how in (explain_as_expense, explain_as_own):
        with pytest.raises(RuleRefused, match=order.order_id):
            how(payment_id, by="col_1", **ports)
    explain(world, payment_id, order.order_id)
    check_payables(world)


def test_only_an_order_that_the_bank_has_is_booked_by_a_debit() -> None:
    world = strict_world()
    order = proposed(world)
    payment_id = debit(world, 4_000)
    for name in (order.order_id, "rem-none"):
        with pytest.raises(InvalidInput, match="not with the bank"):
            explain(world, payment_id, name)
    assert world.orders.load(order.order_id).state is OrderState.PROPOSED


def test_an_order_in_no_file_yet_is_not_booked_by_a_debit_and_its_file_is_written() -> None:
    world = strict_world()
    pay_from(world, world.place(principal=10_000), 15_000)
    work(world)
    world.pay_clients()
    found = world.orders.open()
    approve(world, *(order.order_id for order in found))
    release(world, *(order.order_id for order in found))
    payment_id = debit(world, found[0].amount.minor)
    with pytest.raises(InvalidInput, match="not with the bank"):
        explain(world, payment_id, found[0].order_id)
    assert world.pay_clients()["bank_files"] == 1
    assert len(tuple(world.bank.keys("outgoing/"))) == 1
    explain(world, payment_id, found[0].order_id)
    check_payables(world)


def test_an_order_that_no_statement_shows_is_counted_and_given_up_by_two_people() -> None:
    world = strict_world()
    order = instructed(world)
    with pytest.raises(InvalidInput, match="over 3 banking days"):
        give_up(world, order, "col_1")
    assert "orders_overdue" not in world.pay_clients()
    world.clock.advance(days=7)
    assert world.pay_clients()["orders_overdue"] == 1
    assert give_up(world, order, "col_1").state is OrderState.INSTRUCTED
    with pytest.raises(NotAllowed, match="somebody else than col_1"):
        give_up(world, order, "col_1")
    done = give_up(world, order, "col_2")
    assert (done.state, done.is_account_refused) == (OrderState.REJECTED, False)
    check_payables(world)
    world.pay_clients()
    (again,) = world.orders.open()
    assert (again.amount, again.iban) == (order.amount, order.iban)
    check_payables(world)


def test_a_word_of_the_bank_in_between_begins_it_anew() -> None:
    world = strict_world()
    order = instructed(world)
    world.clock.advance(days=7)
    give_up(world, order, "col_1")
    bank.hear(world, status_report(order.batch_id, (order.order_id, "ACSP", "")))
    assert give_up(world, order, "col_2").state is OrderState.ACCEPTED


@pytest.mark.parametrize("is_whole", [True, False])
def test_nothing_is_given_up_while_its_debit_may_wait_in_suspense(is_whole: bool) -> None:
    world, found = two_of_one_file()
    world.clock.advance(days=7)
    debit(world, sum(order.amount.minor for order in found) if is_whole else found[0].amount.minor)
    with pytest.raises(RuleRefused, match="tell first what it is"):
        give_up(world, found[0], "col_1")


def test_what_is_not_the_banks_debit_is_no_order() -> None:
    world = strict_world()
    order = instructed(world)
    booked = line(4_000, bank_id="C1", payer="", text="", on=world.clock.now().date())
    world.bank.write("inbox/C1.xml", camt053(booked, change=4_000, statement_id="C1"), "application/xml")
    import_inbox(bank=world.bank, agency=AGENCY, cases=world.cases, clock=world.clock)
    (row,) = world.book.suspense()
    with pytest.raises(InvalidInput, match=r"is instructed .* name the one that was paid"):
        explain(world, row.payment.payment_id, order.order_id)


def many() -> tuple[World, tuple[PaymentOrder, ...]]:
    """46 refunds and two remittances, each of which came back once, in two files now."""
    world = strict_world()
    for place in range(46):
        pay_from(world, world.place(reference=f"R{place}", principal=1_000), 12_000, name=f"p{place}")
    for code in ("AM04", ""):
        work(world)
        names = [order.order_id for order in world.orders.open()]
        approve(world, *names)
        batches = release(world, *names)
        world.pay_clients()
        for batch in batches if code else ():
            bank.hear(world, status_report(batch.batch_id, *((i, "RJCT", code) for i in batch.order_ids)))
        world.clock.advance(hours=2)
    return world, world.orders.open()


def test_one_debit_of_two_files_books_all_that_had_come_back_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world, found = many()
    assert len({order.batch_id for order in found}) == 2
    names = tuple(order.order_id for order in found)
    payment_id = debit(world, sum(order.amount.minor for order in found))
    commit, left = type(world.cases).commit, [5]

    def dies(self: Any, change: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError("out of time")
        commit(self, change)

    with monkeypatch.context() as patched:
        patched.setattr(type(world.cases), "commit", dies)
        with pytest.raises(OSError, match="out of time"):
            explain(world, payment_id, *names)
    assert (world.orders.open(), world.book.suspense()) == ((), ()), "the money is told at once"
    assert events(world, "refund.paid") == 2
    for _ in range(2):
        assert explain(world, payment_id, *names) is True
        assert events(world, "refund.paid") == 46
    series = {tries_of_refund(o.case_id, PaymentId(o.source), o.iban) for o in found if o.case_id}
    assert {in_a_row(name, world.cases) for name in series} == {0}
    check_payables(world)
