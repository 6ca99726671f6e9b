"""Against statements that other projects publish, with figures worked out apart from this reader."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sovinto.errors import FormatRefused
from sovinto.formats.statement import read_statement, to_json

FOLDER = Path(__file__).parents[4] / "../shared/conformance/bank"
EXPECTED = FOLDER / "expected.json"
ROWS: list[dict[str, Any]] = json.loads(EXPECTED.read_text()) if EXPECTED.exists() else []
CAMT = [row for row in ROWS if row["format"] in {"camt052", "camt053", "camt054"}]

pytestmark = pytest.mark.skipif(not CAMT, reason="the shared conformance files are not on this machine")


def name(row: dict[str, Any]) -> str:
    return str(row["file"])


def credits(statement: dict[str, Any]) -> list[Decimal]:
    return [amount for item in statement["entries"] if (amount := Decimal(item["amount"])) >= 0]


def debits(statement: dict[str, Any]) -> list[Decimal]:
    return [amount for item in statement["entries"] if (amount := Decimal(item["amount"])) < 0]


def sum_of(amounts: list[Decimal]) -> Decimal:
    return sum(amounts, Decimal())


@pytest.mark.parametrize("row", CAMT, ids=name)
def test_figures(row: dict[str, Any]) -> None:
    read = to_json(read_statement((FOLDER / row["file"]).read_bytes()))
    expected = row["expected"]["statements"]

    assert read["format"] == row["format"] == row["expected"]["message"][:8].replace(".", "")
    assert read["totals"]["entries"] == sum(item["entries"] for item in expected)
    assert read["totals"]["transactions"] == sum(item["tx_details"] for item in expected)
    for ours, theirs in zip(read["statements"], expected, strict=True):
        assert ours["account"] == theirs["account"]
        assert theirs["account_currency"] in {None, ours["currency"]}
        assert sorted({item["currency"] for item in ours["entries"]}) == theirs["entry_currencies"]
        assert (len(credits(ours)), sum_of(credits(ours))) == (
            theirs["credit_entries"],
            Decimal(theirs["credit_sum"]),
        )
        assert (len(debits(ours)), -sum_of(debits(ours))) == (
            theirs["debit_entries"],
            Decimal(theirs["debit_sum"]),
        )
        assert ours["opening"] == theirs["balances"].get("OPBD", [None])[0]
        assert ours["closing"] == theirs["balances"].get("CLBD", [None])[0]
        assert [one for item in ours["entries"] for one in item["references"]] == theirs[
            "structured_references"
        ]
        ids = [part["end_to_end_id"] for item in ours["entries"] for part in item["transactions"]]
        assert [one for one in ids if one] == theirs["end_to_end_ids"]


@pytest.mark.parametrize("row", CAMT, ids=name)
def test_entries(row: dict[str, Any]) -> None:
    read = to_json(read_statement((FOLDER / row["file"]).read_bytes()))
    for ours, theirs in zip(read["statements"], row["expected"]["statements"], strict=True):
        for one, other in zip(ours["entries"], theirs["entry_list"], strict=True):
            sign = "-" if other["ind"] == "DBIT" else ""
            assert (one["amount"], one["currency"]) == (sign + other["amount"], other["currency"])
            assert one["status"] == other["status"]
            assert (one["booked_on"], one["value_on"]) == (other.get("booking"), other.get("value"))
            assert one["reversal"] is other.get("reversal", False)
            assert one["bank_reference"] == other.get("acct_svcr_ref", other.get("entry_ref"))
            assert len(one["transactions"]) == other["tx_details"]


@pytest.mark.parametrize("row", CAMT, ids=name)
def test_transactions(row: dict[str, Any]) -> None:
    read = to_json(read_statement((FOLDER / row["file"]).read_bytes()))
    for ours, theirs in zip(read["statements"], row["expected"]["statements"], strict=True):
        for entry, other in zip(ours["entries"], theirs["entry_list"], strict=True):
            is_from_debtor = (other["ind"] == "CRDT") is not other.get("reversal", False)
            for one, told in zip(entry["transactions"], other["transactions"], strict=True):
                assert one["references"] == told.get("refs", [])
                assert one["end_to_end_id"] == told.get("end_to_end")
                assert [one["return_reason"]] == told.get("return_reason", [None])
                if "amount" in told:
                    assert (Decimal(told["amount"]), told["currency"]) in stated(one)
                if "unstructured" in told:
                    assert one["text"] == " ".join(" ".join(told["unstructured"]).split())
                if is_from_debtor and "debtor" in told:
                    assert one["counterparty"] == told["debtor"]


def stated(transaction: dict[str, Any]) -> list[tuple[Decimal, str]]:
    """What reached the account, and what was sent where that was another currency."""
    return [
        (abs(Decimal(transaction[f"{kind}amount"])), transaction[f"{kind}currency"])
        for kind in ("", "original_")
        if transaction[f"{kind}amount"] is not None
    ]


@pytest.mark.parametrize("row", CAMT, ids=name)
def test_a_file_that_contradicts_itself_is_held(row: dict[str, Any]) -> None:
    file = read_statement((FOLDER / row["file"]).read_bytes())
    checks = [check["ok"] for item in row["expected"]["statements"] for check in item["control_checks"]]

    if not all(checks):
        assert file.is_held
    if checks and all(checks):
        assert file.problems == ()


@pytest.mark.parametrize("row", CAMT, ids=name)
def test_quirks(row: dict[str, Any]) -> None:
    file = read_statement((FOLDER / row["file"]).read_bytes())
    entries = [entry for statement in file.statements for entry in statement.entries]
    parts = [part for entry in entries for part in entry.transactions]
    codes = {problem.code for problem in file.problems}
    shown = {
        "Btch/NbOfTxs 20 != TxDtls 1": "batch_count" in codes,
        "CONTROL MISMATCH: opening + credits - debits = closing": file.is_held,
        "RvslInd true (reversal)": any(entry.is_reversal for entry in entries),
        "TxDtls without any remittance info": any(not part.references for part in parts),
        "batch entry without TxDtls": any(len(entry.payments) == 1 for entry in entries),
        "batch-booked entry with 2 TxDtls": any(len(entry.transactions) == 2 for entry in entries),
        "currency exchange details": bool(parts),
        "entry status PDNG": any(entry.status == "PDNG" and not entry.is_postable for entry in entries),
        "entry without TxDtls": any(not entry.transactions for entry in entries),
        "foreign-currency instructed amount": bool(parts),
        "return reason AC04": any(part.return_reason == "AC04" for part in parts),
        "return reason AC06": any(part.return_reason == "AC06" for part in parts),
        "3 decimals in amount": bool(entries) and not codes & {"amount_precision"},
    }

    assert all(shown[quirk] for quirk in row["expected"]["quirks"])


def test_an_envelope_of_the_web_service_is_refused_in_a_sentence() -> None:
    for row in ROWS:
        if row["format"] == "nordea-ws-soap":
            with pytest.raises(FormatRefused, match="SOAP"):
                read_statement((FOLDER / row["file"]).read_bytes())
