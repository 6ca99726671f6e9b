"""The tratta, from the client's yes to a publication with a named approver, and all that stops it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sovinto.adapters.codec import decode
from sovinto.domain.agreement import ApprovalKind, ApprovalOutcome, Financials
from sovinto.domain.case import Case, Closure, Step
from sovinto.domain.communication import Channel
from sovinto.domain.debtor import DebtorType
from sovinto.domain.event import Event
from sovinto.domain.hold import Hold, HoldReason
from sovinto.domain.ledger import Entry
from sovinto.domain.unsent import undone_step
from sovinto.errors import NotFound
from sovinto.ports import Change
from sovinto.usecases.answer_approval import answer_approval
from sovinto.usecases.record_financials import record_financials

from tests.support.firm_steps import COLLECTOR, announced, done_on, live_until_asked, say, under_v2
from tests.support.memory_table import MemoryTable
from tests.support.moves import agree, answer, object_to, owed, pay
from tests.support.world import World


def tratta_fees(world: World, case: Case) -> list[Entry]:
    entries = world.cases.entries(case.case_id)
    return [entry for entry in entries if entry.kind == "fee_charged" and entry.label == "tratta_fee"]


def events_of(world: World, kind: str) -> list[dict[str, str]]:
    assert isinstance(world.table, MemoryTable)
    rows = [item for (_, sk), item in world.table.items.items() if sk.startswith("OUTBOX#")]
    found = [decode(Event, str(item["body"])) for item in rows]
    return [dict(event.data) for event in found if event.type == kind]


def test_from_the_reminder_to_the_publication() -> None:
    world = World()
    case = announced(world)
    (letter,) = world.messages(case.case_id, "tratta")
    assert (letter.channel, letter.permit is not None) == (Channel.POST, True)
    assert letter.letter is not None
    announced_on = done_on(case, Step.ANNOUNCE_TRATTA)
    assert announced_on is not None
    assert letter.letter.object_by == announced_on + timedelta(days=14)
    assert [entry.amount_on(entry.lines[0].account, "EUR").minor for entry in tratta_fees(world, case)] == [
        12_500
    ]
    asked = live_until_asked(world, case, ApprovalKind.PUBLICATION)
    assert world.clock.now().date() - timedelta(days=1) == announced_on + timedelta(days=17)
    assert events_of(world, "tratta.published") == []
    say(world, case, asked)
    world.live(case.case_id, 1)
    (event,) = events_of(world, "tratta.published")
    assert (event["approved_by"], event["approval_id"]) == (COLLECTOR, asked.approval_id)
    assert [step for _, step in world.live(case.case_id, 60)][-2:] == ["publish_tratta", "close_case"]
    assert len(tratta_fees(world, case)) == 1


def test_a_publication_is_no_clients_to_approve() -> None:
    world = World()
    case = announced(world)
    asked = live_until_asked(world, case, ApprovalKind.PUBLICATION)
    with pytest.raises(NotFound):
        answer_approval(
            case.case_id,
            asked.approval_id,
            approve=True,
            by=case.client_id,
            cases=world.cases,
            clock=world.clock,
            client_id=case.client_id,
        )


@pytest.mark.parametrize("answered", [False, True])
def test_without_a_named_yes_nothing_is_published(answered: bool) -> None:
    world = World()
    case = announced(world)
    asked = live_until_asked(world, case, ApprovalKind.PUBLICATION)
    if answered:
        say(world, case, asked, approve=False)
    world.live(case.case_id, 60)
    now = world.cases.load(case.case_id)
    assert now.performed(Step.PUBLISH_TRATTA) is None
    assert events_of(world, "tratta.published") == []
    outcome = ApprovalOutcome.DECLINED if answered else ApprovalOutcome.EXPIRED
    assert [r.reason for r in now.steps if r.step is Step.PUBLISH_TRATTA] == [
        f"publication_{outcome.value}"
    ]
    assert now.closure is Closure.UNCOLLECTABLE


def approved_to_publish(world: World) -> Case:
    """Everybody said yes; the publication is the timeline's next step."""
    case = announced(world)
    say(world, case, live_until_asked(world, case, ApprovalKind.PUBLICATION))
    return world.cases.load(case.case_id)


def test_paid_the_day_before_publication() -> None:
    world = World()
    case = announced(world)
    announced_on = done_on(case, Step.ANNOUNCE_TRATTA)
    assert announced_on is not None
    while world.clock.now().date() < announced_on + timedelta(days=16):
        world.live(case.case_id, 1)
    pay(world, case, owed(world, case))
    world.live(case.case_id, 60)
    now = world.cases.load(case.case_id)
    assert now.closure is Closure.PAID
    assert events_of(world, "tratta.published") == []
    assert [item.kind for item in now.approvals] == [ApprovalKind.TRATTA]


def test_paid_after_every_yes_and_still_not_published() -> None:
    world = World()
    case = approved_to_publish(world)
    pay(world, case, owed(world, case))
    world.live(case.case_id, 30)
    assert world.cases.load(case.case_id).closure is Closure.PAID
    assert events_of(world, "tratta.published") == []


def test_contested_after_every_yes_and_never_published_even_when_the_client_rejects_it() -> None:
    world = World()
    case = approved_to_publish(world)
    object_to(world, case)
    world.live(case.case_id, 5)
    answer(world, case, "rejected")
    world.live(case.case_id, 60)
    now = world.cases.load(case.case_id)
    (record,) = [r for r in now.steps if r.step is Step.PUBLISH_TRATTA]
    assert (record.outcome, record.reason) == ("not_needed", "not_open: undisputed")
    assert events_of(world, "tratta.published") == []


def test_held_after_every_yes_it_waits() -> None:
    world = World()
    case = approved_to_publish(world)
    hold = Hold("hold_1", HoldReason.ILLNESS, world.clock.now().date(), None, world.clock.now(), COLLECTOR)
    world.cases.commit(Change(case=replace(case, holds=(hold,), version=case.version + 1)))
    world.live(case.case_id, 40)
    assert events_of(world, "tratta.published") == []
    assert world.cases.load(case.case_id).is_open


def test_a_plan_comes_before_a_publication() -> None:
    world = World()
    case = approved_to_publish(world)
    agree(world, case, 3)
    world.live(case.case_id, 5)
    assert events_of(world, "tratta.published") == []


def test_a_default_entry_that_turns_up_stops_the_announcement() -> None:
    world = World()
    case = under_v2(world)
    asked = live_until_asked(world, case, ApprovalKind.TRATTA)
    say(world, case, asked)
    now = world.clock.now()
    figures = Financials(now.date(), "credit register", has_default_entry=True)
    record_financials(case.case_id, figures, by=COLLECTOR, cases=world.cases, clock=world.clock)
    world.live(case.case_id, 20)
    after = world.cases.load(case.case_id)
    assert world.messages(case.case_id, "tratta") == []
    (record,) = [r for r in after.steps if r.step is Step.ANNOUNCE_TRATTA]
    assert (record.outcome, record.reason) == ("not_needed", "not_open: no_earlier_default_entry")


def test_a_letter_that_never_left_asks_for_no_publication() -> None:
    world = World()
    case = announced(world)
    (letter,) = world.messages(case.case_id, "tratta")
    undone = undone_step(case, letter)
    assert undone.performed(Step.ANNOUNCE_TRATTA) is None
    assert not any(r.outcome == "performed" and r.reason == "publish_tratta" for r in undone.steps)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"principal": 500_000}, ApprovalKind.TRATTA),
        ({"principal": 500_001}, ApprovalKind.LEGAL_STEP),
        ({"debtor_type": DebtorType.CONSUMER, "registration_id": None}, ApprovalKind.LEGAL_STEP),
        ({"address": None}, ApprovalKind.LEGAL_STEP),
    ],
)
def test_a_tratta_is_for_small_claims_on_businesses(given: dict[str, object], kind: ApprovalKind) -> None:
    world = World()
    case = under_v2(world, **given)  # type: ignore[arg-type]
    assert live_until_asked(world, case, kind).kind is kind


def test_a_yes_has_a_last_day() -> None:
    world = World()
    case = under_v2(world)
    say(world, case, live_until_asked(world, case, ApprovalKind.TRATTA))
    held = world.cases.load(case.case_id)
    on = world.clock.now().date()
    hold = Hold("hold_1", HoldReason.ILLNESS, on, on + timedelta(days=20), world.clock.now(), COLLECTOR)
    world.cases.commit(Change(case=replace(held, holds=(hold,), version=held.version + 1)))
    world.live(case.case_id, 40)
    now = world.cases.load(case.case_id)
    assert now.performed(Step.ANNOUNCE_TRATTA) is None
    (record,) = [r for r in now.steps if r.step is Step.ANNOUNCE_TRATTA]
    assert record.reason == "not_open: client_approved"


def test_for_a_small_rest_nothing_is_published() -> None:
    world = World()
    case = approved_to_publish(world)
    pay(world, case, owed(world, case) - 1_000)
    world.live(case.case_id, 5)
    (record,) = [r for r in world.cases.load(case.case_id).steps if r.step is Step.PUBLISH_TRATTA]
    assert (record.outcome, record.reason) == ("not_needed", "too_little_left")
    assert events_of(world, "tratta.published") == []


def test_a_call_that_nobody_makes_becomes_a_message_and_nothing_waits_for_ever() -> None:
    world = World()
    case = announced(world)
    while not any(r.reason == "call" for r in world.cases.load(case.case_id).steps):
        world.live(case.case_id, 1)
    planned_on = done_on(world.cases.load(case.case_id), Step.ATTEMPT_CONTACT)
    world.live(case.case_id, 60)
    now = world.cases.load(case.case_id)
    (message,) = world.messages(case.case_id, "tratta_reminder")
    told_on = done_on(now, Step.ATTEMPT_CONTACT)
    assert planned_on is not None and told_on is not None
    assert (told_on - planned_on).days >= 10
    assert message.permit is not None and message.channel is Channel.EMAIL
    (asked,) = (item for item in now.approvals if item.kind is ApprovalKind.PUBLICATION)
    assert asked.asked_at.date() - told_on >= timedelta(days=14)
    world.live(case.case_id, 60)
    now = world.cases.load(case.case_id)
    assert now.closure is Closure.UNCOLLECTABLE
