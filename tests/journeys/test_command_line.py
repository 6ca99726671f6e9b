"""The command line as a person or a script meets it: data out, reasons to stderr, three exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sovinto.cli import main

import infra.local.running
from infra.local import virtual_time
from infra.local.running import Running
from infra.paths import ROOT

pytestmark = pytest.mark.journey

CASES = ROOT / "tests" / "data" / "demo" / "cases.csv"
STATEMENT = ROOT / "tests" / "data" / "camt" / "fi_day.xml"


def sovinto(*arguments: object) -> subprocess.CompletedProcess[str]:
    """In a process of its own, as from a shell."""
    command = [sys.executable, "-m", "sovinto.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT, check=False)


def test_intake_tells_row_by_row_what_would_become_a_case() -> None:
    done = sovinto("intake", CASES, "--on", "2026-01-05", "--json")

    found: dict[str, Any] = json.loads(done.stdout)
    counts = {name: found[name] for name in ("rows", "accepted", "refused", "duplicates")}
    assert (done.returncode, done.stderr) == (0, "")
    assert counts == {"rows": 200, "accepted": 182, "refused": 12, "duplicates": 6}
    assert len(found["report"]) == 200


def test_statement_prints_what_the_bank_says() -> None:
    done = sovinto("statement", STATEMENT, "--json")

    assert done.returncode == 0
    assert json.loads(done.stdout)["statements"]


def test_a_statement_that_contradicts_itself_is_1_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "day.xml"
    text = STATEMENT.read_text("utf-8")
    head, amount, rest = text.partition("<Amt Ccy=")
    path.write_text(head + amount + rest.replace(">", ">9", 1), "utf-8")

    done = sovinto("statement", path, "--json")

    assert done.returncode == 1
    assert done.stderr


@pytest.mark.parametrize("command", ["intake", "statement"])
def test_a_file_that_is_not_there_is_1_with_one_sentence(command: str) -> None:
    done = sovinto(command, "no-such-file")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("sovinto: FILE no-such-file is not there")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments", [(), ("intake",), ("clock",), ("no-such-command",), ("intake", "x", "--on", "31.12.2025")]
)
def test_wrong_usage_is_2(arguments: tuple[str, ...]) -> None:
    done = sovinto(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: sovinto" in done.stderr


@pytest.fixture
def found_stage(stage: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The command line finds the stage of the tests rather than that of `make up`."""
    monkeypatch.setattr(infra.local.running, "load", lambda: stage)
    return stage


def test_the_clock_is_shown_and_moved_forward(
    found_stage: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["clock", "show", "--json"]) == 0
    before = _told(capsys)
    assert main(["clock", "advance", "1d", "--json"]) == 0
    after = _told(capsys)

    assert timedelta(days=1) <= after - before < timedelta(days=1, minutes=5)
    assert virtual_time.now(found_stage) - after < timedelta(minutes=5)


def test_the_clock_never_goes_back(found_stage: Running, capsys: pytest.CaptureFixture[str]) -> None:
    before = virtual_time.now(found_stage)

    assert main(["clock", "set", "2020-01-01"]) == 1
    assert main(["clock", "advance", "soon"]) == 1

    told = capsys.readouterr().err.splitlines()
    assert "only goes forward" in told[0]
    assert "14d" in told[1]
    assert virtual_time.now(found_stage) - before < timedelta(minutes=5)


def _told(capsys: pytest.CaptureFixture[str]) -> datetime:
    return datetime.fromisoformat(json.loads(capsys.readouterr().out)["now"])
