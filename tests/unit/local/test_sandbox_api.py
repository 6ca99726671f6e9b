"""The provider's API: what it takes, refuses, repeats and pays out."""

from __future__ import annotations

import pytest

from tests.support.sandbox_by_hand import KEY, START, WISH, SandboxByHand

SESSIONS = "/v1/checkout/sessions"
NOBODY = "cs_" + "f" * 24


@pytest.fixture
def world() -> SandboxByHand:
    return SandboxByHand()


def test_a_session_says_what_was_asked_and_where_to_pay(world: SandboxByHand) -> None:
    session = world.ask("POST", SESSIONS, WISH)
    assert session["status"] == "open"
    assert session["url"] == f"http://localhost:8080/sandbox/pay/{session['id']}"
    assert {name: session[name] for name in WISH} == WISH
    assert session["expires_at"] == START + 86_400
    assert world.ask("GET", f"{SESSIONS}/{session['id']}") == session


@pytest.mark.parametrize("key", [None, "Bearer", f"Basic {KEY}", f"Bearer {KEY}x", "Bearer ä"])
def test_without_the_key_nothing_is_answered(world: SandboxByHand, key: str | None) -> None:
    headers = {} if key is None else {"Authorization": key}
    for method, path in (("POST", "/sandbox" + SESSIONS), ("GET", "/sandbox/test/events")):
        assert world.sandbox.handle(method, path, "", headers, b"{}").status == 401


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount_minor", 0),
        ("amount_minor", -5),
        ("amount_minor", 10.5),
        ("amount_minor", True),
        ("amount_minor", "100"),
        ("amount_minor", 10**12),
        ("currency", "eur"),
        ("reference", ""),
        ("reference", "a\nb"),
        ("description", "x" * 501),
        ("success_url", "javascript:alert(1)"),
        ("success_url", "/done"),
        ("success_url", "https://x.example/\r\nSet-Cookie: a=b"),
        ("cancel_url", "https://x.example/'; script-src *"),
        ("cancel_url", "https://[broken"),
        ("locale", "finnish"),
        ("expires_after_seconds", 0),
        ("colour", "red"),
    ],
)
def test_a_bad_parameter_is_refused_by_name(world: SandboxByHand, name: str, value: object) -> None:
    response = world.call("POST", SESSIONS, WISH | {name: value})
    assert response.status == 422
    assert f'"param": "{name}"' in response.body.decode()


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b"[" * 5000])
def test_a_body_that_is_no_object_is_refused(world: SandboxByHand, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    assert world.sandbox.handle("POST", "/sandbox" + SESSIONS, "", headers, body).status == 400


def test_a_huge_body_is_refused(world: SandboxByHand) -> None:
    assert world.refused("POST", SESSIONS, WISH | {"description": "x" * 70_000}) == (413, "too_large")


@pytest.mark.parametrize(
    "path", ["", "/", "/v1", "/v1/checkout/sessions/../payouts", "/pay/cs_1", "/pay/x' y"]
)
def test_unknown_paths_are_absent(world: SandboxByHand, path: str) -> None:
    assert world.refused("GET", path) == (404, "not_found")


def test_a_known_path_says_which_methods_it_takes(world: SandboxByHand) -> None:
    response = world.call("DELETE", "/v1/payouts")
    assert (response.status, response.headers["Allow"]) == (405, "GET, POST")


def test_an_unknown_session_is_absent(world: SandboxByHand) -> None:
    assert world.refused("GET", f"{SESSIONS}/{NOBODY}") == (404, "not_found")
    assert world.refused("POST", "/v1/refunds", {"session_id": NOBODY}) == (404, "not_found")


def test_an_idempotency_key_repeats_the_answer_and_not_the_deed(world: SandboxByHand) -> None:
    first = world.call("POST", SESSIONS, WISH, {"Idempotency-Key": "k"})
    again = world.call("POST", SESSIONS, WISH, {"idempotency-key": "k"})
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    changed = WISH | {"amount_minor": 1}
    assert world.refused("POST", SESSIONS, changed, Idempotency_Key="k") == (409, "idempotency_key_reused")


def test_a_refused_call_does_not_use_up_its_key(world: SandboxByHand) -> None:
    assert world.refused("POST", SESSIONS, WISH | {"currency": "x"}, Idempotency_Key="k")[0] == 422
    assert world.call("POST", SESSIONS, WISH, {"Idempotency-Key": "k"}).status == 201


def test_a_lost_answer_is_found_again_by_its_key(world: SandboxByHand) -> None:
    world.ask("POST", "/test/fail", {"status": 502, "after": True})
    assert world.refused("POST", SESSIONS, WISH, Idempotency_Key="k") == (502, "ordered_failure")
    assert world.call("POST", SESSIONS, WISH, {"Idempotency-Key": "k"}).headers["Idempotent-Replayed"]


def test_refunds_never_exceed_the_payment(world: SandboxByHand) -> None:
    session_id = world.paid()
    refund = {"session_id": session_id}
    assert world.ask("POST", "/v1/refunds", refund | {"amount_minor": 147})["amount_minor"] == 147
    too_much = refund | {"amount_minor": 13_001}
    assert world.refused("POST", "/v1/refunds", too_much) == (422, "amount_too_large")
    assert world.ask("POST", "/v1/refunds", refund)["amount_minor"] == 13_000
    assert world.refused("POST", "/v1/refunds", refund) == (409, "nothing_left")


def test_what_is_not_paid_cannot_be_given_back(world: SandboxByHand) -> None:
    refund = {"session_id": world.opened()}
    assert world.refused("POST", "/v1/refunds", refund) == (409, "nothing_left")
    assert world.refused("POST", "/test/dispute", refund) == (409, "nothing_left")


def test_closing_the_day_pays_out_everything_once(world: SandboxByHand) -> None:
    first = world.paid()
    second = world.paid(reference="pay_2", amount_minor=1000)
    world.opened(reference="pay_unpaid")
    world.ask("POST", "/v1/refunds", {"session_id": first, "amount_minor": 147})
    payout = world.ask("POST", "/v1/payouts")
    assert (payout["amount_minor"], payout["currency"], payout["fee_minor"]) == (14_000, "EUR", 0)
    paid = [(line["session_id"], line["reference"], line["amount_minor"]) for line in payout["payments"]]
    assert paid == [(first, "pay_1", 13_147), (second, "pay_2", 1000)]
    assert [line["amount_minor"] for line in payout["refunds"]] == [147]
    assert world.refused("POST", "/v1/payouts") == (409, "nothing_to_pay_out")
    assert world.ask("GET", "/v1/payouts")["payouts"] == [payout]


def test_a_refund_after_the_payout_is_taken_from_the_next_one(world: SandboxByHand) -> None:
    session_id = world.paid()
    world.ask("POST", "/v1/payouts")
    world.ask("POST", "/v1/refunds", {"session_id": session_id, "amount_minor": 500})
    assert world.refused("POST", "/v1/payouts") == (409, "nothing_to_pay_out")
    world.paid(reference="pay_2", amount_minor=2000)
    assert world.ask("POST", "/v1/payouts")["amount_minor"] == 1500


def test_currencies_are_paid_out_apart(world: SandboxByHand) -> None:
    world.paid()
    world.paid(currency="SEK", amount_minor=700)
    assert world.refused("POST", "/v1/payouts", {}) == (422, "currency_needed")
    assert world.ask("POST", "/v1/payouts", {"currency": "SEK"})["amount_minor"] == 700


def test_a_test_clock_dates_what_happens(world: SandboxByHand) -> None:
    session = world.ask("POST", SESSIONS, WISH, Sandbox_Now="1000000000")
    assert session["created"] == 1_000_000_000
    world.schedule.advance(60)
    world.press(session["id"], "card=4242424242424242")
    world.schedule.advance()
    event, header = world.got[-1]
    assert event["created"] == 1_000_000_060
    # The signature guards the transport, so its time is real.
    assert header.startswith(f"t={START + 60},")


@pytest.mark.parametrize("now", ["soon", "-1", "1.5", "1" * 12, "١"])
def test_a_test_clock_that_is_no_time_is_refused(world: SandboxByHand, now: str) -> None:
    assert world.refused("POST", SESSIONS, WISH, Sandbox_Now=now)[0] == 422
