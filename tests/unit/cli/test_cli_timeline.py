"""`sovinto timeline preview|policy-diff`: a table for people, lines of JSON for machines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Done, Sovinto

HEAD = "reference,name,type,email,phone,street,postal_code,city,country,invoice,due_date,amount,language"
DEBTOR = "Tiina Testinen,consumer,t@posti.example,+358400000001,Kotikatu 3,00200,Helsinki,FI"
ROW = "{0}," + DEBTOR + ",I-{0},{1},{2},fi"
STEPS = [
    ("2026-01-05", "send_reminder"),
    ("2026-01-12", "remind_by_sms"),
    ("2026-01-20", "send_demand"),
    ("2026-02-05", "call_debtor"),
    ("2026-02-08", "evaluate"),
    ("2026-02-09", "offer_plan"),
]


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    rows = [ROW.format("A-1", "2025-11-01", "100.00"), ROW.format("A-2", "2025-11-01", "free")]
    path = tmp_path / "cases.csv"
    path.write_text("\n".join([HEAD, *rows, ""]), "utf-8")
    return path


def previewed(sovinto: Sovinto, file: Path, *more: str) -> Done:
    return sovinto("timeline", "preview", file, "--on=2026-01-05", *more)


def lines(done: Done) -> list[dict[str, Any]]:
    assert done.code == 0, done.err
    return [json.loads(line) for line in done.out.splitlines()]


def test_each_line_is_a_step_with_its_day_and_its_reason(sovinto: Sovinto, case_file: Path) -> None:
    *turns, end = lines(previewed(sovinto, case_file, "--json"))
    assert [(turn["date"], turn["step"]) for turn in turns][: len(STEPS)] == STEPS
    demand = turns[2]
    assert demand["at"] == "2026-01-20T09:00:00+02:00"
    assert (demand["letter"], demand["fee"], demand["currency"]) == ("demand", "14.00", "EUR")
    assert demand["rule"] == "fi.wait.demand.consumer"
    assert "513/1999" in demand["statute"]
    assert end == {"case": "A-1", "date": end["date"], "end": "uncollectable"}


def test_people_read_a_table(sovinto: Sovinto, case_file: Path) -> None:
    shown = previewed(sovinto, case_file).out.splitlines()
    assert shown[0] == "A-1: what happens if nobody reacts"
    assert shown[1].split()[:4] == ["date", "time", "step", "by"]
    assert [tuple(line.split()[:3:2]) for line in shown[2 : 2 + len(STEPS)]] == STEPS
    assert shown[-1].endswith("ends: uncollectable")


def test_it_looks_as_far_as_it_is_told(sovinto: Sovinto, case_file: Path) -> None:
    *turns, end = lines(previewed(sovinto, case_file, "--days=10", "--json"))
    assert [turn["step"] for turn in turns] == ["send_reminder", "remind_by_sms"]
    assert end["end"] == "horizon: send_demand_not_due"


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        (["--days=0"], "--days must be 1 to 3660, not 0"),
        (["--country=XX"], "--country 'XX' is no country with a pack"),
        (["--on=soon"], "--on 'soon' is no day of the calendar"),
    ],
)
def test_what_is_typed_wrongly_is_one_sentence(
    sovinto: Sovinto, case_file: Path, asked: list[str], refusal: str
) -> None:
    assert refusal in previewed(sovinto, case_file, *asked).refusal


def test_a_file_without_a_good_row_says_where_to_look(sovinto: Sovinto, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("\n".join([HEAD, ROW.format("A-1", "2025-11-01", "free"), ""]), "utf-8")
    assert "sovinto intake" in previewed(sovinto, path).refusal


def test_neither_a_file_nor_a_case(sovinto: Sovinto) -> None:
    refusal = sovinto("timeline", "preview", "nothing.csv").refusal
    assert "neither a file nor the id of a case" in refusal


def test_a_policy_is_the_same_as_itself(sovinto: Sovinto) -> None:
    same = ["--from=fi_standard_v1", "--to=fi_standard_v1"]
    done = sovinto("timeline", "policy-diff", "FI", *same)
    assert done.out == "FI, fi_standard_v1 to fi_standard_v1: nothing changes\n"
    assert sovinto("timeline", "policy-diff", "FI", *same, "--json").json["changes"] == []


def test_a_country_without_that_policy_says_which_it_has(sovinto: Sovinto) -> None:
    refusal = sovinto("timeline", "policy-diff", "FI", "--from=fi_standard_v1", "--to=fi_v9").refusal
    assert "--to 'fi_v9' is no policy of this country; it has fi_standard_v1" in refusal
    assert "--from is missing" in sovinto("timeline", "policy-diff", "FI").refusal


def test_policies_for_different_debtors_are_not_compared(sovinto: Sovinto) -> None:
    refusal = sovinto(
        "timeline", "policy-diff", "DE", "--from=de_consumer_v1", "--to=de_business_v1"
    ).refusal
    assert "are for different debtors" in refusal
