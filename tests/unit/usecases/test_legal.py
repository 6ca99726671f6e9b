"""Handing over to the country's legal step, the first call, and policies by version."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sovinto.countries import load_pack, load_policy
from sovinto.domain.agreement import ApprovalKind, CallOutcome
from sovinto.domain.case import Case, Closure, Step
from sovinto.domain.debtor import Address, DebtorType
from sovinto.domain.law.rows import LegalStepRow
from sovinto.domain.ledger import balance_of
from sovinto.errors import LawMissing
from sovinto.rendering.templates import texts
from sovinto.usecases.record_call import CallParts

from tests.support.firm_steps import attempt, live_until_asked, say, under_v2
from tests.support.moves import object_to, owed
from tests.support.people import CLIENT
from tests.support.world import World

ABROAD = {
    "NO": ("NOK", "enforcement_request"),
    "SE": ("SEK", "payment_order"),
    "NL": ("EUR", "summons"),
    "DE": ("EUR", "Mahnverfahren"),
    "DK": ("DKK", "betalingspåkrav"),
    "EE": ("EUR", "payment_order"),
    "GB": ("GBP", "county_court_claim"),
}

POSTAL_CODES = {
    "NO": "0150",
    "SE": "111 22",
    "NL": "1012 AB",
    "DE": "10115",
    "DK": "1050",
    "EE": "10111",
    "GB": "SW1A 1AA",
}


def test_a_large_claim_goes_to_court_with_the_clients_yes_and_interest_to_the_day() -> None:
    world = World()
    case = under_v2(world, principal=2_000_000)
    asked = live_until_asked(world, case, ApprovalKind.LEGAL_STEP)
    assert asked.about == "summary_claim"
    say(world, case, asked)
    due = owed(world, case)
    world.live(case.case_id, 1)
    handed = world.cases.load(case.case_id)
    assert handed.closure is Closure.HANDED_TO_LEGAL
    entries = world.cases.entries(case.case_id)
    assert balance_of(case.case_id, "EUR", entries).total.minor == due
    assert handed.steps[-1].reason == "summary_claim"


def test_a_dispute_after_the_yes_keeps_the_case_out_of_court() -> None:
    world = World()
    case = under_v2(world, principal=2_000_000)
    say(world, case, live_until_asked(world, case, ApprovalKind.LEGAL_STEP))
    object_to(world, case)
    world.live(case.case_id, 40)
    now = world.cases.load(case.case_id)
    assert now.is_open
    assert now.performed(Step.HAND_TO_LEGAL) is None


def test_no_consumer_goes_to_court_unasked() -> None:
    world = World()
    consumer = {"debtor_type": DebtorType.CONSUMER, "registration_id": None}
    case = under_v2(world, **consumer)  # type: ignore[arg-type]
    world.live(case.case_id, 150)
    now = world.cases.load(case.case_id)
    assert now.closure is Closure.UNCOLLECTABLE
    assert [item.kind for item in now.approvals] == [ApprovalKind.LEGAL_STEP]


@pytest.mark.parametrize("country", sorted(ABROAD))
@pytest.mark.parametrize("debtor_type", list(DebtorType))
def test_every_country_with_a_legal_step_asks_and_hands_over(country: str, debtor_type: DebtorType) -> None:
    currency, legal_step = ABROAD[country]
    world = World(client=replace(CLIENT, country=country, currency=currency))
    policy = load_policy(country, debtor_type)
    case = under_v2(
        world,
        policy_id=policy.policy_id,
        debtor_type=debtor_type,
        registration_id=None,
        address=Address("Main Street 1", POSTAL_CODES[country], "Town", country),
        phone=None,
        language="en",
    )
    asked = live_until_asked(world, case, ApprovalKind.LEGAL_STEP)
    assert asked.about == legal_step
    say(world, case, asked)
    world.live(case.case_id, 2)
    assert world.cases.load(case.case_id).closure is Closure.HANDED_TO_LEGAL


def test_a_large_receivable_starts_with_a_call() -> None:
    world = World()
    large = under_v2(world, reference="LARGE", principal=1_000_000)
    assert world.drive(large.case_id) == "first_call_awaited"
    assert [step for _, step in world.story(large.case_id)] == ["call_first"]
    attempt(world, large, Step.CALL_FIRST, CallOutcome.REACHED)
    world.drive(large.case_id)
    assert [step for _, step in world.story(large.case_id)] == ["call_first", "send_reminder"]
    world = World()
    small = under_v2(world, reference="SMALL", principal=999_999)
    world.drive(small.case_id)
    assert [step for _, step in world.story(small.case_id)] == ["send_reminder"]


def _later(world: World, case: Case) -> str:
    world.clock.advance(hours=6)
    return world.drive(case.case_id)


@pytest.mark.parametrize("outcome", [None, CallOutcome.CALL_BACK, CallOutcome.NO_ANSWER])
def test_letters_wait_for_each_first_call_no_longer_than_the_policy_says(
    outcome: CallOutcome | None,
) -> None:
    world = World()
    large = under_v2(world, principal=2_500_000)
    world.drive(large.case_id)
    if outcome is not None:
        later = world.clock.now() + timedelta(days=1)
        parts = CallParts(call_back_at=later) if outcome is CallOutcome.CALL_BACK else CallParts()
        attempt(world, large, Step.CALL_FIRST, outcome, parts)
        assert any(_later(world, large) == "first_call_awaited" for _ in range(12))
    days = load_policy("FI", DebtorType.BUSINESS, large.policy_id).first_call_days
    begun = world.clock.now().date()
    while world.cases.load(large.case_id).performed(Step.SEND_REMINDER) is None:
        assert world.clock.now().date() <= begun + timedelta(days=days + 4), "a weekend at most"
        world.clock.advance(days=1)
        world.drive(large.case_id)
    assert world.story(large.case_id)[-1] >= ((begun + timedelta(days=days)).isoformat(), "")


@pytest.mark.parametrize("debtor_type", list(DebtorType))
@pytest.mark.parametrize("country", ["FI", *sorted(ABROAD)])
def test_the_newer_policy_names_only_steps_that_the_law_has(country: str, debtor_type: DebtorType) -> None:
    older = load_policy(country, debtor_type, on=date(2026, 11, 30))
    newer = load_policy(country, debtor_type, on=date(2026, 12, 1))
    assert (older.version, newer.version) == (1, 2)
    assert newer.step(Step.HAND_TO_LEGAL) is not None
    known = {row.step for row in load_pack(country).of(LegalStepRow) if row.is_for(debtor_type)}
    named = {name for planned in newer.steps for name in planned.legal_steps}
    assert named
    assert named <= known


def test_the_older_policy_stays() -> None:
    assert load_policy("FI", DebtorType.BUSINESS, "fi_standard_v1").step(Step.ASK_APPROVAL) is None
    with pytest.raises(LawMissing):
        load_policy("FI", DebtorType.BUSINESS, "fi_standard_v3")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_legal_step_that_a_client_is_asked_about_has_its_words(language: str) -> None:
    asked = {
        name
        for country in ("FI", *ABROAD)
        for debtor_type in DebtorType
        for planned in load_policy(country, debtor_type).steps
        for name in planned.legal_steps
    }
    assert set(texts("messages", language)["legal_steps"]) == asked
