"""A case is opened once, however the request is repeated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sovinto.domain.communication import SendingState
from sovinto.domain.money import Money
from sovinto.entry.client_pages import case_row
from sovinto.errors import DuplicateCase, IdempotencyKeyReused, InvalidInput, LawMissing
from sovinto.usecases.case_file import rules_for
from sovinto.usecases.place_case import Request

from tests.support.outside import HandClock
from tests.support.race import RacingTable
from tests.support.world import CLIENT, START, World

REQUEST = Request("key-1", "digest-1")


def test_a_placed_case_is_in_the_books_and_due() -> None:
    world = World()
    case = world.place(principal=12_345)
    assert world.cases.by_payment_reference(case.payment_reference) == case.case_id
    assert world.cases.by_link(case.link_id) == case.case_id
    (entry,) = world.cases.entries(case.case_id)
    assert entry.kind == "claim_placed"
    assert sorted(line.amount.minor for line in entry.lines) == [-12_345, 12_345]
    assert [wake.case_id for wake in world.wakes.due(world.clock.now(), 5)] == [case.case_id]


def test_the_receipt_goes_to_the_client_in_the_clients_language() -> None:
    world = World()
    case = world.place(language="sv")
    (receipt,) = world.messages(case.case_id, "case_receipt")
    assert (receipt.to, receipt.audience, receipt.language) == (CLIENT.email, "client", "fi")
    assert world.dispatch() == [SendingState.SENT]


def test_the_same_request_is_answered_with_the_same_case() -> None:
    world = World()
    first = world.hand_over(world.placement(), REQUEST)
    again = world.hand_over(world.placement(), REQUEST)
    assert again == replace(first, is_replay=True)
    assert len(list(world.cases.of_client(CLIENT.client_id))) == 1


def test_a_key_with_another_body_is_refused() -> None:
    world = World()
    world.hand_over(world.placement(), REQUEST)
    with pytest.raises(IdempotencyKeyReused, match="use a new key"):
        world.hand_over(world.placement(reference="B-2"), Request("key-1", "digest-2"))


def test_a_reference_in_use_names_its_case() -> None:
    world = World()
    first = world.hand_over(world.placement(), REQUEST)
    with pytest.raises(DuplicateCase, match=first.case_id):
        world.hand_over(world.placement(principal=2), Request("key-2", "digest-2"))


def test_an_invalid_placement_stores_nothing() -> None:
    world = World(table=RacingTable())
    before = dict(world.table.items)  # type: ignore[attr-defined]
    with pytest.raises(InvalidInput) as refusal:
        world.hand_over(world.placement(principal=0), REQUEST)
    assert refusal.value.field == "principal"
    assert world.table.items == before  # type: ignore[attr-defined]


def test_twins_open_one_case() -> None:
    """The same request arrives twice at once: the loser answers with the winner's case."""
    table = RacingTable()
    world = World(table=table)
    won: list[str] = []
    table.before = [lambda: won.append(world.hand_over(world.placement(), REQUEST).case_id)]
    lost = world.hand_over(world.placement(), REQUEST)
    assert lost.is_replay
    assert [lost.case_id] == won
    assert [case.case_id for case in world.cases.of_client(CLIENT.client_id)] == won


def test_two_requests_race_for_one_reference() -> None:
    table = RacingTable()
    world = World(table=table)
    table.before = [lambda: world.hand_over(world.placement(), Request("other", "other"))]
    with pytest.raises(DuplicateCase):
        world.hand_over(world.placement(), REQUEST)


def test_two_claims_of_one_number_are_refused() -> None:
    """Interest and payments are followed by invoice number, so a number may stand once only."""
    world = World()
    placement = world.placement()
    (one,) = placement.claims
    twice = replace(placement, claims=(one, replace(one, principal=Money(500, "EUR"))))
    with pytest.raises(InvalidInput, match="invoice number may stand once"):
        world.hand_over(twice, REQUEST)


def test_claims_of_one_case_are_followed_one_by_one() -> None:
    world = World()
    placement = world.placement()
    (one,) = placement.claims
    other = replace(one, invoice_number="I-2", due_on=date(2025, 12, 1))
    receipt = world.hand_over(replace(placement, claims=(one, other)), REQUEST)
    assert [entry.label for entry in world.cases.entries(receipt.case_id)] in (
        [one.invoice_number, "I-2"],
        ["I-2", one.invoice_number],
    )
    world.drive(receipt.case_id)
    accrued = [e for e in world.cases.entries(receipt.case_id) if e.kind == "interest_accrued"]
    assert {entry.label for entry in accrued} == {one.invoice_number, "I-2"}


def test_a_case_is_bound_to_the_policy_of_its_day() -> None:
    world = World()
    case = world.place()
    assert rules_for(case).policy.policy_id == case.policy_id == "fi_standard_v1"
    with pytest.raises(LawMissing, match="fi_standard_v0"):
        rules_for(replace(case, policy_id="fi_standard_v0"))
    with pytest.raises(LawMissing, match="fi_standard_v0"):
        case_row(replace(case, policy_id="fi_standard_v0"), (), world.wakes.of(case.case_id))


def test_the_clients_list_skips_a_first_call_that_is_for_larger_cases() -> None:
    world = World()
    small = replace(world.place(), policy_id="fi_standard_v2")
    assert case_row(small, (), world.wakes.of(small.case_id))["next_step"] == "send_reminder"


def test_before_its_first_day_a_policy_takes_no_case() -> None:
    world = World(clock=HandClock(START.replace(year=2022, month=4)))
    with pytest.raises(LawMissing, match="in force on 2022-04"):
        world.place(due_on=date(2022, 1, 1))
