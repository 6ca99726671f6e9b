"""A letter that never left was never sent: no step, no fee, and the ladder stands where it stood."""

from __future__ import annotations

import pytest
from sovinto.domain.case import Case, Closure, Step
from sovinto.domain.communication import Channel, SendingState
from sovinto.domain.debtor import DebtorType
from sovinto.domain.ledger import Entry, balance_of
from sovinto.errors import OutcomeUnknown, StaleVersion, UpstreamRefused

from tests.support.moves import agree, answer, object_to, owed
from tests.support.race import RacingTable
from tests.support.world import World


def fee_entries(world: World, case: Case) -> list[Entry]:
    """As they came; within one second the charge first."""
    found = [entry for entry in world.cases.entries(case.case_id) if entry.kind.startswith("fee_")]
    return sorted(found, key=lambda entry: (entry.posted_at, entry.kind))


def fees(world: World, case: Case) -> list[tuple[str, int]]:
    account = f"debtor:{case.case_id}:fee"
    return [(entry.kind, entry.amount_on(account, "EUR").minor) for entry in fee_entries(world, case)]


def told(world: World, case: Case) -> list[tuple[str, str, str]]:
    return [(r.step.value, r.outcome, r.reason) for r in world.cases.load(case.case_id).steps]


def test_a_withheld_reminder_is_sent_again_before_any_demand() -> None:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    object_to(world, case)
    assert SendingState.WITHHELD in world.dispatch()
    assert told(world, case) == [("send_reminder", "skipped", "withheld: stopped before sending")]
    assert fees(world, case) == [("fee_charged", 500), ("fee_reversed", -500)]
    charged, taken_back = fee_entries(world, case)
    assert taken_back.reverses == charged.entry_id
    world.clock.advance(days=15)
    answer(world, case, "rejected")
    assert [step for _, step in world.live(case.case_id, 25)] == [
        "tell_rejection",
        "send_reminder",
        "remind_by_sms",
    ]
    assert [item.state for item in world.messages(case.case_id, "reminder")].count(SendingState.SENT) == 1
    assert balance_of(case.case_id, "EUR", world.cases.entries(case.case_id)).fee.minor == 500
    assert "send_demand" in [step for _, step in world.live(case.case_id, 5)]


def test_the_case_is_looked_at_at_once() -> None:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    world.mailer.failure = UpstreamRefused("no such mailbox")
    world.clock.advance(minutes=5)
    assert SendingState.FAILED in world.dispatch()
    assert world.wakes.of(case.case_id).wake_at == world.clock.now()


def test_what_e_mail_refuses_goes_by_post_the_next_day() -> None:
    world = World()
    case = world.place()
    world.mailer.failure = UpstreamRefused("no such mailbox")
    world.live(case.case_id, 3)
    sent = {item.channel: item.state for item in world.messages(case.case_id, "reminder")}
    assert sent == {Channel.EMAIL: SendingState.FAILED, Channel.POST: SendingState.SENT}
    assert [amount for _, amount in fees(world, case)] == [500, -500, 500]
    assert world.cases.load(case.case_id).refused_channels == (Channel.EMAIL,)


def test_refused_everywhere_the_case_still_comes_to_its_end() -> None:
    """E-mail and SMS refused, no address: nothing is sent, nothing is charged, nothing loops."""
    world = World()
    case = world.place(address=None)
    world.mailer.failure = world.sms.failure = UpstreamRefused("no")
    world.live(case.case_id, 90)
    assert world.cases.load(case.case_id).closure is Closure.UNCOLLECTABLE
    notes = {step: (outcome, reason) for step, outcome, reason in told(world, case)}
    assert notes["send_reminder"] == notes["remind_by_sms"] == ("not_needed", "no_channel")
    assert notes["send_demand"] == ("not_needed", "no_channel")
    assert sum(amount for _, amount in fees(world, case)) == 0


def test_an_e_mail_alone_never_carries_a_demand_without_consent() -> None:
    world = World()
    case = world.place(address=None)
    world.live(case.case_id, 90)
    assert world.messages(case.case_id, "demand") == []
    assert ("send_demand", "not_needed", "no_channel") in told(world, case)
    assert world.cases.load(case.case_id).closure is Closure.UNCOLLECTABLE


def test_a_reversed_fee_is_shown_and_owed_no_more() -> None:
    world = World()
    case = world.place(debtor_type=DebtorType.BUSINESS, registration_id="9000007-0")
    before = owed(world, case)
    world.mailer.failure = UpstreamRefused("no such mailbox")
    world.drive(case.case_id)
    assert owed(world, case) > before
    world.dispatch()
    assert owed(world, case) == before


def test_a_refusal_that_meets_another_change_is_stored_over_it() -> None:
    table = RacingTable()
    world = World(table=table)
    case = world.place()
    world.drive(case.case_id)
    (item,) = world.messages(case.case_id, "reminder")
    world.mailer.failure = UpstreamRefused("no such mailbox")

    def met() -> None:
        raise StaleVersion("two changes met")

    table.before = [lambda: None, met]
    assert world.send(case.case_id, item.communication_id) is SendingState.FAILED
    assert [outcome for _, outcome, _ in told(world, case)] == ["skipped"]


def test_an_instalment_reminder_that_was_refused_waits_for_the_next_day() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 3)
    plan = agree(world, case, 2)
    world.sms.failure = UpstreamRefused("no such number")
    days = (plan.instalments[0].due_on - world.clock.now().date()).days
    world.clock.advance(days=days)
    world.drive(case.case_id)
    assert SendingState.FAILED in world.dispatch()
    assert world.drive(case.case_id) == "remind_instalment_refused_today"
    world.clock.advance(days=1)
    assert world.drive(case.case_id) == "instalment_awaited"
    assert ("remind_instalment", "not_needed", "no_channel") in told(world, case)


def test_an_unknown_outcome_keeps_step_and_fee() -> None:
    world = World()
    case = world.place()
    world.drive(case.case_id)
    (item,) = world.messages(case.case_id, "reminder")
    world.mailer.failure = OutcomeUnknown("SES did not answer")
    for _ in range(2):
        with pytest.raises(OutcomeUnknown):
            world.send(case.case_id, item.communication_id)
    assert world.cases.load(case.case_id).performed(Step.SEND_REMINDER)
    assert fees(world, case) == [("fee_charged", 500)]
