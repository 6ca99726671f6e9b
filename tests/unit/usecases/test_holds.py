"""A hold stops everything at once; one that began earlier takes back what happened since."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sovinto.domain.case import Case, Step
from sovinto.domain.communication import SendingState
from sovinto.domain.debtor import DebtorType
from sovinto.domain.event import Event
from sovinto.domain.hold import Hold, HoldReason
from sovinto.domain.ledger import balance_of
from sovinto.errors import InvalidInput, NotAllowed, NotFound, RuleRefused
from sovinto.ids import ClientId
from sovinto.ports import Change
from sovinto.usecases.hold_case import place_hold, release_hold

from tests.support.books import check_books
from tests.support.memory_table import MemoryTable
from tests.support.moves import agree, answer, object_to, owed, pay
from tests.support.race import RacingTable
from tests.support.stored import all_events
from tests.support.world import CLIENT, World

BUSINESS = {"debtor_type": DebtorType.BUSINESS, "registration_id": "9000007-0"}
GB = replace(CLIENT, country="GB", currency="GBP")


def hold(
    world: World, case: Case, reason: HoldReason = HoldReason.ILLNESS, by: str = "col_1", **days: Any
) -> Hold:
    return place_hold(case.case_id, reason, by=by, cases=world.cases, clock=world.clock, **days)


def release(world: World, case: Case, held: Hold, **more: Any) -> Hold:
    return release_hold(
        case.case_id, held.hold_id, by="col_1", cases=world.cases, clock=world.clock, **more
    )


def fees(world: World, case: Case) -> int:
    return balance_of(case.case_id, case.currency, world.cases.entries(case.case_id)).fee.minor


def interest(world: World, case: Case) -> int:
    return balance_of(case.case_id, case.currency, world.cases.entries(case.case_id)).interest.minor


def events(world: World, kind: str) -> list[Event]:
    assert isinstance(world.table, MemoryTable)
    return [event for event in all_events(world.table) if event.type == kind]


def today(world: World) -> date:
    return world.clock.now().date()


def test_nothing_more_happens_until_it_is_released() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 3)
    held = hold(world, case)
    world.live(case.case_id, 90)
    assert world.story(case.case_id) == [("2026-01-05", "send_reminder")]
    assert world.drive(case.case_id) == "on_hold"
    released = release(world, case, held)
    assert released.released_on == today(world) - timedelta(days=1)
    assert world.drive(case.case_id) == "remind_by_sms_not_due" or world.story(case.case_id)[1:]
    assert "send_demand" in [step for _, step in world.live(case.case_id, 30)]


def test_it_wakes_the_case_and_names_no_person() -> None:
    world = World()
    case = world.place()
    world.clock.advance(minutes=5)
    held = hold(world, case, until=date(2026, 2, 1))
    assert world.wakes.of(case.case_id).wake_at == world.clock.now()
    (event,) = events(world, "hold.placed")
    assert dict(event.data) == {
        "hold_id": held.hold_id,
        "from_on": "2026-01-05",
        "until": "2026-02-01",
    }


def test_a_letter_planned_before_the_hold_is_withheld_and_costs_nothing() -> None:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    assert fees(world, case) == 500
    hold(world, case)
    assert set(world.dispatch()) == {SendingState.WITHHELD, SendingState.SENT}, "the client's receipt goes"
    assert [mail.to for mail in world.mailer.sent] == [CLIENT.email]
    assert fees(world, case) == 0


def test_a_hold_between_reading_and_claiming_wins() -> None:
    table = RacingTable()
    world = World(table=table)
    case = world.place()
    world.drive(case.case_id)
    (reminder,) = world.messages(case.case_id, "reminder")
    table.before = [lambda: hold(world, case)]
    assert world.send(case.case_id, reminder.communication_id) is SendingState.WITHHELD
    assert world.mailer.sent == []


def test_a_step_decided_before_the_hold_is_skipped() -> None:
    table = RacingTable()
    world = World(table=table)
    case = world.place()
    table.before = [lambda: hold(world, case)]
    assert world.perform(case.case_id, Step.SEND_REMINDER) == "skipped"
    assert fees(world, case) == 0


def test_holds_stack_and_the_last_one_lets_the_case_go_on() -> None:
    world = World()
    case = world.place()
    first = hold(world, case, until=date(2026, 1, 20))
    second = hold(world, case, HoldReason.CLIENT_REQUEST)
    world.live(case.case_id, 30)
    stored = world.cases.load(case.case_id)
    assert [item.hold_id for item in stored.active_holds] == [second.hold_id]
    assert world.story(case.case_id) == [("2026-01-21", "end_hold")]
    assert stored.holds[0].released_on == first.until
    release(world, case, second)
    assert "send_reminder" in [step for _, step in world.live(case.case_id, 2)]


def test_the_same_hold_asked_twice_is_one() -> None:
    world = World()
    case = world.place()
    assert hold(world, case) == hold(world, case)
    assert hold(world, case, until=date(2026, 3, 1)) != hold(world, case)
    assert len(world.cases.load(case.case_id).holds) == 2
    held = hold(world, case)
    assert release(world, case, held) == release(world, case, held)


def test_a_backdated_hold_takes_back_fees_and_tells_contacts_as_breaches() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 20)
    sent = [item for item in world.cases.communications(case.case_id) if item.permit]
    assert [item.template for item in sorted(sent, key=lambda i: i.planned_at)][:2] == [
        "reminder",
        "reminder_sms",
    ]
    assert fees(world, case) > 500
    held = hold(world, case, from_on=date(2026, 1, 6))
    assert fees(world, case) == 500, "the reminder of the 5th stands"
    inside = {item.communication_id for item in sent if item.template != "reminder"}
    assert set(held.breaches) == inside
    assert world.cases.load(case.case_id).holds[0].breaches == held.breaches
    (event,) = events(world, "hold.breached")
    assert dict(event.data)["count"] == str(len(inside))
    reversals = [e for e in world.cases.entries(case.case_id) if e.kind == "fee_reversed"]
    assert all(entry.reverses for entry in reversals)
    second = hold(world, case, HoldReason.ADDRESS_SEARCH, from_on=date(2026, 1, 5))
    assert fees(world, case) == 0
    assert len(second.breaches) == len(inside) + 1
    check_books(world.ledger())


def test_a_fee_that_a_backdated_hold_took_back_is_not_taken_back_again_by_the_dispatch() -> None:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    hold(world, case, from_on=date(2026, 1, 4))
    assert fees(world, case) == 0
    world.dispatch()
    assert fees(world, case) == 0
    assert events(world, "hold.breached") == [], "nothing had left yet"


def test_a_moratorium_stops_interest_from_the_day_it_began() -> None:
    """SI 2020/1311: sixty days; the interest of the days inside is taken back, the rest stays."""
    world = World(client=GB)
    case = world.place(due_on=date(2025, 6, 1), principal=100_000, **BUSINESS)
    world.live(case.case_id, 40)
    posted = interest(world, case)
    assert posted > 0
    held = hold(world, case, HoldReason.MORATORIUM, from_on=date(2026, 1, 6))
    assert (held.stops_interest, held.until) == (True, date(2026, 3, 6))
    after = interest(world, case)
    assert 0 < after < posted
    before = owed(world, case)
    world.live(case.case_id, 10)
    assert owed(world, case) == before, "no interest inside"
    world.live(case.case_id, 60)
    assert owed(world, case) > before, "and again afterwards"
    check_books(world.ledger())


def test_debt_advice_lasts_as_long_as_the_law_says_and_interest_goes_on() -> None:
    world = World(client=GB)
    case = world.place()
    held = hold(world, case, HoldReason.DEBT_ADVICE)
    assert (held.until, held.stops_interest) == (date(2026, 2, 3), False)
    with pytest.raises(InvalidInput, match="until must be at most 2026-02-03"):
        hold(world, case, HoldReason.DEBT_ADVICE, until=date(2026, 2, 4))


def test_where_the_law_knows_no_moratorium_the_hold_stops_contacts_and_fees_all_the_same() -> None:
    world = World()
    case = world.place()
    held = hold(world, case, HoldReason.MORATORIUM)
    assert (held.until, held.stops_interest) == (None, False)
    assert not world.cases.load(case.case_id).may_be_contacted


def test_only_consumers_may_have_collection_stopped_in_finland() -> None:
    world = World()
    consumer, business = world.place(), world.place(reference="B", **BUSINESS)
    hold(world, consumer, HoldReason.COLLECTION_STOPPED)
    with pytest.raises(RuleRefused, match="not a right of a business in FI") as refused:
        hold(world, business, HoldReason.COLLECTION_STOPPED)
    assert refused.value.field == "reason"


def test_a_client_asks_for_its_own_kind_of_hold_in_its_own_cases() -> None:
    world = World()
    case = world.place()
    with pytest.raises(NotAllowed, match="client_request"):
        hold(world, case, client_id=CLIENT.client_id)
    with pytest.raises(NotFound):
        hold(world, case, HoldReason.CLIENT_REQUEST, client_id=ClientId("cli_other"))
    held = hold(world, case, HoldReason.CLIENT_REQUEST, client_id=CLIENT.client_id)
    ours = hold(world, case)
    with pytest.raises(NotFound):
        release(world, case, held, client_id=ClientId("cli_other"))
    with pytest.raises(NotAllowed, match="not the client's"):
        release(world, case, ours, client_id=CLIENT.client_id)
    assert not release(world, case, held, client_id=CLIENT.client_id).is_active


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ({"from_on": date(2025, 10, 31)}, "must not be before 2025-11-01"),
        ({"from_on": date(2026, 3, 7)}, "at most 60 days ahead"),
        ({"until": date(2026, 1, 4)}, "must not be before from_on"),
        ({"by": " "}, "by must name"),
    ],
)
def test_limits_of_a_hold(days: dict[str, Any], message: str) -> None:
    world = World()
    case = world.place()
    with pytest.raises(InvalidInput, match=message):
        hold(world, case, **days)


def test_a_closed_case_is_not_held() -> None:
    world = World()
    case = world.place()
    held = hold(world, case)
    pay(world, case, owed(world, case))
    with pytest.raises(RuleRefused, match="closed"):
        hold(world, case)
    with pytest.raises(RuleRefused, match="closed"):
        release(world, case, held)
    with pytest.raises(NotFound, match="no hold"):
        release_hold(case.case_id, "hld_x", by="col_1", cases=world.cases, clock=world.clock)


def on_a_plan(world: World) -> tuple[Case, date]:
    case = world.place(principal=30_000)
    world.live(case.case_id, 3)
    return case, agree(world, case, 3).instalments[0].due_on


def first_due(world: World, case: Case) -> date:
    plan = world.cases.load(case.case_id).plan
    assert plan is not None
    return plan.instalments[0].due_on


def test_a_plan_is_not_broken_by_days_on_hold() -> None:
    world = World()
    case, due = on_a_plan(world)
    held = hold(world, case)
    world.live(case.case_id, 60)
    release(world, case, held)
    plan = world.cases.load(case.case_id).plan
    assert plan is not None and plan.is_active
    assert due + timedelta(days=60) <= plan.instalments[0].due_on <= due + timedelta(days=64)
    world.live(case.case_id, 5)
    assert Step.BREAK_PLAN.value not in [step for _, step in world.story(case.case_id)]


def test_a_day_under_two_holds_is_given_back_once() -> None:
    world = World()
    case, due = on_a_plan(world)
    hold(world, case, until=today(world) + timedelta(days=19))
    second = hold(world, case, HoldReason.CLIENT_REQUEST)
    world.live(case.case_id, 30)
    assert first_due(world, case) == due, "it still stands still"
    release(world, case, second)
    assert due + timedelta(days=30) <= first_due(world, case) <= due + timedelta(days=34)


def test_a_day_given_back_is_not_given_back_again_to_a_later_hold() -> None:
    world = World()
    case, due = on_a_plan(world)
    began = today(world)
    held = hold(world, case)
    world.live(case.case_id, 10)
    release(world, case, held)
    moved = first_due(world, case)
    world.clock.advance(minutes=1)
    again = hold(world, case, HoldReason.ADDRESS_SEARCH, from_on=began)
    release(world, case, again)
    assert first_due(world, case) == moved > due


def test_a_dispute_and_a_hold_over_the_same_days_move_the_plan_once() -> None:
    world = World()
    case, due = on_a_plan(world)
    held = hold(world, case)
    object_to(world, case)
    world.live(case.case_id, 12)
    answer(world, case, "rejected")
    moved = first_due(world, case)
    assert moved >= due + timedelta(days=12)
    release(world, case, held)
    assert first_due(world, case) == moved


def test_a_plan_that_was_broken_inside_a_backdated_hold_is_kept_again() -> None:
    world = World()
    case, due = on_a_plan(world)
    days = (due - today(world)).days + 9
    world.live(case.case_id, days)
    broken = world.cases.load(case.case_id)
    assert broken.plan is not None and broken.plan.status == "broken"
    held = hold(world, case, from_on=due)
    release(world, case, held)
    kept = world.cases.load(case.case_id)
    assert kept.plan is not None and kept.plan.is_active
    assert kept.performed(Step.BREAK_PLAN) is None
    assert first_due(world, case) > due
    assert (
        owed(world, case) == balance_of(case.case_id, "EUR", world.cases.entries(case.case_id)).total.minor
    )


def test_a_hold_that_was_released_before_it_began_changes_nothing() -> None:
    world = World(client=GB)
    case = world.place(**BUSINESS)
    before = owed(world, case)
    held = hold(world, case, HoldReason.MORATORIUM, from_on=date(2026, 2, 1))
    assert not world.cases.load(case.case_id).may_be_contacted
    assert release(world, case, held).is_void
    assert owed(world, case) == before


def test_a_last_day_too_far_away_is_refused() -> None:
    world = World()
    case = world.place()
    for until in (date.max, date(2099, 1, 1)):
        with pytest.raises(InvalidInput, match="ten years ahead") as refusal:
            hold(world, case, until=until)
        assert refusal.value.field == "until"
    assert not world.cases.load(case.case_id).holds


def test_a_stored_hold_to_the_end_of_all_days_neither_stops_the_case_for_ever_nor_its_release() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 5)
    held = hold(world, case)
    stored = world.cases.load(case.case_id)
    endless = replace(stored, holds=(replace(held, until=date.max),), version=stored.version + 1)
    world.cases.commit(Change(case=endless))
    assert world.drive(case.case_id) == "on_hold"
    world.clock.advance(days=40)
    assert world.drive(case.case_id) == "on_hold"
    release(world, case, held)
    assert not world.cases.load(case.case_id).active_holds
    world.live(case.case_id, 5)
