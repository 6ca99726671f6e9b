"""The bank takes back what nobody posted, or what is in several cases; and what else a debit can be."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sovinto.domain.case import Case, Closure
from sovinto.domain.money import Money
from sovinto.domain.payment import UnallocatedPayment
from sovinto.errors import InvalidInput, NotFound, RuleRefused
from sovinto.ids import PaymentId
from sovinto.usecases.import_inbox import import_inbox
from sovinto.usecases.suspense import post_suspense, return_suspense, split_suspense
from sovinto.usecases.suspense_debits import explain_as_expense, explain_as_own, undo_payment

from tests.support.books import by_account, check_books
from tests.support.moves import owed, pay
from tests.support.people import DEBTOR
from tests.support.statements import camt053, line
from tests.support.suspense import check_suspense, into_suspense
from tests.support.world import AGENCY, World

BY = "col_1"
DAY = date(2026, 1, 8)


def ports(world: World) -> dict[str, Any]:
    return {"book": world.book, "cases": world.cases, "clock": world.clock}


def put(world: World, name: str, text: str, minor: int) -> dict[str, int]:
    world.bank.write(f"inbox/{name}", camt053(text, change=minor, statement_id=name), "x")
    counts = import_inbox(
        bank=world.bank, agency=AGENCY, cases=world.cases, clock=world.clock, orders=world.orders
    )
    return {name: count for name, count in counts.items() if count and name != "files"}


def joint_transfer(world: World) -> tuple[Case, Case, int]:
    one, two = world.place(reference="A"), world.place(reference="B", principal=20_000)
    world.live(one.case_id, 1)
    world.live(two.case_id, 1)
    minor = owed(world, one) + owed(world, two)
    text = f"{one.payment_reference} {two.payment_reference}"
    paid = line(
        minor, end_to_end="E9", bank_id="K1", payer=DEBTOR.name, text=text, on=world.clock.now().date()
    )
    assert put(world, "a.xml", paid, minor) == {"matched": 1}
    assert all(world.cases.load(c.case_id).closure is Closure.PAID for c in (one, two))
    return one, two, minor


def settled_books(world: World) -> dict[str, int]:
    check_books(world.ledger())
    check_suspense(world)
    return by_account(world.ledger())


def test_a_joint_transfer_that_bounces_leaves_each_of_its_cases() -> None:
    world = World()
    one, two, minor = joint_transfer(world)
    back = line(-minor, end_to_end="E9", bank_id="K2", is_reversal=True, on=DAY)
    assert put(world, "b.xml", back, -minor) == {"reversed": 1}
    assert all(world.cases.load(c.case_id).is_open for c in (one, two))
    assert world.book.suspense() == ()
    assert settled_books(world)["bank:collection"] == 0
    put(world, "c.xml", back, -minor)
    assert settled_books(world)["bank:collection"] == 0


def test_a_part_that_cannot_leave_its_case_waits_and_ends_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run ends after the debit is stored in parts: the same line goes on where it stopped."""
    world = World()
    one, two, minor = joint_transfer(world)
    back = line(-minor, end_to_end="E9", bank_id="K2", is_reversal=True, on=DAY)
    with monkeypatch.context() as patch:
        patch.setattr("sovinto.usecases.bank_returns.undo_parts", lambda *_, **__: None)
        put(world, "b.xml", back, -minor)
    assert len(world.book.suspense()) == 2
    check_suspense(world)
    put(world, "c.xml", back + line(0, bank_id="K0", on=DAY), -minor)
    assert all(world.cases.load(c.case_id).is_open for c in (one, two))
    assert world.book.suspense() == ()
    assert settled_books(world)["bank:collection"] == 0


def test_a_split_by_a_person_that_bounces_is_found_by_the_banks_own_name() -> None:

    world = World()
    one, two = world.place(reference="A"), world.place(reference="B")
    put(world, "a.xml", line(5_000, bank_id="K1", payer="X Y", text="hei", on=DAY), 5_000)
    (row,) = world.book.suspense()
    shares = [(one.case_id, Money(2_000, "EUR")), (two.case_id, Money(3_000, "EUR"))]
    split_suspense(row.payment.payment_id, shares, by=BY, **ports(world))
    put(world, "b.xml", line(-5_000, bank_id="K1", is_reversal=True, on=DAY), -5_000)
    assert world.book.suspense() == ()
    assert settled_books(world)["bank:collection"] == 0


def test_money_in_suspense_that_the_bank_takes_back_waits_no_more() -> None:
    world = World()
    case = world.place()
    paid = line(5_000, end_to_end="E1", bank_id="K1", payer="X Y", text="hei", on=DAY)
    assert put(world, "a.xml", paid, 5_000) == {"suspense": 1}
    (row,) = world.book.suspense()
    back = line(-5_000, end_to_end="E1", bank_id="K2", on=DAY, is_reversal=True)
    assert put(world, "b.xml", back, -5_000) == {"reversed": 1}
    assert world.book.suspense() == ()
    assert settled_books(world)["suspense"] == 0
    with pytest.raises((NotFound, RuleRefused)):
        post_suspense(row.payment.payment_id, case.case_id, by=BY, **ports(world))
    with pytest.raises(NotFound):
        return_suspense(row.payment.payment_id, by=BY, agency=AGENCY, payee="X", **ports(world))


def test_a_debit_is_this_payment() -> None:
    world = World()
    case = world.place()
    pay(world, case, owed(world, case), name="pay_1")
    row = into_suspense(world, -owed_of(world, case), key="D")
    taken = PaymentId("pay_1")
    assert undo(world, row, taken, case) is False
    assert undo(world, row, taken, case) is True
    assert world.cases.load(case.case_id).is_open
    assert settled_books(world)["suspense"] == 0
    with pytest.raises(RuleRefused, match="another way"):
        explain_as_expense(row.payment.payment_id, by=BY, **ports(world), orders=world.orders)


def owed_of(world: World, case: Case) -> int:
    (entry,) = (e for e in world.cases.entries(case.case_id) if e.kind == "payment_allocated")
    return entry.lines[0].amount.minor


def undo(world: World, row: UnallocatedPayment, taken: PaymentId, case: Case | None) -> bool:
    case_id = case.case_id if case else None
    return undo_payment(row.payment.payment_id, taken, case_id, by=BY, **ports(world), orders=world.orders)


def test_a_debit_and_the_credit_that_waits_end_each_other() -> None:
    world = World()
    credit, debit = into_suspense(world, 700, key="C"), into_suspense(world, -700, key="D")
    other = into_suspense(world, 500, key="O")
    with pytest.raises(InvalidInput, match="what the bank took"):
        undo(world, debit, other.payment.payment_id, None)
    assert undo(world, debit, credit.payment.payment_id, None) is False
    assert undo(world, debit, credit.payment.payment_id, None) is True
    assert world.book.suspense() == (other,)
    check_suspense(world)
    with pytest.raises(RuleRefused, match="came in"):
        explain_as_own(other.payment.payment_id, by=BY, **ports(world), orders=world.orders)


def test_a_debit_is_our_own_transfer() -> None:
    world = World()
    row = into_suspense(world, -2_500)
    assert explain_as_own(row.payment.payment_id, by=BY, **ports(world), orders=world.orders) is False
    assert explain_as_own(row.payment.payment_id, by=BY, **ports(world), orders=world.orders) is True
    sums = by_account(world.ledger())
    assert (sums["suspense"], sums["bank:ours_due"], sums["own:account"]) == (0, 2_500, 2_500)
    assert sums["own:from_collection"] == -2_500
    check_suspense(world)


def test_a_debit_is_an_expense() -> None:
    world = World()
    row = into_suspense(world, -250)
    assert explain_as_expense(row.payment.payment_id, by=BY, **ports(world), orders=world.orders) is False
    assert explain_as_expense(row.payment.payment_id, by=BY, **ports(world), orders=world.orders) is True
    sums = settled_books(world)
    assert (sums["suspense"], sums["expense:bank"]) == (0, 250)
