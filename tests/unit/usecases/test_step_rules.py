"""What the law says while a step is carried out: its fee, and what happens where it is silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sovinto.domain.case import Case, Claim, Step
from sovinto.domain.money import Money
from sovinto.usecases.place_case import Request

from tests.support.outside import HandClock
from tests.support.world import World

DUE = date(2025, 11, 1)


def claim(number: str, due_on: date, invoiced_on: date | None) -> Claim:
    return Claim(number, due_on, Money(10_000, "EUR"), invoiced_on)


def placed(world: World, *claims: Claim) -> Case:
    placement = replace(world.placement(), claims=claims)
    return world.cases.load(world.hand_over(placement, Request("key", "digest")).case_id)


def fees(world: World, case: Case) -> list[str]:
    return [e.label for e in world.cases.entries(case.case_id) if e.kind == "fee_charged"]


@pytest.mark.parametrize(("notice", "charged"), [(3, []), (60, ["reminder_fee"]), (None, ["reminder_fee"])])
def test_an_invoice_without_enough_notice_earns_no_reminder_fee(
    notice: int | None, charged: list[str]
) -> None:
    world = World()
    invoiced_on = None if notice is None else DUE - timedelta(days=notice)
    case = placed(world, claim("I-1", DUE, invoiced_on))
    world.drive(case.case_id)
    assert len(world.messages(case.case_id, "reminder")) == 1
    assert fees(world, case) == charged


def test_the_shortest_notice_of_several_invoices_counts() -> None:
    """Also where another claim is due much later: each notice is measured against its own due date."""
    world = World()
    hasty = claim("I-1", date(2025, 9, 4), date(2025, 9, 1))
    case = placed(world, hasty, claim("I-2", DUE, date(2025, 9, 1)), claim("I-3", DUE, None))
    world.drive(case.case_id)
    assert fees(world, case) == []


def test_a_day_without_law_is_a_skip_and_a_new_look_tomorrow() -> None:
    """Reference rates end with 2026: the driver neither fails nor loops, and nothing is sent."""
    world = World(clock=HandClock(datetime(2027, 1, 4, 8, tzinfo=UTC)))
    case = world.place()
    assert world.drive(case.case_id) == "send_reminder_refused_today"
    (note,) = world.cases.load(case.case_id).steps
    assert (note.step, note.outcome) == (Step.SEND_REMINDER, "skipped")
    assert note.reason.startswith("law_missing: ")
    assert world.messages(case.case_id, "reminder") == []
    world.clock.advance(days=1)
    assert world.drive(case.case_id) == "send_reminder_refused_today"
    assert len(world.cases.load(case.case_id).steps) == 1
