"""One story in which everything happens that the documentation tells of: all events, all kinds of item."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from functools import cache

from sovinto.adapters.codec import decode
from sovinto.domain.case import Case
from sovinto.domain.event import Event
from sovinto.errors import NotAllowed
from sovinto.usecases import debtor_page
from sovinto.usecases.ask_upload import put_upload
from sovinto.usecases.import_inbox import import_inbox

from tests.support.memory_table import MemoryTable
from tests.support.moves import agree, answer, begin_card, hear, object_to, owed, pay
from tests.support.statements import camt053, line
from tests.support.world import AGENCY, World


@cache
def lived() -> tuple[MemoryTable, tuple[Event, ...]]:
    """The table after the story, and every event of it."""
    world = World()
    assert isinstance(world.table, MemoryTable)
    _on_a_plan(world)
    _disputed(world)
    _by_card(world)
    _bank_and_client(world)
    _at_the_door(world)
    events = [
        decode(Event, str(item["body"]))
        for (_, sk), item in world.table.items.items()
        if sk.startswith("OUTBOX#")
    ]
    return world.table, tuple(events)


def _on_a_plan(world: World) -> None:
    """Agreed, the first instalment missed: broken, evaluated, called, closed in the end."""
    case = world.place(reference="PLAN", principal=30_000)
    world.live(case.case_id, 3)
    plan = agree(world, case, 3)
    missed = plan.instalments[0].due_on + timedelta(days=7)
    world.clock.at = datetime.combine(missed, time(10), tzinfo=UTC)
    world.live(case.case_id, 120)
    assert world.cases.load(case.case_id).closure is not None


def _disputed(world: World) -> None:
    case = world.place(reference="DISPUTE")
    object_to(world, case)
    answer(world, case, "upheld")


def _by_card(world: World) -> None:
    """Paid on the provider's page; its payout is on the account before it is announced."""
    world.gateway.now = int(world.clock.now().timestamp())
    case = world.place(reference="CARD")
    minor = owed(world, case)
    hear(world, world.gateway.pay(begin_card(world, case, minor)))
    payout = world.gateway.close_day()
    name = str(json.loads(payout.body)["data"]["object"]["id"])
    statement = camt053(line(minor, end_to_end=name, bank_id="P1"), change=minor, statement_id="P")
    world.bank.write("inbox/payout.xml", statement, "application/xml")
    import_inbox(bank=world.bank, agency=AGENCY, cases=world.cases, clock=world.clock)
    hear(world, payout)


def _bank_and_client(world: World) -> None:
    """A payment that names a case, one that names none; then remittance and fee invoice."""
    case: Case = world.place(reference="BANK")
    pay(world, case, owed(world, case))
    world.bank.write("inbox/day.xml", camt053(line(999), change=999), "application/xml")
    import_inbox(bank=world.bank, agency=AGENCY, cases=world.cases, clock=world.clock)
    world.clock.advance(days=40)
    world.pay_clients()


def _at_the_door(world: World) -> None:
    """A wrong code, and a case file that waits to be read."""
    case = world.place(reference="DOOR")
    try:
        debtor_page.prove_code(case.link_id, "WRONG", secret=b"s", cases=world.cases, at=world.clock.now())
    except NotAllowed:
        put_upload(
            world.client.client_id,
            "cases.csv",
            b"reference",
            files=world.uploads,
            cases=world.cases,
            clock=world.clock,
            ids=world.ids,
        )
