"""A world whose law ends: Norway, whose rules on letters are known to the end of 2026 only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sovinto.domain.case import Case
from sovinto.domain.debtor import Address
from sovinto.domain.money import Money

from tests.support.outside import HandClock
from tests.support.world import CLIENT, World

OSLO = Address("Gata 1", "0150", "Oslo", "NO")


def world_before_its_law_ends() -> tuple[World, Case]:
    """A Norwegian case on 1 December 2026; 40 days on no letter has a rule."""
    fee = Money(1_000, "NOK")
    client = replace(CLIENT, country="NO", currency="NOK", setup_fee=fee, language="en")
    world = World(clock=HandClock(datetime(2026, 12, 1, 10, tzinfo=UTC)), client=client)
    return world, world.place(principal=100_000, address=OSLO, language="no")
