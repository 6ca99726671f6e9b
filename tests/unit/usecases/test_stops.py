"""Bankruptcy, death, a minor, a withdrawal: the end, at once, with its reason and who said so."""

from __future__ import annotations

import pytest
from sovinto.domain.case import Case, Closure
from sovinto.domain.communication import SendingState
from sovinto.domain.ledger import balance_of
from sovinto.errors import InvalidInput, NotAllowed, NotFound, RuleRefused
from sovinto.ids import ClientId
from sovinto.usecases.stop_case import STOPS, stop_case

from tests.support.memory_table import MemoryTable
from tests.support.moves import agree, owed, pay
from tests.support.race import RacingTable
from tests.support.stored import all_events
from tests.support.world import CLIENT, World


def stop(world: World, case: Case, closure: Closure, client: str | None = None) -> Case:
    return stop_case(
        case.case_id,
        closure,
        by="col_1",
        cases=world.cases,
        clock=world.clock,
        client_id=None if client is None else ClientId(client),
    )


@pytest.mark.parametrize("closure", STOPS)
def test_it_is_the_end_at_once(closure: Closure) -> None:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    world.clock.advance(minutes=1)
    stopped = stop(world, case, closure)
    assert (stopped.closure, stopped.closed_by, stopped.closed_at) == (closure, "col_1", world.clock.now())
    assert SendingState.WITHHELD in world.dispatch()
    assert [mail.to for mail in world.mailer.sent] == [CLIENT.email]
    assert world.wakes.of(case.case_id).wake_at == world.clock.now()
    assert world.drive(case.case_id) == closure.value
    assert world.wakes.due(world.clock.now(), 10) == ()
    sent = len(world.mailer.sent)
    world.live(case.case_id, 60)
    assert len(world.mailer.sent) == sent
    assert isinstance(world.table, MemoryTable)
    told = [event for event in all_events(world.table) if event.type in ("case.stopped", "case.closed")]
    assert {event.type: dict(event.data) for event in told} == {
        "case.stopped": {"reason": closure.value},
        "case.closed": {"reason": closure.value},
    }


def test_the_fee_of_a_letter_that_did_not_leave_is_taken_back() -> None:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    stop(world, case, Closure.DEBTOR_DIED)
    world.dispatch()
    assert balance_of(case.case_id, "EUR", world.cases.entries(case.case_id)).fee.minor == 0


def test_a_plan_is_cancelled_and_its_reminders_stop() -> None:
    world = World()
    case = world.place(principal=30_000)
    world.live(case.case_id, 3)
    agree(world, case, 3)
    stopped = stop(world, case, Closure.INSOLVENT)
    assert stopped.plan is not None and stopped.plan.status == "cancelled"
    world.dispatch()
    texts = len(world.sms.sent)
    world.live(case.case_id, 60)
    assert len(world.sms.sent) == texts


def test_a_stop_between_reading_and_claiming_wins() -> None:
    table = RacingTable()
    world = World(table=table)
    case = world.place()
    world.drive(case.case_id)
    (reminder,) = world.messages(case.case_id, "reminder")
    table.before = [lambda: stop(world, case, Closure.DEBTOR_DIED)]
    assert world.send(case.case_id, reminder.communication_id) is SendingState.WITHHELD


def test_money_after_a_withdrawal_goes_back() -> None:
    world = World()
    case = world.place()
    stop(world, case, Closure.WITHDRAWN, CLIENT.client_id)
    recorded = pay(world, case, 5_000)
    assert recorded.allocation is not None and recorded.allocation.over.minor == 5_000


def test_who_may_say_what() -> None:
    world = World()
    case = world.place()
    with pytest.raises(NotAllowed, match="withdrawn"):
        stop(world, case, Closure.INSOLVENT, CLIENT.client_id)
    with pytest.raises(NotFound):
        stop(world, case, Closure.WITHDRAWN, "cli_other")
    with pytest.raises(InvalidInput, match="closure must be one of insolvent, debtor_died"):
        stop(world, case, Closure.PAID)
    pay(world, case, owed(world, case))
    with pytest.raises(RuleRefused, match="closed already \\(paid\\)"):
        stop(world, case, Closure.WITHDRAWN)
