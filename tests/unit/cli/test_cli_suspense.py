"""`sovinto suspense`: what is asked of the desk, and what people read."""

from __future__ import annotations

import argparse
from typing import Any

import pytest
from sovinto.cli import suspense
from sovinto.errors import InvalidInput

ROW: dict[str, Any] = {
    "payment_id": "pay_1",
    "amount_minor": 2_500,
    "currency": "EUR",
    "age": "8-30 days",
    "days": 9,
    "payer": "",
    "text": "",
    "reason": "no reference",
    "suggestions": [{"case_id": "case_1", "amount_minor": 2_000, "score": 25, "reasons": ["one", "two"]}],
}


def asked(*words: str) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    suspense.add_to(parser.add_subparsers())
    return suspense.request_of(parser.parse_args(["suspense", *words]), "col_1")


def test_each_way_out_asks_the_desk_for_its_action() -> None:
    by = {"by": "col_1"}
    assert asked("list") == {"action": "suspense", **by}
    post = {"action": "post_suspense", "payment_id": "pay_1", "case_id": "case_1", **by}
    assert asked("post", "pay_1", "case_1") == post
    back = {"action": "return_suspense", "payment_id": "pay_1", "iban": "FI1", "payee": "", **by}
    assert asked("return", "pay_1", "--iban", "FI1") == back
    split = asked("split", "pay_1", "case_1=12.50", "case_2=7", "--currency", "SEK")
    assert split["shares"] == [
        {"case_id": "case_1", "amount_minor": 1_250, "currency": "SEK"},
        {"case_id": "case_2", "amount_minor": 700, "currency": "SEK"},
    ]


@pytest.mark.parametrize("share", ["case_1", "=5.00", "case_1=much"])
def test_a_share_that_cannot_be_read_is_refused(share: str) -> None:
    with pytest.raises(InvalidInput):
        asked("split", "pay_1", share, "case_2=1")


def test_a_row_is_shown_with_its_age_and_whose_it_may_be() -> None:
    ages = {"8-30 days": {"EUR": {"count": 1, "minor": 2_500}}}
    assert list(suspense.list_lines({"rows": [ROW], "ages": ages})) == [
        "pay_1  25.00 EUR  8-30 days (9)",
        "    payer unknown: no text (no reference)",
        "    -> case_1 20.00 [25]: one; two",
        "8-30 days: 1 for 25.00 EUR",
    ]
    assert list(suspense.list_lines({"rows": [], "ages": {}})) == ["nothing waits in suspense"]


def test_what_was_done_is_told() -> None:
    settled = {"posted": ["case_1"], "waiting": ["case_2"], "is_repeat": False}
    assert list(suspense.done_lines("split_suspense", {"settled": settled})) == [
        "posted to case_1",
        "waits on for case_2: no law for the day it counts from",
    ]
    again = {"posted": ["case_1"], "waiting": [], "is_repeat": True}
    assert list(suspense.done_lines("post_suspense", {"settled": again})) == ["posted to case_1 before"]
    orders = {"orders": [{"order_id": "ret-1"}]}
    told = ["order ret-1 waits to be released"]
    assert list(suspense.done_lines("return_suspense", orders)) == told


def test_a_debit_is_explained() -> None:
    undo = {"action": "undo_suspense", "payment_id": "pay_1", "taken": "pay_2", "by": "col_1"}
    assert asked("undo", "pay_1", "pay_2", "--case", "case_1") == {**undo, "case_id": "case_1"}
    assert asked("own", "pay_1")["action"] == "own_suspense"
    assert asked("expense", "pay_1")["action"] == "expense_suspense"
    order = {"action": "order_suspense", "by": "col_1", "payment_id": "pay_1", "order_ids": ["o1", "o2"]}
    assert asked("order", "pay_1", "o1", "o2") == {**order, "charge_minor": 0}
    assert asked("order", "pay_1", "o1", "o2", "--charge", "0.50") == {**order, "charge_minor": 50}
    client = {"action": "client_suspense", "by": "col_1", "payment_id": "pay_1", "client_id": "cli_1"}
    assert asked("client", "pay_1", "cli_1") == client
    again = {"settled": {"posted": [], "waiting": [], "is_repeat": True}}
    assert list(suspense.done_lines("own_suspense", again)) == ["told as our own transfer before"]


def test_money_of_a_provider_is_explained() -> None:
    payout = {"action": "payout_suspense", "by": "col_1", "payment_id": "pay_1", "payout_id": "po_1"}
    assert asked("payout", "pay_1", "po_1") == payout
    taken = {"action": "take_payment", "by": "col_1", "payment_id": "pay_1", "case_id": "case_1"}
    assert asked("take", "pay_1", "case_1", "39.00") == {**taken, "amount_minor": 3_900, "currency": "EUR"}
