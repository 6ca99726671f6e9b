"""`sovinto orders`: each verb is one request of the desk, and a refusal is its sentence."""

from __future__ import annotations

from typing import Any

import pytest
from sovinto.cli import orders

from tests.unit.cli.conftest import Sovinto


class Desk:
    asked: dict[str, Any]
    prefix = "sovinto-fi-local"

    def invoke(self, name: str, event: dict[str, Any]) -> dict[str, Any]:
        assert name == "desk"
        self.asked = event
        if event["by"] == "col_9":
            return {"outcome": "refused", "message": "by must be a collector", "field": "by"}
        return {"outcome": "done", "orders": []}


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk()
    monkeypatch.setattr(orders, "running_cloud", lambda: made)
    return made


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["list"], {"action": "list_orders"}),
        (["approve", "rem-1", "rem-2"], {"action": "approve_orders", "order_ids": ["rem-1", "rem-2"]}),
        (
            ["release", "rem-1", "--control-sum-minor", "4000"],
            {
                "action": "release_orders",
                "order_ids": ["rem-1"],
                "control_sum_minor": 4000,
                "currency": "EUR",
            },
        ),
        (
            ["withdraw", "rem-1", "--reason", "wrong day"],
            {"action": "withdraw_order", "order_id": "rem-1", "reason": "wrong day"},
        ),
        (
            ["not-executed", "rem-1", "--reason", "lost"],
            {"action": "order_not_executed", "order_id": "rem-1", "reason": "lost"},
        ),
        (
            ["payer", "case_1", "--name", "Aino", "--iban", "FI1"],
            {
                "action": "record_payer",
                "case_id": "case_1",
                "payment_id": "",
                "name": "Aino",
                "iban": "FI1",
            },
        ),
        (
            ["refund-again", "case_1", "--payment", "pay_1", "--reason", "mended"],
            {
                "action": "try_refund_again",
                "case_id": "case_1",
                "payment_id": "pay_1",
                "reason": "mended",
            },
        ),
        (
            ["remit-again", "cli_1", "--reason", "mended"],
            {"action": "try_remittance_again", "client_id": "cli_1", "reason": "mended"},
        ),
        (["own-again", "--reason", "mended"], {"action": "try_own_again", "reason": "mended"}),
        (
            ["stop-account", "cli_1", "pac_1"],
            {"action": "stop_payout_change", "client_id": "cli_1", "change_id": "pac_1"},
        ),
    ],
)
def test_each_verb_is_one_request(
    sovinto: Sovinto, desk: Desk, words: list[str], asked: dict[str, Any]
) -> None:
    done = sovinto("orders", *words, "--by", "col_1")
    assert (done.code, done.json["outcome"]) == (0, "done")
    assert desk.asked == {"by": "col_1", **asked}


def test_a_refusal_is_the_desks_own_sentence(sovinto: Sovinto, desk: Desk) -> None:
    assert "by must be a collector" in sovinto("orders", "list", "--by", "col_9").refusal


def test_who_only_looks_need_not_say_who_they_are(sovinto: Sovinto, desk: Desk) -> None:
    assert sovinto("orders", "list").code == 0
    assert desk.asked["by"] == "col_fi_1"
    assert sovinto("orders", "approve", "rem-1").code == 2
