"""Bank files of every kind in one story: sums with their details, and a transfer for two cases."""

from __future__ import annotations

from datetime import date

from sovinto.usecases.import_inbox import import_inbox

from tests.support.moves import owed
from tests.support.people import AGENCY
from tests.support.statements import camt, camt053, itemised, line
from tests.support.world import World


def itemised_money(world: World) -> None:
    """Told as a sum and then as parts, as parts twice, and once for two cases; among many empty lines."""
    day = world.clock.now().date()
    who = "Iida Itemoitu"
    one = world.place(reference="ITEM-1", name=who)
    other = world.place(reference="ITEM-2", principal=20_000, name=who)
    parts = ((1_100, "1232"), (1_200, "12345672"))
    as_sum, as_parts = itemised(2_300, bank_id="I1", on=day), itemised(2_300, *parts, bank_id="I1", on=day)
    _deliver(world, camt053(as_sum, change=2_300, statement_id="I1"), "sum")
    _deliver(world, camt("054", as_parts, statement_id="I1"), "parts")
    parts = ((1_300, "1232"), (1_400, "12345672"))
    twice = itemised(2_700, *parts, bank_id="I2", on=day)
    _deliver(world, camt053(twice, change=2_700, statement_id="I2"), "itemised")
    _deliver(world, camt("054", twice, statement_id="I2"), "again")
    _deliver(world, _long(owed(world, one) + owed(world, other), f"{one.payment_reference} "
                          f"{other.payment_reference}", who, day), "long")  # fmt: skip


def _long(minor: int, text: str, payer: str, day: date) -> bytes:
    empty = [line(0, bank_id=f"Z{number}", on=day) for number in range(200)]
    both = line(minor, text=text, payer=payer, bank_id="I3", end_to_end="E3", on=day)
    return camt053(*empty, both, change=minor, statement_id="I3")


def _deliver(world: World, data: bytes, name: str) -> None:
    world.bank.write(f"inbox/itemised-{name}.xml", data, "application/xml")
    import_inbox(bank=world.bank, agency=AGENCY, cases=world.cases, clock=world.clock)
