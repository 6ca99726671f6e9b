"""Against statements that other projects publish, with figures worked out apart from this reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sovinto.formats.statement import read_statement, to_json

FOLDER = Path(__file__).parents[4] / "../shared/conformance/bank"
EXPECTED = FOLDER / "expected.json"
ROWS: list[dict[str, Any]] = json.loads(EXPECTED.read_text()) if EXPECTED.exists() else []
CAMT = [row for row in ROWS if row["format"] in {"camt052", "camt053", "camt054"}]

pytestmark = pytest.mark.skipif(not CAMT, reason="the shared conformance files are not on this machine")


def name(row: dict[str, Any]) -> str:
    return str(row["file"])


@pytest.mark.parametrize("row", CAMT, ids=name)
def test_figures(row: dict[str, Any]) -> None:
    read = to_json(read_statement((FOLDER / row["file"]).read_bytes()))
    expected = row["expected"]["statements"]

    assert read["format"] == row["format"]
    assert read["totals"]["entries"] == sum(item["entries"] for item in expected)
    assert read["totals"]["transactions"] == sum(item["tx_details"] for item in expected)
    for ours, theirs in zip(read["statements"], expected, strict=True):
        assert ours["account"] == theirs["account"]
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
            assert [part["return_reason"] for part in one["transactions"]] == [
                (part.get("return_reason") or [None])[0] for part in other["transactions"]
            ]


@pytest.mark.parametrize("row", CAMT, ids=name)
def test_a_file_that_contradicts_itself_is_held(row: dict[str, Any]) -> None:
    file = read_statement((FOLDER / row["file"]).read_bytes())
    checks = [check["ok"] for item in row["expected"]["statements"] for check in item["control_checks"]]

    if not all(checks):
        assert file.is_held
    if checks and all(checks):
        assert file.problems == ()
