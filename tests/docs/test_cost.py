"""docs/cost.md has the counts of today, and the lives stay within what we promised for them."""

from __future__ import annotations

import pytest
from sovinto.domain.case import Closure, Step

from docs.generate import cost
from tests.docs.reading import page
from tests.support.lives import LIVES, lived

MOST = {
    "paid after the reminder": 5,
    "nobody pays: the full ladder to the end": 17,
    "firm, newer policy: tratta with both approvals, published": 27,
    "plan of 12 months, paid two days early": 18,
    "plan of 12 months, paid on the due day": 35,
    "plan of 18 months, paid two days early": 22,
    "plan of 18 months, paid on the due day": 47,
}


def test_the_page_is_up_to_date() -> None:
    assert page("docs/cost.md") == cost.page(), "run `make docs`"


@pytest.mark.parametrize("name", LIVES)
def test_transitions_do_not_rise(name: str) -> None:
    assert lived(name).counts["transitions"] <= MOST[name]


@pytest.mark.parametrize("name", LIVES)
def test_every_life_is_within_the_target(name: str) -> None:
    assert 0 < lived(name).counts["transitions"] < cost.MAX_TRANSITIONS


def test_the_full_ladder_ends_without_payment() -> None:
    assert lived("nobody pays: the full ladder to the end").closure is Closure.UNCOLLECTABLE


@pytest.mark.parametrize("name", LIVES)
def test_every_life_is_within_the_price(name: str) -> None:
    assert 0 < cost.price(lived(name)) < cost.MAX_EUR


def test_the_lives_are_what_they_are_called() -> None:
    published = lived("firm, newer policy: tratta with both approvals, published").case
    assert published.performed(Step.PUBLISH_TRATTA) is not None
    for name, count in (("12", 12), ("18", 18)):
        for way, reminders in (("two days early", 0), ("on the due day", count)):
            life = lived(f"plan of {name} months, paid {way}")
            assert life.closure is Closure.PAID
            reminded = [r for r in life.case.steps if r.step is Step.REMIND_INSTALMENT]
            assert len(reminded) == reminders
            # An execution is handed over before it is a year old.
            assert life.driver.number == 1 + life.days // 300
