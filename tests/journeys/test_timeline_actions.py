"""What client and agency do to a case while its timeline runs: holds, calls, corrections, answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sovinto.cli import main

import infra.local.running
from infra.local import virtual_time
from infra.local.bank import BankAccount
from infra.local.demo.browser import PageRefused
from infra.local.running import Running
from tests.support.journey import Creditor
from tests.support.journey_bank import deliver, transfer
from tests.support.journey_books import bodies, sent
from tests.support.journey_desk import BY, ask, events, place_firm, sending_paused
from tests.support.journey_time import office_hours, to_next_wake, today, wake_of
from tests.support.local_cloud import eventually

pytestmark = pytest.mark.journey

NEWER = "fi_standard_v2"


def state_of(stage: Running, case_id: str, template: str) -> str:
    found = bodies(stage, f"CASE#{case_id}", "COMM#")
    return next((str(item["state"]) for item in found if item["template"] == template), "")


def test_a_hold_stops_the_message_that_was_planned(stage: Running, creditor: Creditor) -> None:
    case_id = creditor.place("ACT-1")
    with sending_paused(stage):
        virtual_time.move(stage, wake_of(stage, case_id) + timedelta(seconds=1))
        stage.invoke("tick", {})
        eventually(lambda: state_of(stage, case_id, "reminder_sms") == "planned")
        hold = creditor.api.api("POST", f"/v1/cases/{case_id}/holds", {})
    virtual_time.until_quiet(stage)

    assert state_of(stage, case_id, "reminder_sms") == "withheld"
    assert creditor.case(case_id)["state"] == "held"

    creditor.api.api("DELETE", f"/v1/cases/{case_id}/holds/{hold['hold_id']}")
    to_next_wake(stage, case_id)
    assert creditor.case(case_id)["state"] == "open"


def test_a_wrong_number_is_called_no_more_and_letters_go_on(stage: Running, creditor: Creditor) -> None:
    case_id = place_firm(creditor, "ACT-2", "12000.00", NEWER)
    call = call_of(stage, case_id)

    told = recorded(stage, call, outcome="wrong_number")

    assert told["calls"][0]["outcome"] == "wrong_number"
    assert call["communication_id"] not in listed(stage)
    live_until(creditor, case_id, lambda: "send_demand" in creditor.performed(case_id))
    assert "reminder_sms" not in sent(stage, case_id)
    assert "demand" in sent(stage, case_id)


def test_an_objection_on_the_phone_is_upheld_by_the_client(stage: Running, creditor: Creditor) -> None:
    case_id = place_firm(creditor, "ACT-3", "12000.00", NEWER)

    words = {"dispute_kind": "goods_or_service", "text": "Tavara ei tullut."}
    told = recorded(stage, call_of(stage, case_id), outcome="dispute", **words)
    assert told["state"] == "disputed"
    before = sent(stage, case_id)

    creditor.api.api("POST", f"/v1/cases/{case_id}/dispute", {"outcome": "upheld"})
    virtual_time.until_quiet(stage)

    assert creditor.case(case_id)["state"] == "dispute_upheld"
    assert sent(stage, case_id) == before


def test_a_credit_note_prices_the_case_anew_once(stage: Running, creditor: Creditor) -> None:
    case_id = creditor.place("ACT-4", "400.00")
    before = creditor.case(case_id)["balance_minor"]
    note = {
        "invoice_number": "L-ACT-4",
        "amount_minor": 30_000,
        "on": (today(stage) - timedelta(days=30)).isoformat(),
        "reference": f"CN-{creditor.client_id}",
    }

    for _ in range(2):
        creditor.api.api("POST", f"/v1/cases/{case_id}/credit-notes", note)
        virtual_time.until_quiet(stage)

    after = creditor.case(case_id)["balance_minor"]
    assert after["principal"] == before["principal"] - 30_000
    assert 0 < after["interest"] < before["interest"]
    assert events(stage, case_id).count("claim.credited") == 1


def test_a_tratta_that_is_paid_the_day_before_is_never_published(
    stage: Running, creditor: Creditor, bank: BankAccount
) -> None:
    case_id = place_firm(creditor, "ACT-5", "1000.00", NEWER)
    live_until(creditor, case_id, lambda: bool(open_question(creditor, case_id)))
    question = open_question(creditor, case_id)
    assert question["kind"] == "tratta"
    path = f"/v1/cases/{case_id}/approvals/{question['approval_id']}"

    creditor.api.api("POST", path, {"outcome": "approve"})
    with pytest.raises(PageRefused, match=r"409 .*counts once"):
        creditor.api.api("POST", path, {"outcome": "decline"})
    live_until(creditor, case_id, lambda: "announce_tratta" in creditor.performed(case_id))
    eventually(lambda: "tratta" in sent(stage, case_id))

    # The protest period of 14 days and the policy's three more: then the agency would be asked.
    office_hours(stage, announced_on(creditor, case_id) + timedelta(days=16))
    transfer(creditor, case_id, owed_today(creditor, case_id))
    deliver(stage, bank)
    office_hours(stage, today(stage) + timedelta(days=10))

    assert creditor.case(case_id)["state"] == "paid"
    assert "publish_tratta" not in creditor.performed(case_id)
    assert "tratta.published" not in events(stage, case_id)


def test_the_command_line_holds_shows_and_releases(
    stage: Running,
    creditor: Creditor,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(infra.local.running, "load", lambda: stage)
    case_id = creditor.place("ACT-6")

    def sovinto(*arguments: str, code: int = 0) -> str:
        assert main(["case", *arguments]) == code
        shown = capsys.readouterr()
        return shown.err if code else shown.out

    hold = ("hold", case_id, "--reason", "illness", "--by", BY, "--json")
    hold_id = json.loads(sovinto(*hold))["hold"]["hold_id"]
    shown = sovinto("show", case_id)
    assert shown.splitlines()[1].split() == ["state", "held"]
    assert hold_id in shown
    assert hold_id in sovinto("release", case_id, hold_id, "--by", BY)
    assert json.loads(sovinto("calls", "--json"))["outcome"] == "done"
    refused = sovinto("stop", case_id, "--closure", "paid", "--by", BY, code=1)
    assert refused.startswith("sovinto: closure must be one of")
    assert "withdrawn" in sovinto("stop", case_id, "--closure", "withdrawn", "--by", BY)


def call_of(stage: Running, case_id: str) -> dict[str, Any]:
    """The open call of a case, as the desk lists it."""
    [call] = [item for item in ask(stage, "list_calls")["calls"] if item["case_id"] == case_id]
    assert call["hours"]
    return dict(call)


def listed(stage: Running) -> set[str]:
    return {item["communication_id"] for item in ask(stage, "list_calls")["calls"]}


def recorded(stage: Running, call: dict[str, Any], **given: str) -> dict[str, Any]:
    ids = {name: call[name] for name in ("case_id", "communication_id")}
    answer = ask(stage, "record_call", **ids, **given)
    assert answer["outcome"] == "done", answer
    return dict(answer["case"])


def open_question(creditor: Creditor, case_id: str) -> dict[str, Any]:
    asked = creditor.case(case_id).get("approvals", [])
    return next((dict(item) for item in asked if item["outcome"] is None), {})


def announced_on(creditor: Creditor, case_id: str) -> date:
    steps = creditor.case(case_id)["steps"]
    done = [s for s in steps if (s["step"], s["outcome"]) == ("announce_tratta", "performed")]
    return date.fromisoformat(done[-1]["on"])


def owed_today(creditor: Creditor, case_id: str) -> int:
    """What the debtor's page asks for, in minor units."""
    _, _, page = creditor.people.open_page(case_id)
    shown = page.split('name="amount" value="', 1)[1].split('"', 1)[0]
    return int(shown.replace(".", "").replace(",", ""))


def live_until(creditor: Creditor, case_id: str, is_there: Callable[[], bool]) -> None:
    """From one due time of the case to the next."""
    for _ in range(30):
        if is_there():
            return
        to_next_wake(creditor.running, case_id)
    pytest.fail(f"case {case_id} does not come so far: {creditor.case(case_id)['steps']}")
