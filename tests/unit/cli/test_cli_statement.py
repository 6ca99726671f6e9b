"""`sovinto statement`: the shape, the exit codes, and where the reasons go."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Sovinto
from tests.unit.formats.statement.camt_documents import document, entry, statement

DATA = Path(__file__).parents[2] / "data/camt"
TWO = document(statement(entry()), statement(entry("5.00"), closing="105.00", statement_id="S2"))


def test_a_clean_file_in_json(sovinto: Sovinto) -> None:
    done = sovinto("statement", DATA / "fi_day.xml", "--json")

    assert (done.code, done.err) == (0, "")
    assert done.json == json.loads((DATA / "fi_day.json").read_text("utf-8"))
    assert list(done.json) == ["format", "statements", "totals", "problems"]
    assert list(done.json["statements"][0]) == ["account", "currency", "opening", "closing", "entries"]


def test_several_statements_keep_their_entries(sovinto: Sovinto, tmp_path: Path) -> None:
    (tmp_path / "two.xml").write_bytes(TWO)

    found = sovinto("statement", tmp_path / "two.xml", "--json").json

    assert [[item["amount"] for item in each["entries"]] for each in found["statements"]] == [
        ["10.00"],
        ["5.00"],
    ]
    assert found["totals"] == {"entries": 2, "transactions": 0, "credits": "15.00", "debits": "0.00"}


def test_a_held_file_is_shown_with_the_reason(sovinto: Sovinto, tmp_path: Path) -> None:
    (tmp_path / "held.xml").write_bytes(document(statement(entry(), closing="1.00")))

    done = sovinto("statement", tmp_path / "held.xml", "--json")

    assert done.code == 1
    assert [problem["code"] for problem in done.json["problems"]] == ["balance_chain"]
    assert "closing balance is 1.00" in done.err


@pytest.mark.parametrize("content", [b"no bank file", document(statement(entry()))[:-9]])
def test_a_machine_finds_why_a_file_is_unreadable_on_standard_output(
    sovinto: Sovinto, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "bad").write_bytes(content)

    done = sovinto("statement", tmp_path / "bad", "--json")

    assert done.code == 1
    assert (done.json["format"], done.json["statements"]) == (None, [])
    (problem,) = done.json["problems"]
    assert problem["code"] == "unreadable" and problem["message"] in done.err
    told = sovinto("statement", tmp_path / "bad").err
    assert told == done.err == f"sovinto: {problem['message']}\n"


def test_standard_input(sovinto: Sovinto, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TWO)))

    assert sovinto("statement", "-", "--json").json["totals"]["entries"] == 2


def test_a_table_for_people(sovinto: Sovinto) -> None:
    done = sovinto("statement", DATA / "fi_day.xml")

    assert done.code == 0
    assert "opening 1500.00, closing 1573.97" in done.out
    assert "2026-02-02         -250.00  BOOK  Tilitys 2026-02-02" in done.out
    assert done.out.splitlines()[-1].startswith("5 entries, 5 transactions, credits 404.47, debits 280.50")


def test_a_missing_file(sovinto: Sovinto, tmp_path: Path) -> None:
    assert "is not there" in sovinto("statement", tmp_path / "none").refusal
