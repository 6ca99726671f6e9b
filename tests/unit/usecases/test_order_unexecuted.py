"""An order is given up only where no money that the bank took may be its debit."""

from __future__ import annotations

from sovinto.domain.order import OrderState

from tests.support.moves import take_back
from tests.unit.usecases.test_order_debits import give_up
from tests.unit.usecases.test_refund_short import check, lacking, ordered, sent


def test_what_we_lack_of_a_refund_is_no_debit_of_the_bank() -> None:
    world, case, order = ordered(20_000)
    order = sent(world, order)
    take_back(world, case, "pay_1")
    world.clock.advance(days=20)
    assert lacking(world) == [-order.amount.minor]
    give_up(world, order, "col_1")
    assert give_up(world, order, "col_2").state is OrderState.REJECTED
    assert lacking(world) == [], "the refund that never left ends what we lacked"
    check(world)
