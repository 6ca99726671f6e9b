"""Two policies side by side, in words; and the policy that a client's segment chooses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sovinto.countries import load_policy
from sovinto.countries.files import read_toml
from sovinto.countries.policies import choose, policy_file, policy_ids, read_policies
from sovinto.countries.policy_compare import policy_changes
from sovinto.domain.case import Step
from sovinto.domain.debtor import DebtorType
from sovinto.domain.money import Money
from sovinto.domain.policy import Policy
from sovinto.errors import InvalidInput, LawMissing

CONSUMER = DebtorType.CONSUMER
FIRST = load_policy("FI", CONSUMER, "fi_standard_v1")


def words(after: Policy) -> list[str]:
    return [change.words for change in policy_changes(FIRST, after)]


def with_steps(*steps: Step) -> Policy:
    by_name = {item.step: item for item in FIRST.steps}
    return replace(FIRST, steps=tuple(by_name[step] for step in steps))


ORDER = tuple(item.step for item in FIRST.steps)


def test_a_policy_is_the_same_as_itself() -> None:
    assert policy_changes(FIRST, FIRST) == ()


def test_a_step_that_goes_and_one_that_comes() -> None:
    shorter = with_steps(*(step for step in ORDER if step is not Step.REMIND_BY_SMS))
    assert words(shorter) == ["step remind_by_sms is removed; it came after send_reminder"]
    added = [change.words for change in policy_changes(shorter, FIRST)]
    assert added == ["step remind_by_sms is added after send_reminder (7 days after send_reminder, by sms)"]


def test_a_step_that_moves() -> None:
    moved = with_steps(ORDER[0], ORDER[2], ORDER[1], *ORDER[3:])
    (change,) = policy_changes(FIRST, moved)
    assert change.kind == "step_moved"
    assert change.about in (Step.REMIND_BY_SMS, Step.SEND_DEMAND)
    assert "moves: it came after" in change.words


def test_a_wait_and_the_channels_of_a_step() -> None:
    first = replace(FIRST.steps[0], wait_days=3, channels=())
    found = words(replace(FIRST, steps=(first, *FIRST.steps[1:])))
    assert found == [
        "step send_reminder: wait days 0 becomes 3",
        "step send_reminder: channels email, post becomes none",
    ]


def test_limits_of_the_policy_and_of_its_plans() -> None:
    plan = replace(FIRST.plan, max_instalments=24, tolerance=Money(100, "EUR"))
    found = words(replace(FIRST, plan=plan, answer_by_days=21))
    assert found == [
        "limit answer by days: 14 becomes 21",
        "limit plan max instalments: 12 becomes 24",
        "limit plan tolerance: none becomes 1.00 EUR",
    ]


def test_the_days_that_fairness_gives_are_limits_too() -> None:
    assert words(replace(FIRST, reply_days=21, attempt_days=5, first_call_days=2)) == [
        "limit reply days: 14 becomes 21",
        "limit attempt days: 10 becomes 5",
        "limit first call days: 5 becomes 2",
    ]


def policies(**changes: Any) -> Any:
    """The Finnish policy, and a later one with some changes."""
    (first, *_) = read_toml(policy_file("FI"))["policy"]
    later = {**first, "policy_id": "fi_energy_v1", "version": 1, **changes}
    return read_policies({"policy": [first, later]}).policy


def test_a_segment_has_a_policy_of_its_own_or_the_general_one() -> None:
    tables = policies(segments=["energy"], valid_from=date(2026, 1, 1))
    on = date(2026, 6, 1)
    assert choose(tables, "FI", None, on, "energy").policy_id == "fi_energy_v1"
    assert choose(tables, "FI", None, on, "retail").policy_id == "fi_standard_v1"
    assert choose(tables, "FI", None, on).policy_id == "fi_standard_v1"
    assert choose(tables, "FI", None, date(2025, 12, 31), "energy").policy_id == "fi_standard_v1"


def test_a_case_keeps_its_policy_whatever_the_segment_is_now() -> None:
    tables = policies(segments=["energy"], valid_from=date(2026, 1, 1))
    assert choose(tables, "FI", "fi_energy_v1", None).policy_id == "fi_energy_v1"


def test_where_all_are_for_segments_others_have_none() -> None:
    (_, special) = policies(segments=["energy"])
    with pytest.raises(LawMissing):
        choose([special], "FI", None, None, "retail")


@pytest.mark.parametrize("percent", [-1, 51])
def test_a_tolerance_is_a_small_share(percent: int) -> None:
    (first, *_) = read_toml(policy_file("FI"))["policy"]
    with pytest.raises(InvalidInput, match="tolerance_percent"):
        read_policies({"policy": [{**first, "plan": {**first["plan"], "tolerance_percent": percent}}]})


def test_every_policy_of_a_country_is_known_by_its_id() -> None:
    assert next(iter(policy_ids("FI"))) == "fi_standard_v1"
    assert CONSUMER in policy_ids("FI")["fi_standard_v1"]


def test_an_added_step_says_all_that_it_brings() -> None:
    before = load_policy("FI", DebtorType.BUSINESS, "fi_standard_v1")
    after = load_policy("FI", DebtorType.BUSINESS, "fi_standard_v2")
    added = [change.new for change in policy_changes(before, after) if change.kind == "step_added"]
    tratta = next(text for text in added if "legal step tratta" in text)
    assert tratta == (
        "after ask_approval (0 days after ask_approval, by post, fee tratta_fee, "
        "principal up to 5000.00 EUR, legal step tratta, when asked for)"
    )
    assert any("by call, principal from 10000.00 EUR)" in text for text in added)
    assert any("principal from 100.00 EUR, legal step summary_claim" in text for text in added)


def test_a_letter_without_a_fee_is_said_to_have_none() -> None:
    notice = replace(FIRST.steps[0], step=Step.SEND_NOTICE, fee=None)
    (change,) = policy_changes(FIRST, replace(FIRST, steps=(*FIRST.steps, notice)))
    assert "by email or post, without a fee)" in change.words
