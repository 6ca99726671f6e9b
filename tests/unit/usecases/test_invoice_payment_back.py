"""The bank takes back what a client paid us: the books forget it, and the invoice is open again."""

from __future__ import annotations

import pytest
from sovinto.domain.issued_invoice import IssuedInvoice
from sovinto.errors import RuleRefused
from sovinto.usecases.order_status import withdraw_order
from sovinto.usecases.suspense import post_suspense

from tests.support import orders as bank
from tests.support.book_world import prove
from tests.support.books import by_account
from tests.support.held import deliver
from tests.support.orders import approve, release
from tests.support.statements import camt053, line
from tests.support.world import World
from tests.unit.usecases.test_ours_free import OPENING, invoiced_world, pays
from tests.unit.usecases.test_sweep_own import next_day, sent

INVOICED = "client:cli_demo:invoiced"


def paid(more: int = 0) -> tuple[World, IssuedInvoice, int]:
    world, issued = invoiced_world()
    minor = issued.invoice.gross.minor + more
    assert pays(world, issued, minor) == {"matched": 1}
    world.clock.advance(days=1)
    return world, issued, minor


def back(world: World, issued: IssuedInvoice, minor: int, by: str = "name") -> dict[str, int]:
    """The bank takes so much, and tells which payment by its name or by our reference."""
    told = line(
        -minor,
        reference=issued.invoice.payment_reference if by == "reference" else "",
        end_to_end="E2E1" if by == "name" else "",
        bank_id="I2",
        on=world.clock.now().date(),
        is_reversal=True,
    )
    opening = OPENING + by_account(world.ledger())["bank:collection"]
    data = camt053(told, change=-minor, statement_id="S2", opening=opening)
    return deliver(world, data, "back.xml")


@pytest.mark.parametrize("by", ["name", "reference"])
def test_a_payment_that_goes_back_leaves_the_invoice_unpaid(by: str) -> None:
    world, issued, minor = paid()
    assert back(world, issued, minor, by) == {"reversed": 1}
    sums = by_account(world.ledger())
    assert (sums["bank:collection"], sums["bank:ours_due"], sums["own:from_collection"]) == (0, 0, 0)
    assert sums[INVOICED] == minor
    (again,) = world.clients.unpaid_invoices()
    assert (again.number, again.left) == (issued.number, issued.invoice.gross)
    assert prove(world).breaks == ()
    assert next_day(world, 30) == []
    assert back(world, issued, minor, by) == {"suspense": 1}, "it cannot go back twice"


def test_what_was_more_than_the_invoice_waits_no_more() -> None:
    world, issued, minor = paid(more=700)
    assert len(world.book.suspense()) == 1
    assert back(world, issued, minor) == {"reversed": 1}
    assert world.book.suspense() == ()
    assert by_account(world.ledger())["suspense"] == 0
    assert prove(world).breaks == ()


def test_where_the_rest_has_an_owner_a_person_decides() -> None:
    world, issued, minor = paid(more=700)
    (row,) = world.book.suspense()
    case = world.place(reference="B-1")
    ports = {"book": world.book, "cases": world.cases, "clock": world.clock}
    post_suspense(row.payment.payment_id, case.case_id, by="col_1", **ports)  # type: ignore[arg-type]
    assert back(world, issued, minor) == {"suspense": 1}
    (waiting,) = world.book.suspense()
    assert "settled already" in waiting.reason
    assert world.clients.unpaid_invoices() == ()


def test_after_it_was_ordered_away_the_order_is_not_released() -> None:
    world, issued, minor = paid()
    (order,) = next_day(world)
    assert back(world, issued, minor) == {"reversed": 1}
    approve(world, order.order_id)
    with pytest.raises(RuleRefused, match="others' money"):
        release(world, order.order_id)
    withdraw_order(
        order.order_id,
        by="col_1",
        reason="taken back",
        cases=world.cases,
        orders=world.orders,
        clock=world.clock,
    )
    assert prove(world).breaks == ()
    assert next_day(world, 30) == []


def test_what_was_moved_already_is_told_by_the_proof() -> None:
    world, issued, minor = paid()
    (order,) = next_day(world)
    bank.debit(world, sent(world, order))
    world.clock.advance(days=1)
    assert back(world, issued, minor) == {"reversed": 1}
    broken = [one.message for one in prove(world).breaks if one.check == "ours_due"]
    assert broken == [f"{issued.invoice.gross.decimal()} EUR more were moved than were ours"]
