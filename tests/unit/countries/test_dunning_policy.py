"""The Finnish dunning policy as data."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sovinto.countries import load_pack, load_policy
from sovinto.countries.files import country_folder, read_toml
from sovinto.countries.policies import choose, read_policies
from sovinto.domain.case import Step
from sovinto.domain.communication import Channel
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.kinds import FeeKind, LetterKind
from sovinto.domain.law.rows import FeeRow
from sovinto.domain.money import Money
from sovinto.domain.policy import Anchor
from sovinto.errors import InvalidInput, LawMissing


@pytest.mark.parametrize("debtor_type", list(DebtorType))
def test_steps_in_order(debtor_type: DebtorType) -> None:
    policy = load_policy("FI", debtor_type, "fi_standard_v1")
    assert [(step.step, step.after, step.wait_days) for step in policy.steps] == [
        (Step.SEND_REMINDER, Anchor.PLACEMENT, 0),
        (Step.REMIND_BY_SMS, Step.SEND_REMINDER, 7),
        (Step.SEND_DEMAND, Step.SEND_REMINDER, 0),
        (Step.CALL_DEBTOR, Step.SEND_DEMAND, 2),
        (Step.EVALUATE, Step.CALL_DEBTOR, 3),
        (Step.OFFER_PLAN, Step.EVALUATE, 0),
        (Step.CLOSE_CASE, Anchor.LAST_STEP, 30),
    ]
    assert (policy.policy_id, policy.version, policy.debtor_type) == ("fi_standard_v1", 1, debtor_type)


def test_the_second_version_adds_what_is_behind_a_yes() -> None:
    older, newer = (
        [step.step for step in load_policy("FI", DebtorType.BUSINESS, f"fi_standard_v{version}").steps]
        for version in (1, 2)
    )
    assert [step for step in newer if step not in older] == [
        Step.CALL_FIRST,
        Step.WATCH_INSOLVENCY,
        Step.ASK_APPROVAL,
        Step.ANNOUNCE_TRATTA,
        Step.ATTEMPT_CONTACT,
        Step.PUBLISH_TRATTA,
        Step.HAND_TO_LEGAL,
    ]
    assert [step for step in newer if step in older] == older
    tratta = load_policy("FI", DebtorType.BUSINESS, "fi_standard_v2").step(Step.ANNOUNCE_TRATTA)
    assert tratta is not None
    assert (tratta.is_for(Money(500_000, "EUR")), tratta.is_for(Money(500_001, "EUR"))) == (True, False)


def test_limits() -> None:
    policy = load_policy("FI", DebtorType.CONSUMER)
    plan = policy.plan
    assert (plan.max_instalments, plan.min_instalment) == (12, Money(2000, "EUR"))
    assert (plan.first_within_days, plan.grace_days) == (30, 5)
    assert (policy.answer_by_days, policy.steps[-1].wait_days) == (14, 30)


def test_a_step_knows_its_letter_fee_and_channels() -> None:
    policy = load_policy("FI", DebtorType.CONSUMER)
    demand = policy.step(Step.SEND_DEMAND)
    assert demand is not None
    assert (demand.letter, demand.fee) == (LetterKind.DEMAND, FeeKind.DEMAND_FEE)
    assert demand.channels == (Channel.EMAIL, Channel.POST)
    call = policy.step(Step.CALL_DEBTOR)
    assert call is not None
    assert call.answers is LetterKind.DEMAND
    assert policy.step(Step.BREAK_PLAN) is None


def test_every_chargeable_step_has_a_tariff() -> None:
    tariffs = {row.kind for row in load_pack("FI").of(FeeRow)}
    for debtor_type in DebtorType:
        fees = {step.fee for step in load_policy("FI", debtor_type).steps if step.fee is not None}
        assert fees <= tariffs


def test_a_case_keeps_the_policy_it_was_placed_under() -> None:
    assert load_policy("FI", DebtorType.CONSUMER, "fi_standard_v1").version == 1
    with pytest.raises(LawMissing, match="fi_standard_v0"):
        load_policy("FI", DebtorType.CONSUMER, "fi_standard_v0")
    with pytest.raises(LawMissing, match="no country pack"):
        load_policy("XX", DebtorType.CONSUMER)


def shipped() -> dict[str, Any]:
    return read_toml(country_folder("FI") / "policy.toml")


def test_a_newer_policy_is_a_new_row() -> None:
    data = shipped()
    newer = {
        **data["policy"][0],
        "policy_id": "fi_standard_v3",
        "version": 3,
        "valid_from": date(2027, 1, 1),
    }
    data["policy"].append(newer)
    tables = read_policies(data).policy
    on = {day: choose(tables, "FI", None, day).version for day in (date(2026, 12, 31), date(2027, 1, 1))}
    assert on == {date(2026, 12, 31): 2, date(2027, 1, 1): 3}
    assert choose(tables, "FI", "fi_standard_v1", None).version == 1
    with pytest.raises(LawMissing, match="in force on 2000-01-01"):
        choose(tables, "FI", None, date(2000, 1, 1))


def test_an_answer_takes_a_day_at_least() -> None:
    data = shipped()
    data["policy"][0]["answer_by_days"] = 0
    with pytest.raises(InvalidInput, match="answer_by_days"):
        read_policies(data)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda steps: steps.reverse(), "send_demand|must appear once|offer_plan|close_case"),
        (lambda steps: steps.append(dict(steps[0])), "must appear once"),
        (lambda steps: steps.pop(), "close_case"),
        (lambda steps: steps[0].update(step="send_flowers"), "step"),
        (lambda steps: steps[1].update(wait_days=-1), "wait_days"),
    ],
)
def test_a_faulty_policy_is_refused(edit: Any, message: str) -> None:
    data = shipped()
    edit(data["policy"][0]["steps"])
    with pytest.raises(InvalidInput, match=message):
        read_policies(data)


def test_a_client_of_the_utility_segment_has_a_gentler_policy_for_consumers() -> None:
    """No wait is shorter and no limit tighter than in the general policy of the same day."""
    on, segment = date(2026, 12, 1), "consumer_utility"
    general = load_policy("FI", DebtorType.CONSUMER, on=on)
    gentle = load_policy("FI", DebtorType.CONSUMER, on=on, segment=segment)
    assert (general.policy_id, gentle.policy_id) == ("fi_standard_v2", "fi_consumer_utility_v1")
    assert [step.step for step in gentle.steps] == [step.step for step in general.steps]
    for step in gentle.steps:
        same = general.step(step.step)
        assert same is not None
        assert step.wait_days >= same.wait_days
        assert (step.fee, step.letter, step.legal_steps) == (same.fee, same.letter, same.legal_steps)
    assert gentle.plan.min_instalment < general.plan.min_instalment
    assert gentle.plan.max_instalments > general.plan.max_instalments
    assert gentle.max_contacts_a_week < general.max_contacts_a_week
    business = load_policy("FI", DebtorType.BUSINESS, on=on, segment=segment)
    assert business.policy_id == "fi_standard_v2"
    before = load_policy("FI", DebtorType.CONSUMER, on=date(2026, 11, 30), segment=segment)
    assert before.policy_id == "fi_standard_v1"
