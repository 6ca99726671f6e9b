"""The code from the letter opens the page; guessing it is slow and tells nothing."""

from __future__ import annotations

import pytest
from sovinto.domain.access_code import access_code
from sovinto.errors import NotAllowed, TooManyAttempts
from sovinto.usecases.debtor_page import MAX_TRIES, prove_code

from tests.support.world import World

SECRET = b"a secret of the tests"


def prove(world: World, link_id: str, typed: str) -> str:
    return prove_code(link_id, typed, secret=SECRET, cases=world.cases, at=world.clock.now())


def test_the_right_code_opens_the_page_however_often() -> None:
    world = World()
    case = world.place()
    code = access_code(SECRET, case.case_id)
    for typed in (code, code.lower(), f" {code[:5]}-{code[5:]} "):
        for _ in range(MAX_TRIES):
            assert prove(world, case.link_id, typed) == case.case_id


def test_after_ten_wrong_codes_even_the_right_one_waits_an_hour() -> None:
    world = World()
    case = world.place()
    for _ in range(MAX_TRIES):
        with pytest.raises(NotAllowed) as refusal:
            prove(world, case.link_id, "WRONGCODE2")
        assert not isinstance(refusal.value, TooManyAttempts)
    code = access_code(SECRET, case.case_id)
    with pytest.raises(TooManyAttempts):
        prove(world, case.link_id, code)
    world.clock.advance(hours=1)
    assert prove(world, case.link_id, code) == case.case_id


def test_one_debtors_wrong_codes_do_not_lock_another_out() -> None:
    world = World()
    one, other = world.place(reference="A"), world.place(reference="B")
    for _ in range(MAX_TRIES):
        with pytest.raises(NotAllowed):
            prove(world, one.link_id, "x")
    assert prove(world, other.link_id, access_code(SECRET, other.case_id)) == other.case_id


def test_an_unknown_link_answers_as_a_wrong_code() -> None:
    world = World()
    case = world.place()
    with pytest.raises(NotAllowed) as unknown:
        prove(world, "lnk_nobody", "WRONGCODE2")
    with pytest.raises(NotAllowed) as wrong:
        prove(world, case.link_id, "WRONGCODE2")
    assert unknown.value.message == wrong.value.message
    for _ in range(MAX_TRIES - 1):
        with pytest.raises(NotAllowed):
            prove(world, "lnk_nobody", "x")
    with pytest.raises(TooManyAttempts):
        prove(world, "lnk_nobody", "x")


def test_the_code_of_another_case_does_not_fit() -> None:
    world = World()
    one, other = world.place(reference="A"), world.place(reference="B")
    with pytest.raises(NotAllowed):
        prove(world, one.link_id, access_code(SECRET, other.case_id))
