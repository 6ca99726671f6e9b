"""Who is the same person, and when their contacts leave room for one more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sovinto.domain.communication import Channel
from sovinto.domain.contacts import first_free_day, next_number, refused_row, suppressed_row
from sovinto.domain.debtor import Address, Debtor
from sovinto.domain.facts import Contact
from sovinto.domain.person import person_key

from tests.support.facts import BUSINESS, CONSUMER, case_of, rules_of

POLICY = rules_of(case_of()).policy
TODAY = date(2026, 1, 12)
HOME = CONSUMER.address
assert HOME is not None


@pytest.mark.parametrize(
    "other",
    [
        replace(CONSUMER, name="TESTINEN  Tiina"),
        replace(CONSUMER, name="Testinen, Tiína"),
        replace(CONSUMER, address=replace(HOME, street="kotikatu 3")),
        replace(CONSUMER, email=None, phone=None, language="sv"),
    ],
)
def test_spelling_and_other_details_make_no_other_person(other: Debtor) -> None:
    assert person_key(other, "FI") == person_key(CONSUMER, "FI")


@pytest.mark.parametrize(
    "other",
    [
        replace(CONSUMER, name="Timo Testinen"),
        replace(CONSUMER, address=replace(HOME, street="Kotikatu 4")),
        replace(CONSUMER, address=None),
        BUSINESS,
    ],
)
def test_others_are_others(other: Debtor) -> None:
    assert person_key(other, "FI") != person_key(CONSUMER, "FI")


def test_a_business_is_its_registration_number() -> None:
    moved = replace(BUSINESS, name="Uusi Nimi Oy", address=Address("Muu 1", "90100", "Oulu", "FI"))
    assert person_key(replace(moved, registration_id="9000007 0"), "FI") == person_key(BUSINESS, "FI")
    nameless = replace(BUSINESS, registration_id=None)
    assert person_key(nameless, "FI") == person_key(replace(nameless, phone=None), "FI")
    assert person_key(nameless, "FI") != person_key(replace(nameless, name="Toinen Oy"), "FI")


def test_without_an_address_the_e_mail_then_the_number() -> None:
    homeless = replace(CONSUMER, address=None)
    assert person_key(replace(homeless, name="T. T.", phone=None), "FI") == person_key(homeless, "FI")
    by_phone = replace(homeless, email=None)
    assert person_key(replace(by_phone, phone="+358 40 0000001"), "FI") == person_key(by_phone, "FI")
    assert person_key(replace(by_phone, phone=None), "FI") != person_key(by_phone, "FI")


def test_a_key_names_nobody() -> None:
    key = person_key(CONSUMER, "FI").casefold()
    assert key.startswith("per_")
    assert not any(part in key for part in ("tiina", "testinen", "kotikatu", "00200"))


def contacts(*days: int, channel: Channel = Channel.SMS) -> tuple[Contact, ...]:
    return tuple(
        Contact(channel, TODAY - timedelta(days=ago), "per_1", number) for number, ago in enumerate(days, 1)
    )


@pytest.mark.parametrize(
    ("ago", "waits"),
    [((), 0), ((0,), 0), ((0, 0), 1), ((5, 3, 1), 2), ((6, 6, 6), 1), ((7, 7, 7), 0), ((2, 1, 0), 5)],
)
def test_the_first_free_day(ago: tuple[int, ...], waits: int) -> None:
    """Two a day, three in seven days."""
    assert first_free_day(contacts(*ago), POLICY, TODAY) == TODAY + timedelta(days=waits)


def test_post_and_what_never_left_do_not_count() -> None:
    assert first_free_day(contacts(0, 0, 0, channel=Channel.POST), POLICY, TODAY) == TODAY
    undone = tuple(replace(item, is_undone=True) for item in contacts(0, 0))
    assert first_free_day(undone, POLICY, TODAY) == TODAY
    assert next_number(undone, TODAY) == 3


@given(st.lists(st.integers(0, 9), max_size=12))
def test_what_is_planned_on_free_days_keeps_the_caps(ago: list[int]) -> None:
    made = list(contacts(*ago))
    for _ in range(4):
        on = first_free_day(made, POLICY, TODAY)
        week = [item for item in made if on - timedelta(days=7) < item.on <= on]
        assert len(week) < POLICY.max_contacts_a_week
        assert sum(item.on == on for item in made) < POLICY.max_contacts_a_day
        made.append(Contact(Channel.SMS, on))


def test_one_row_for_a_number_and_none_for_post() -> None:
    row = suppressed_row(Channel.SMS, "+358400000001")
    assert row == suppressed_row(Channel.CALL, "+358 40 0000001")
    assert row is not None
    assert "358400000001" not in "".join(row)
    assert suppressed_row(Channel.EMAIL, "+358400000001") != row
    assert suppressed_row(Channel.POST, "") is None
    assert suppressed_row(Channel.SMS, "") is None
    assert refused_row("case_1", Channel.SMS, "+1") != refused_row("case_2", Channel.SMS, "+1")
