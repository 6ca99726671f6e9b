"""A payment with another sum or currency than its page was opened for is held for people, not booked."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from sovinto.domain.checkout import GatewayEventType
from sovinto.domain.money import Money
from sovinto.domain.settlement import SettledKind
from sovinto.errors import InvalidInput, NotFound
from sovinto.ids import CaseId
from sovinto.usecases.hear_gateway import hear_gateway
from sovinto.usecases.held_payment import PAYMENT_HELD, take_held

from tests.support.settled import PROVIDER, begun, hear, line, on_account, payout, said, settle
from tests.support.world import World


@pytest.mark.parametrize("paid", [Money(3_999, "EUR"), Money(4_001, "EUR"), Money(4_000, "SEK")])
def test_another_sum_is_held_once_and_told(paid: Money) -> None:
    world, told = World(), list[str]()
    case = world.place()
    payment_id, checkout = begun(world, case, 4_000)
    event = said(world, GatewayEventType.CHECKOUT_COMPLETED, 4_000, payment_id, checkout_id=checkout)
    other = replace(event, amount=paid)

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


def test_a_person_takes_the_sum_as_it_is_and_told_again_it_is_booked() -> None:
    world = World()
    case = world.place()
    payment_id, checkout = begun(world, case, 4_000)
    told = said(world, GatewayEventType.CHECKOUT_COMPLETED, 3_900, payment_id, checkout_id=checkout)
    assert hear(world, told) == "held"

    take = partial(take_held, payment_id, by="col_1", cases=world.cases)
    with pytest.raises(InvalidInput, match="that is held"):
        take(case.case_id, Money(3_901, "EUR"))
    with pytest.raises(NotFound, match="not begun"):
        take(CaseId("case_other"), Money(3_900, "EUR"))
    assert take(case.case_id, Money(3_900, "EUR")) is False
    assert take(case.case_id, Money(3_900, "EUR")) is True

    assert [hear(world, told), hear(world, told)] == ["recorded", "repeated"]
    assert on_account(world.cases.entries(case.case_id), "psp:stripe") == 3_900
    assert settle(world, payout(line(SettledKind.PAYMENT, 3_900, 85, payment_id=payment_id))).outcome == (
        "settled"
    )


def test_money_of_another_currency_is_not_taken() -> None:
    world = World()
    case = world.place()
    payment_id, checkout = begun(world, case, 4_000)
    told = said(world, GatewayEventType.CHECKOUT_COMPLETED, 4_000, payment_id, checkout_id=checkout)
    assert hear(world, replace(told, amount=Money(4_000, "SEK"))) == "held"
    with pytest.raises(InvalidInput, match="give this money back"):
        take_held(payment_id, case.case_id, Money(4_000, "SEK"), by="col_1", cases=world.cases)
