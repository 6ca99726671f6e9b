"""A person's contacts and what leads astray: the same on the table in memory and on DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sovinto.domain.communication import Channel, SendingState
from sovinto.domain.contacts import refused_row, suppressed_row
from sovinto.errors import StaleVersion
from sovinto.ports import Change, Guard

from tests.support.aws import moto_table
from tests.support.world import World


@pytest.fixture(params=["memory", "dynamo"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "memory":
        yield World()
        return
    with moto_table() as made:
        yield World(table=made)


def keep(world: World, name: str, payload: str) -> None:
    world.cases.commit(Change(guards=(Guard("PERSON#per_1", name, payload, StaleVersion),)))


def test_contacts_come_oldest_first_from_a_day_on(world: World) -> None:
    for name, payload in (
        ("2026-01-04#001", "call|com_1"),
        ("2026-01-05#001", "email|com_2"),
        ("2026-01-05#002", "sms|com_3"),
        ("2026-01-05#undone#com_2", "email|com_2"),
    ):
        keep(world, name, payload)
    found = world.cases.contacts_of("per_1", date(2026, 1, 5))
    assert [(item.channel, item.number, item.is_undone) for item in found] == [
        (Channel.EMAIL, 1, True),
        (Channel.SMS, 2, False),
    ]
    assert {item.person_key for item in found} == {"per_1"}
    assert world.cases.contacts_of("per_2", date(2026, 1, 1)) == ()


def test_a_contact_of_a_day_has_its_number_alone(world: World) -> None:
    keep(world, "2026-01-05#001", "email|com_1")
    with pytest.raises(StaleVersion):
        keep(world, "2026-01-05#001", "email|com_2")


@pytest.mark.parametrize("everywhere", [True, False])
def test_what_leads_astray_is_not_claimed(world: World, everywhere: bool) -> None:
    case = world.place()
    world.drive(case.case_id)
    (reminder,) = world.messages(case.case_id, "reminder")
    find = suppressed_row(Channel.EMAIL, reminder.to)
    row = find if everywhere else refused_row(case.case_id, Channel.EMAIL, reminder.to)
    assert row is not None
    world.cases.commit(Change(guards=(Guard(*row),)))
    assert not world.sendings.claim(reminder)
    assert world.send(case.case_id, reminder.communication_id) is SendingState.WITHHELD
