"""One ledger of contacts per person: three cases together keep the caps of one."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sovinto.domain.case import Case, Step
from sovinto.domain.communication import Channel, Communication, SendingState
from sovinto.domain.contacts import suppressed_row
from sovinto.domain.debtor import Address, DebtorType
from sovinto.domain.law.contact import next_contact_time
from sovinto.domain.send_permit import Refusal, permit
from sovinto.errors import StaleVersion
from sovinto.ports import Change, Guard
from sovinto.usecases.case_file import facts_of

from tests.support.race import RacingTable
from tests.support.world import START, World

PHONE = "+358400000001"


def three(world: World) -> list[Case]:
    return [world.place(reference=f"A-{number}") for number in (1, 2, 3)]


def contacts(world: World, *cases: Case) -> list[Communication]:
    """What was planned under a permit and counts: no post, nothing that never left."""
    return [
        item
        for case in cases
        for item in world.cases.communications(case.case_id)
        if item.permit is not None
        and item.channel is not Channel.POST
        and item.state is not SendingState.WITHHELD
    ]


def test_the_person_is_set_at_placement_and_the_same_in_every_case() -> None:
    world = World()
    one, two, _ = three(world)
    assert one.person_key == two.person_key != ""
    assert world.place(reference="B-1", name="Somebody Else").person_key != one.person_key


def test_three_cases_of_one_person_keep_the_caps_of_one() -> None:
    world = World()
    cases = three(world)
    for _ in range(90):
        for case in cases:
            world.drive(case.case_id)
        world.dispatch()
        world.clock.advance(days=1)
    days = sorted(item.planned_at.date() for item in contacts(world, *cases))
    assert len(days) >= 12
    assert max(Counter(days).values()) <= 2
    for first, fourth in zip(days, days[3:], strict=False):
        assert fourth - first >= timedelta(days=7)


def test_caps_put_a_step_off_and_skip_none() -> None:
    """Each case still gets all of its steps, in their order, and none is noted as refused."""
    world = World()
    cases = three(world)
    for _ in range(200):
        for case in cases:
            world.drive(case.case_id)
        world.clock.advance(days=1)
    for case in cases:
        stored = world.cases.load(case.case_id)
        assert not [record for record in stored.steps if record.outcome == "skipped"]
        done = [record.step for record in stored.steps]
        assert done[:3] == [Step.SEND_REMINDER, Step.REMIND_BY_SMS, Step.SEND_DEMAND]
        assert done[-1] is Step.CLOSE_CASE
        assert all(a.at <= b.at for a, b in pairwise(stored.steps))


def test_the_wait_names_the_first_day_that_is_free_again() -> None:
    world = World()
    one, two, three_ = three(world)
    world.drive(one.case_id)
    world.drive(two.case_id)
    assert world.drive(three_.case_id) == "send_reminder_not_due"
    world.clock.at = START + timedelta(days=2)
    world.drive(three_.case_id)
    (reminder,) = world.messages(three_.case_id, "reminder")
    assert reminder.planned_at.date() == date(2026, 1, 7)


def test_two_cases_planned_at_the_same_moment() -> None:
    """Both have read the same two contacts of this week; the second to store reads again and waits."""
    table = RacingTable()
    world = World(table=table)
    one, two, _ = three(world)
    key = one.person_key
    # The sixth is a holiday in Finland; two contacts stand before, on the fifth.
    for number in (1, 2):
        made = Guard(f"PERSON#{key}", f"2026-01-05#{number:03d}", f"email|com_{number}")
        world.cases.commit(Change(guards=(made,)))
    world.clock.at = START + timedelta(days=2)
    table.before.append(lambda: world.drive(one.case_id))
    world.drive(two.case_id)
    assert len(contacts(world, one)) == 1
    assert contacts(world, two) == []
    assert world.cases.load(two.case_id).steps == ()
    names = [item.number for item in world.cases.contacts_of(key, date(2026, 1, 7))]
    assert names == [1]


def test_a_clash_is_read_again_and_numbers_stay_apart() -> None:
    table = RacingTable()
    world = World(table=table)
    one, two, _ = three(world)
    table.before.append(lambda: world.drive(one.case_id))
    world.drive(two.case_id)
    found = world.cases.contacts_of(one.person_key, START.date())
    assert [(item.channel, item.number) for item in found] == [(Channel.EMAIL, 1), (Channel.EMAIL, 2)]
    assert len(contacts(world, one, two)) == 2


def test_the_guard_of_a_contact_is_stale_not_stored_already() -> None:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    row = Guard(f"PERSON#{case.person_key}", "2026-01-05#001", "x", StaleVersion)
    with pytest.raises(StaleVersion):
        world.cases.commit(Change(guards=(row,)))


def test_what_never_left_counts_no_more() -> None:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    suppress(world, Channel.EMAIL, "tiina@posti.example")
    assert world.dispatch().count(SendingState.WITHHELD) == 1
    (found,) = world.cases.contacts_of(case.person_key, START.date())
    assert found.is_undone
    facts, _ = facts_of(case.case_id, world.cases, world.clock.now())
    assert facts.contacts_with(facts.person_key) == (found,)


def suppress(world: World, channel: Channel, address: str) -> None:
    row = suppressed_row(channel, address)
    assert row is not None
    world.cases.commit(Change(guards=(Guard(*row),)))


def test_a_suppressed_detail_is_not_used_by_any_case() -> None:
    world = World()
    case = world.place()
    suppress(world, Channel.CALL, PHONE)
    world.live(case.case_id, 60)
    assert not [item for item in contacts(world, case) if item.to == PHONE]
    outcomes = {record.step: record.outcome for record in world.cases.load(case.case_id).steps}
    assert outcomes[Step.REMIND_BY_SMS] == outcomes[Step.CALL_DEBTOR] == "not_needed"


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.CALL])
def test_a_suppression_between_reading_and_storing_wins(channel: Channel) -> None:
    table = RacingTable()
    world = World(table=table)
    case = world.place()
    world.drive(case.case_id)
    world.clock.at = START + timedelta(days=7)
    table.before.append(lambda: suppress(world, channel, PHONE))
    world.drive(case.case_id)
    assert world.messages(case.case_id, "reminder_sms") == []


def test_a_suppression_between_planning_and_sending_wins() -> None:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    world.dispatch()
    world.clock.at = START + timedelta(days=7)
    world.drive(case.case_id)
    (sms,) = world.messages(case.case_id, "reminder_sms")
    suppress(world, Channel.SMS, PHONE)
    assert world.send(case.case_id, sms.communication_id) is SendingState.WITHHELD
    assert world.sms.sent == []
    assert world.send(case.case_id, sms.communication_id) is SendingState.WITHHELD


def test_a_debtor_abroad_is_reached_on_their_own_clock() -> None:
    """Eight in Helsinki, where SMS may go, is seven in Stockholm; and Swedish holidays are quiet too."""
    world = World()
    there = Address("Gatan 1", "11122", "Stockholm", "SE")
    case = world.place(address=there)
    world.drive(case.case_id)
    world.clock.at = datetime(2026, 1, 12, 6, 30, tzinfo=UTC)
    facts, rules = facts_of(case.case_id, world.cases, world.clock.now())
    assert str(rules.at_debtor.zone) == "Europe/Stockholm"
    assert rules.at_debtor.is_holiday(date(2026, 6, 6))
    opens = next_contact_time(rules.pack, rules.at_debtor, Channel.SMS, facts.now, DebtorType.CONSUMER)
    assert opens == datetime(2026, 1, 12, 7, 0, tzinfo=UTC)
    refused = permit(facts, rules, step=Step.REMIND_BY_SMS, channel=Channel.SMS, permit_id="prm_1")
    assert isinstance(refused, Refusal)
    assert refused.check == "contact_hours"


def test_a_debtor_at_home_or_where_no_pack_is_has_the_clock_of_the_case() -> None:
    world = World()
    beyond = Address("Main Street 1", "10001", "New York", "US")
    for case in (world.place(), world.place(reference="B-1", address=beyond)):
        _, rules = facts_of(case.case_id, world.cases, world.clock.now())
        assert rules.at_debtor is rules.calendar
