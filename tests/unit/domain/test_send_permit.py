"""Every check of the send permit, one breach at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sovinto.domain.case import Case, Closure, Dispute, DisputeKind, Step
from sovinto.domain.communication import Channel, Permit
from sovinto.domain.facts import Contact
from sovinto.domain.hold import Hold, HoldReason
from sovinto.domain.send_permit import CHECKS, Refusal, permit

from tests.support.facts import CONSUMER, case_of, claim, did, facts_of, rules_of
from tests.support.people import START

TODAY = START.date()


def asked(
    case: Case, step: Step = Step.SEND_REMINDER, channel: Channel = Channel.EMAIL, **facts: object
) -> Permit | Refusal:
    found = facts_of(case, **facts)  # type: ignore[arg-type]
    return permit(found, rules_of(case), step=step, channel=channel, permit_id="prm_1")


def check(found: Permit | Refusal) -> str:
    assert isinstance(found, Refusal), found
    assert found.reason
    return found.check


def test_a_permit_names_its_checks_and_its_moment() -> None:
    assert asked(case_of()) == Permit("prm_1", START, CHECKS)


def test_a_stopped_case() -> None:
    dispute = Dispute(DisputeKind.NOT_MINE, "", START, TODAY)
    assert check(asked(case_of(closure=Closure.PAID))) == "open"
    assert check(asked(case_of(dispute=dispute))) == "not_disputed"
    hold = Hold("hld_1", HoldReason.ILLNESS, TODAY, None, START, "col_1")
    assert check(asked(case_of(holds=(hold,)))) == "not_held"
    assert check(asked(case_of(), entries=())) == "owed"
    assert isinstance(asked(case_of(dispute=replace(dispute, outcome="rejected"))), Permit)


@pytest.mark.parametrize(
    ("channel", "on", "at", "is_open"),
    [
        (Channel.SMS, date(2026, 1, 12), time(5, 59), False),
        (Channel.SMS, date(2026, 1, 12), time(6, 0), True),
        (Channel.SMS, date(2026, 1, 12), time(17, 59), True),
        (Channel.SMS, date(2026, 1, 12), time(18, 0), False),
        (Channel.SMS, date(2026, 1, 17), time(8, 0), True),
        (Channel.SMS, date(2026, 1, 17), time(13, 0), False),
        (Channel.SMS, date(2026, 1, 18), time(10, 0), False),
        (Channel.CALL, date(2026, 1, 6), time(10, 0), False),
        (Channel.EMAIL, date(2026, 1, 11), time(10, 0), False),
        (Channel.POST, date(2026, 1, 11), time(23, 0), True),
    ],
)
def test_hours_and_quiet_days(channel: Channel, on: date, at: time, is_open: bool) -> None:
    """Given in UTC; Helsinki is two hours ahead in winter. 6 January is Epiphany."""
    now = datetime.combine(on, at, tzinfo=START.tzinfo)
    found = asked(case_of(replace(CONSUMER, email=None)), Step.REMIND_INSTALMENT, channel, now=now)
    assert isinstance(found, Permit) is is_open
    if not is_open:
        assert check(found) == "contact_hours"


@pytest.mark.parametrize(
    ("days_ago", "is_allowed"),
    [((), True), ((0,), True), ((0, 0), False), ((1, 3), True), ((1, 3, 6), False), ((1, 3, 7), True)],
)
def test_so_many_contacts_a_day_and_a_week(days_ago: tuple[int, ...], is_allowed: bool) -> None:
    contacts = tuple(Contact(Channel.SMS, TODAY - timedelta(days=ago)) for ago in days_ago)
    assert isinstance(asked(case_of(), contacts=contacts), Permit) is is_allowed


def test_letters_by_post_are_not_counted() -> None:
    posted = tuple(Contact(Channel.POST, TODAY) for _ in range(9))
    assert isinstance(asked(case_of(), contacts=posted), Permit)
    texted = tuple(Contact(Channel.SMS, TODAY) for _ in range(9))
    by_post = replace(CONSUMER, email=None)
    assert isinstance(asked(case_of(by_post), channel=Channel.POST, contacts=texted), Permit)


def test_a_letter_before_its_lawful_day() -> None:
    found = asked(case_of(CONSUMER, claim(due_on=TODAY - timedelta(days=14))))
    assert check(found) == "lawful_wait"
    assert isinstance(found, Refusal)
    assert "513/1999" in found.reason
    assert isinstance(asked(case_of(CONSUMER, claim(due_on=TODAY - timedelta(days=15)))), Permit)


def test_a_demand_by_email_needs_consent() -> None:
    steps = (did(Step.SEND_REMINDER, date(2025, 12, 1)),)
    assert check(asked(case_of(steps=steps), Step.SEND_DEMAND)) == "consent"
    consenting = replace(CONSUMER, has_electronic_consent=True)
    assert isinstance(asked(case_of(consenting, steps=steps), Step.SEND_DEMAND), Permit)
    assert isinstance(asked(case_of(steps=steps), Step.SEND_DEMAND, Channel.POST), Permit)
