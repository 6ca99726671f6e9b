"""Signed sessions and form tokens: what was changed, is over or was made elsewhere is worth nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sovinto.entry import session
from sovinto.errors import NotAllowed

SECRET, NOW = b"secret", 1_000_000


def test_a_session_lasts_half_an_hour() -> None:
    value = session.sign(SECRET, "case_1", now=NOW)
    assert session.read(SECRET, value, now=NOW + session.SECONDS - 1) == "case_1"
    assert session.read(SECRET, value, now=NOW + session.SECONDS) is None


@pytest.mark.parametrize("part", [0, 1, 2])
def test_no_part_of_a_session_can_be_changed(part: int) -> None:
    parts = session.sign(SECRET, "case_1", now=NOW).split(".")
    parts[part] = {0: "case_2", 1: "9999999999", 2: "0" * 64}[part]
    assert session.read(SECRET, ".".join(parts), now=NOW) is None


def test_another_secret_signs_nothing_of_ours() -> None:
    assert session.read(SECRET, session.sign(b"other", "case_1", now=NOW), now=NOW) is None


@given(st.text(max_size=80))
def test_any_text_as_a_cookie_is_nobody(text: str) -> None:
    assert session.read(SECRET, text, now=NOW) is None


@given(st.text(max_size=80))
def test_any_text_as_a_token_is_refused(text: str) -> None:
    with pytest.raises(NotAllowed):
        session.check_form(SECRET, "lnk_1/code", text, now=NOW)


def test_a_token_is_bound_to_its_session() -> None:
    token = session.form_token(SECRET, "lnk_1/case_1", now=NOW)
    session.check_form(SECRET, "lnk_1/case_1", token, now=NOW)
    with pytest.raises(NotAllowed):
        session.check_form(SECRET, "lnk_1/case_2", token, now=NOW)


def test_a_token_ends_and_its_end_cannot_be_moved() -> None:
    token = session.form_token(SECRET, "lnk_1/case_1", now=NOW)
    over = NOW + session.FORM_SECONDS
    session.check_form(SECRET, "lnk_1/case_1", token, now=over - 1)
    for late in (token, f"{over + 9}.{token.partition('.')[2]}"):
        with pytest.raises(NotAllowed):
            session.check_form(SECRET, "lnk_1/case_1", late, now=over)


@pytest.mark.parametrize("cookie", ["", "pre_", "cli_demo", "nobody", 'pre_"x', "pre_a b"])
def test_only_a_name_we_gave_is_a_visitor(cookie: str) -> None:
    assert session.visitor_of(cookie) is None
    assert session.visitor_of("pre_0abc") == "pre_0abc"


def test_a_session_is_no_token_and_a_token_no_session() -> None:
    value = session.sign(SECRET, "case_1", now=NOW)
    mac = value.split(".")[2]
    with pytest.raises(NotAllowed):
        session.check_form(SECRET, "case_1", mac, now=NOW)


def test_a_cookie_is_secure_but_for_this_machine() -> None:
    far = session.cookie("c", "v", path="/d/1", is_secure=True)
    near = session.cookie("c", "v", path="/d/1", is_secure=False)
    assert (far.secure, near.secure) == (True, False)
    assert "HttpOnly" in str(near)
    assert "SameSite=Lax" in str(near)
