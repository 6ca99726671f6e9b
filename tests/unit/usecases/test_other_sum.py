"""A payment with another sum or currency than its page was opened for is held for people, not booked."""

from __future__ import annotations

import pytest
from sovinto.domain.checkout import GatewayEventType
from sovinto.domain.money import Money
from sovinto.domain.settlement import SettledKind
from sovinto.usecases.hear_gateway import PAYMENT_HELD, hear_gateway

from tests.support.settled import PROVIDER, begun, line, on_account, payout, said, settle
from tests.support.world import World


@pytest.mark.parametrize("paid", [Money(3_999, "EUR"), Money(4_001, "EUR"), Money(4_000, "SEK")])
def test_another_sum_is_held_once_and_told(paid: Money) -> None:
    world, told = World(), []
    case = world.place()
    payment_id, checkout = begun(world, case, 4_000)
    event = said(world, GatewayEventType.CHECKOUT_COMPLETED, 4_000, payment_id, checkout_id=checkout)
    other = type(event)(**{name: getattr(event, name) for name in event.__slots__} | {"amount": paid})

    outcomes = [
        hear_gateway(PROVIDER, other, cases=world.cases, clock=world.clock, tell=told.append)
        for _ in range(2)
    ]

    assert outcomes == ["held", "held"]
    assert told[0] == told[1] and paid.decimal() in told[0] and "40.00 EUR was asked for" in told[0]
    assert len(list(world.table.query(PAYMENT_HELD))) == 1
    assert on_account(world.cases.entries(case.case_id), "psp:stripe") == 0
    assert hear_gateway(PROVIDER, event, cases=world.cases, clock=world.clock) == "recorded"


def test_a_payout_that_brings_another_sum_than_was_asked_for_is_held() -> None:
    """The announcement was lost: the line alone must not book what nobody asked for."""
    world = World()
    payment_id, _ = begun(world, world.place(), 4_000)
    done = settle(world, payout(line(SettledKind.PAYMENT, 3_985, 85, payment_id=payment_id)))
    assert done.outcome == "held"
    assert "39.85 EUR at the provider, and 40.00 EUR was asked for" in done.reason
    assert on_account(world.ledger(20), "psp:stripe") == 0
