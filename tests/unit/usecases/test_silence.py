"""Answers and receipts need no permit, and still stop where nobody may hear anything."""

from __future__ import annotations

import pytest
from sovinto.domain.case import Closure
from sovinto.domain.communication import SendingState
from sovinto.domain.hold import HoldReason
from sovinto.usecases.hold_case import place_hold
from sovinto.usecases.stop_case import stop_case

from tests.support.moves import agree, pay
from tests.support.world import World


@pytest.mark.parametrize("closure", [Closure.DEBTOR_DIED, Closure.DEBTOR_MINOR, Closure.WITHDRAWN])
def test_no_receipt_reaches_a_debtor_who_must_hear_nothing(closure: Closure) -> None:
    world = World()
    case = world.place()
    pay(world, case, 1_000)
    stop_case(case.case_id, closure, by="col_1", cases=world.cases, clock=world.clock)
    world.dispatch()
    (receipt,) = world.messages(case.case_id, "payment_received")
    assert (receipt.state, receipt.reason) == (SendingState.WITHHELD, "stopped before sending")


def test_a_receipt_goes_out_during_a_hold_but_not_while_the_address_is_searched() -> None:
    for reason, state in (
        (HoldReason.ILLNESS, SendingState.SENT),
        (HoldReason.ADDRESS_SEARCH, SendingState.WITHHELD),
    ):
        world = World()
        case = world.place()
        pay(world, case, 1_000)
        place_hold(case.case_id, reason, by="col_1", cases=world.cases, clock=world.clock)
        world.dispatch()
        (receipt,) = world.messages(case.case_id, "payment_received")
        assert receipt.state is state


def test_a_plan_is_not_confirmed_to_a_child() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 1)
    agree(world, case, 2)
    stop_case(case.case_id, Closure.DEBTOR_MINOR, by="col_1", cases=world.cases, clock=world.clock)
    world.dispatch()
    (letter,) = world.messages(case.case_id, "plan_confirmation")
    assert letter.state is SendingState.WITHHELD
