"""The preview tells what the engine really does: the same steps, days, fees and sums owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sovinto.cli.timeline_words import table_lines
from sovinto.countries import load_calendar, load_pack
from sovinto.domain.case import Case, Step
from sovinto.domain.debtor import Address, DebtorType
from sovinto.domain.ledger import Entry
from sovinto.domain.money import Money
from sovinto.domain.preview import MAX_TURNS, Preview, Turn, preview
from sovinto.domain.timeline import Act, Wait, decide
from sovinto.usecases.case_file import facts_of
from sovinto.usecases.preview_case import performer, preview_case, preview_placement
from sovinto.usecases.preview_people import PREVIEW_SENDER

from tests.support.moves import agree, answer, object_to, owed, pay
from tests.support.outside import HandClock
from tests.support.world import CLIENT, World

MONDAY = datetime(2026, 1, 5, 10, tzinfo=UTC)
DAYS = 180


def world_in(country: str) -> World:
    currency = load_pack(country).currency
    client = replace(
        CLIENT, country=country, currency=currency, setup_fee=Money(1_000, currency), language="en"
    )
    return World(clock=HandClock(MONDAY), client=client)


def placed(world: World, debtor_type: DebtorType) -> Case:
    country = world.client.country
    return world.place(
        principal=100_000,
        debtor_type=debtor_type,
        address=Address("Main Street 1", "12345", "Town", "SM"),
        language=load_pack(country).languages[0],
    )


def looked_ahead(world: World, case: Case, days: int = DAYS) -> Preview:
    return preview_case(
        case.case_id,
        client=world.client,
        sender=PREVIEW_SENDER,
        cases=world.cases,
        at=world.clock.now(),
        days=days,
    )


def lived(world: World, case: Case, days: int = DAYS) -> list[tuple[datetime, str, int]]:
    """Each step of the real engine at its moment, and what the debtor's page asks for right after it."""
    until, found = world.clock.now() + timedelta(days=days), []
    while True:
        facts, rules = facts_of(case.case_id, world.cases, world.clock.now())
        match decide(facts, rules):
            case Act(step=step):
                world.perform(case.case_id, step)
                world.dispatch()
                found.append((world.clock.now(), step.value, owed(world, case)))
            case Wait(until=later) if later <= until:
                world.clock.at = later
            case _:
                return found


def told(entries: tuple[Entry, ...]) -> list[tuple[str, date, int]]:
    return [
        (entry.label, entry.value_on, max(line.amount.minor for line in entry.lines))
        for entry in entries
        if entry.kind == "fee_charged"
    ]


@pytest.mark.parametrize("country", ["FI", "NO", "NL", "DE"])
@pytest.mark.parametrize("debtor_type", DebtorType)
def test_the_preview_is_what_happens(country: str, debtor_type: DebtorType) -> None:
    world = world_in(country)
    case = placed(world, debtor_type)
    ahead = looked_ahead(world, case)
    assert [(turn.at, turn.step.value, turn.owed.minor) for turn in ahead.turns] == lived(world, case)
    charged = [(turn.on, turn.fee.minor) for turn in ahead.turns if turn.fee]
    assert charged == [(on, minor) for _, on, minor in told(world.cases.entries(case.case_id))]
    assert ahead.end == "uncollectable"


@pytest.mark.parametrize("debtor_type", DebtorType)
def test_a_row_of_a_file_is_previewed_as_if_it_were_placed(debtor_type: DebtorType) -> None:
    world = world_in("NO")
    case = placed(world, debtor_type)
    placement = world.placement(
        principal=100_000,
        debtor_type=debtor_type,
        address=case.debtor.address,
        language=case.debtor.language,
    )
    ahead = preview_placement(
        placement, name="1", client=world.client, sender=PREVIEW_SENDER, at=MONDAY, days=DAYS
    )
    shown = [(turn.at, turn.step.value, turn.owed.minor) for turn in ahead.turns]
    assert shown == lived(world, case)


def finnish(days: int = DAYS) -> Preview:
    world = World()
    return looked_ahead(world, world.place(), days)


def turn_of(step: str, found: Preview) -> Turn:
    (turn,) = [turn for turn in found.turns if turn.step.value == step]
    return turn


def test_nothing_is_stored_and_nothing_is_sent() -> None:
    world = World()
    case = world.place()
    looked_ahead(world, case)
    assert world.cases.load(case.case_id) == case
    assert (world.mailer.sent, world.sms.sent) == ([], [])


def test_each_day_names_what_set_it() -> None:
    found = finnish()
    assert turn_of("send_demand", found).rule.rule_id == "fi.wait.demand.consumer"
    assert "513/1999" in turn_of("send_demand", found).rule.statute
    assert turn_of("remind_by_sms", found).rule.formula == "7 days after send_reminder"
    assert turn_of("call_debtor", found).rule.formula.endswith("the time to answer the demand")
    assert turn_of("offer_plan", found).rule.formula == "no email from 2026-02-08 until today"  # a Sunday


def test_it_ends_at_the_horizon_or_with_the_case() -> None:
    assert finnish(10).end == "horizon: send_demand_not_due"
    assert [turn.step.value for turn in finnish(10).turns] == ["send_reminder", "remind_by_sms"]
    assert finnish().end == "uncollectable"


def test_missing_law_ends_it_with_the_reason() -> None:
    world = World()
    case = world.place()
    facts, rules = facts_of(case.case_id, world.cases, world.clock.now())
    lawless = replace(rules, pack=replace(rules.pack, rules={}))
    found = preview(facts, lawless, performer(world.client, PREVIEW_SENDER), until=MONDAY)
    assert found.end.startswith("law_missing: ")


def test_a_dispute_has_no_future_but_the_reminder_of_the_client() -> None:
    world = World()
    case = world.place()
    object_to(world, case)
    found = looked_ahead(world, case)
    (turn,) = found.turns
    assert (turn.step, turn.reason, turn.channel) == (Step.REMIND_CLIENT, "answer_late", None)
    assert (turn.fee.minor, turn.interest.minor) == (0, 0)
    assert found.end == "horizon: dispute_open"
    *_, line, _ = table_lines("case", found, load_calendar("FI"))
    assert line.endswith("policy fi_standard_v1: answer_late"), "its reason is said once"


def test_a_rejected_objection_is_told_before_the_next_step() -> None:
    world = World()
    case = world.place()
    world.live(case.case_id, 3)
    object_to(world, case)
    answer(world, case, "rejected")
    told, after = looked_ahead(world, case).turns[:2]
    assert told.step is Step.TELL_REJECTION
    assert (after.on - told.on).days >= 14
    assert after.rule.formula == "14 days to react to what was told before"
    assert after.rule.statute == "policy fi_standard_v1"


def test_a_plan_that_nobody_pays_is_reminded_broken_and_the_rest_follows() -> None:
    world = World()
    case = world.place(principal=30_000)
    world.live(case.case_id, 3)
    agree(world, case, 3)
    turns = looked_ahead(world, case).turns
    assert [turn.step.value for turn in turns[:3]] == ["remind_instalment", "break_plan", "remind_by_sms"]
    assert turns[2].rule.formula == "14 days to react to what was told before"
    assert turns[-1].step is Step.CLOSE_CASE


def test_a_day_put_off_by_the_caps_is_not_laid_at_the_door_of_the_law() -> None:
    world = World()
    cases = [world.place(reference=f"SAME-{number}") for number in range(3)]
    for case in cases:
        world.drive(case.case_id)
    turn = looked_ahead(world, cases[-1]).turns[0]
    assert (turn.step, turn.on) == (Step.SEND_REMINDER, date(2026, 1, 7))
    assert turn.rule.formula == "at most 2 contacts a day and 3 in 7 days"


def test_paid_it_closes_at_once() -> None:
    world = World()
    case = world.place()
    pay(world, case, owed(world, case))
    assert looked_ahead(world, case).end == "paid"


def test_it_never_runs_for_ever() -> None:
    """A step that leaves no trace would be decided on again and again."""
    world = World()
    case = world.place()
    facts, rules = facts_of(case.case_id, world.cases, world.clock.now())
    perform = performer(world.client, PREVIEW_SENDER)
    found = preview(
        facts,
        rules,
        lambda before, law, act: replace(perform(before, law, act), facts=before),
        until=MONDAY + timedelta(days=DAYS),
    )
    assert len(found.turns) == MAX_TURNS
    assert found.end == f"cut short after {MAX_TURNS} decisions"
