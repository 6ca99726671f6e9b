"""The payment page: pays once, says what is wrong, keeps no card."""

from __future__ import annotations

import pytest
from lxml import html

from infra.local.sandbox.pay_page import amount_text
from infra.local.sandbox.texts import TEXTS
from tests.support.sandbox_by_hand import START, SandboxByHand

PAY = "card=4242+4242+4242+4242&action=pay"


@pytest.fixture
def world() -> SandboxByHand:
    return SandboxByHand()


def test_the_page_is_in_the_asked_language_and_escapes_what_it_shows(world: SandboxByHand) -> None:
    response = world.open_page(world.opened())
    text = response.body.decode()
    page = html.fromstring(text)
    assert page.get("lang") == "fi"
    assert "Case &lt;S-1001&gt; &amp; co" in text
    assert "131,47\u00a0EUR" in text
    assert [label.get("for") for label in page.iter("label")] == [
        field.get("id") for field in page.iter("input")
    ]
    assert not list(page.iter("script"))


def test_an_unknown_language_falls_back_to_english(world: SandboxByHand) -> None:
    assert '<html lang="en">' in world.open_page(world.opened(locale="de-DE")).body.decode()


def test_the_form_may_lead_back_to_the_merchant_only(world: SandboxByHand) -> None:
    policy = world.open_page(world.opened()).headers["Content-Security-Policy"]
    assert policy.endswith("form-action 'self' https://pages.example")
    assert "default-src 'none'" in policy


def test_a_good_card_pays_once_however_often_the_button_is_pressed(world: SandboxByHand) -> None:
    session_id = world.opened()
    for _ in range(3):
        response = world.press(session_id, PAY)
        assert response.status == 303
        assert response.headers["Location"] == f"https://pages.example/done?s={session_id}"
    assert world.types() == ["checkout.session.completed"]
    assert world.ask("GET", f"/v1/checkout/sessions/{session_id}")["last4"] == "4242"


def test_a_declined_card_leaves_the_session_open(world: SandboxByHand) -> None:
    session_id = world.opened()
    response = world.press(session_id, "card=4000-0000-0000-0002&action=pay")
    assert response.status == 402
    assert TEXTS["fi"]["declined"] in response.body.decode()
    assert world.types() == []
    assert world.press(session_id, PAY).status == 303


@pytest.mark.parametrize("card", ["", "5555555555554444", "4242", "<script>", "٤٢٤٢"])
def test_only_test_cards_work_and_no_card_is_shown_again(world: SandboxByHand, card: str) -> None:
    session_id = world.opened()
    response = world.press(session_id, f"card={card}&action=pay")
    assert response.status in {400, 402}
    assert "5555555555554444" not in response.body.decode()
    assert world.ask("GET", f"/v1/checkout/sessions/{session_id}")["last4"] is None


def test_cancelling_goes_back_and_leaves_the_session_open(world: SandboxByHand) -> None:
    session_id = world.opened()
    response = world.press(session_id, "card=&action=cancel")
    assert (response.status, response.headers["Location"]) == (303, "https://pages.example/back")
    assert world.ask("GET", f"/v1/checkout/sessions/{session_id}")["status"] == "open"


def test_the_charge_back_card_pays_and_is_disputed(world: SandboxByHand) -> None:
    world.press(world.opened(), "card=4000000000000259")
    assert world.types() == ["checkout.session.completed", "charge.dispute.created"]


def test_a_session_ends_in_time_and_says_so(world: SandboxByHand) -> None:
    session_id = world.opened(expires_after_seconds=60)
    world.schedule.advance(60)
    assert world.types() == ["checkout.session.expired"]
    assert world.got[0][0]["created"] == START + 60
    assert world.open_page(session_id).status == 410
    assert world.press(session_id, PAY).status == 410
    assert world.types() == ["checkout.session.expired"]


def test_a_paid_session_does_not_expire(world: SandboxByHand) -> None:
    session_id = world.paid(expires_after_seconds=60)
    world.schedule.advance(3600)
    assert world.types() == ["checkout.session.completed"]
    assert TEXTS["fi"]["is_paid"] in world.open_page(session_id).body.decode()


def test_an_ended_session_cannot_be_ended_again(world: SandboxByHand) -> None:
    path = f"/v1/checkout/sessions/{world.opened()}/expire"
    assert world.ask("POST", path)["status"] == "expired"
    assert world.refused("POST", path) == (409, "session_not_open")


def test_a_huge_form_is_refused(world: SandboxByHand) -> None:
    assert world.press(world.opened(), "card=" + "4" * 5000).status == 413


def test_all_languages_have_the_same_texts_that_need_no_escaping() -> None:
    assert len({tuple(sorted(texts)) for texts in TEXTS.values()}) == 1
    assert not [text for texts in TEXTS.values() for text in texts.values() if set(text) & set('<>&"$')]


@pytest.mark.parametrize(
    ("minor", "text"), [(5, "0,05 EUR"), (13_147, "131,47 EUR"), (123_456_789, "1 234 567,89 EUR")]
)
def test_amounts_are_written_in_full(minor: int, text: str) -> None:
    assert amount_text(minor, "EUR").replace("\u00a0", " ") == text
