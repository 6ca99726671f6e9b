"""`sovinto intake`: what we read in a case file, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Sovinto

HEADER = "ref,type,name,email,due,principal,colour"
ROW = "A1,consumer,Aino,aino@posti.example,2025-11-01,10.00,red"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cases.csv"
    path.write_text("\n".join((HEADER, ROW, ROW)), "utf-8")
    return path


def test_it_tells_of_what_was_not_read_and_of_repeats(sovinto: Sovinto, file: Path) -> None:
    told = sovinto("intake", file, "--on", "2026-01-05").out.splitlines()
    assert told[0] == "2 rows: 1 good, 0 refused, 1 duplicates"
    assert "'colour' was not read" in told[1]
    assert told[2] == "row 3: the same as row 2"


def test_a_country_may_be_typed_small_and_an_unknown_one_is_told_the_others(
    sovinto: Sovinto, file: Path
) -> None:
    assert sovinto("intake", file, "--country", "fi", "--on", "2026-01-05").code == 0
    assert "use one of AT, BE" in sovinto("intake", file, "--country", "XX").refusal
