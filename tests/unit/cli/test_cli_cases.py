"""`sovinto case`: what is asked of the desk, what people read, and how a refusal ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sovinto.cli import cases, company_figures

from tests.unit.cli.conftest import Sovinto

SHOWN: dict[str, Any] = {
    "case_id": "case_1",
    "state": "held",
    "client_reference": "A-1",
    "payment_reference": "RF18 5390",
    "debtor": {"name": "Aino Oja", "type": "consumer", "language": "fi"},
    "principal": {"amount_minor": 10_000, "currency": "EUR"},
    "balance_minor": {"principal": 10_000, "interest": 95, "fee": 500, "cost": 0, "total": 10_595},
    "owner": {"collector": "Aino Aalto", "account_manager": "", "reason": "language"},
    "steps": [{"step": "send_reminder", "on": "2026-01-05", "outcome": "performed", "reason": ""}],
    "holds": [
        {
            "hold_id": "hld_1",
            "reason": "illness",
            "from_on": "2026-01-06",
            "last_on": None,
            "is_active": True,
        }
    ],
    "approvals": [],
    "calls": [],
    "open_calls": ["com_1"],
}
CALL = {
    "case_id": "case_1",
    "communication_id": "com_1",
    "debtor": "Aino Oja",
    "phone": "+358400000001",
    "language": "fi",
    "hours": ["2026-02-05 09:00-18:00"],
    "script": {"owed_total": "105.95 EUR"},
}


@dataclass
class Desk:
    """A stage that answers by action, and remembers what it was asked."""

    answers: dict[str, dict[str, Any]]
    prefix: str = "sovinto-fi-local"
    asked: list[dict[str, Any]] = field(default_factory=list)

    def invoke(self, name: str, event: dict[str, Any]) -> dict[str, Any]:
        assert name == "desk"
        self.asked.append(event)
        return {"outcome": "done"} | self.answers[event["action"]]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(
        {
            "show_case": {"case": SHOWN},
            "record_call": {"case": SHOWN},
            "list_calls": {"calls": [CALL]},
            "answer_approval": {"case": SHOWN},
            "record_financials": {"case": SHOWN},
            "update_contacts": {"case": SHOWN},
            "place_hold": {"hold": SHOWN["holds"][0]},
            "stop_case": {
                "outcome": "refused",
                "code": "invalid_input",
                "message": "closure must be one of insolvent, withdrawn; choose one",
                "field": "closure",
            },
        }
    )
    monkeypatch.setattr(cases, "running_cloud", lambda: made)
    monkeypatch.setattr(company_figures, "running_cloud", lambda: made)
    return made


def test_a_case_is_shown_as_tables_by_the_first_collector(desk: Desk, sovinto: Sovinto) -> None:
    done = sovinto("case", "show", "case_1")
    assert desk.asked == [{"action": "show_case", "case_id": "case_1", "by": "col_fi_1"}]
    told = [line.split() for line in done.out.splitlines()]
    assert ["state", "held"] in told
    assert ["total", "105.95", "EUR"] in told
    assert ["2026-01-05", "send_reminder", "performed"] in told
    assert ["hld_1", "illness", "2026-01-06", "yes"] in told


def test_a_decision_is_shown_with_its_figures_its_rule_and_who_took_it(
    desk: Desk, sovinto: Sovinto
) -> None:
    at = "2026-02-08T07:00:00.123456+00:00"
    inputs = {"owed_minor": "10595", "answers": "0", "can_be_split": "yes", "legal_step": ""}
    more = {
        "evaluations": [
            {
                "at": at,
                "outcome": "payment_plan",
                "rule": "plan_comes_first",
                "inputs": inputs,
                "alternatives": ["nobody_answers"],
                "by": "engine",
            }
        ],
        "financials": {"as_of": "2025-12-31", "source": "Register", "assets_minor": 900, "employees": None},
        "dispute": {
            "kind": "not_mine",
            "text": "Ei\x1b[2J\nminun.",
            "answer_by": "2026-02-20",
            "outcome": None,
        },
        "closure": {"reason": "insolvent", "closed_at": at, "by": "col_fi_2"},
        "former_debtors": [{"name": "Eino Oja", "reason": "debtor_died", "at": at, "by": "col_fi_1"}],
        "client_messages": [{"message_id": "m", "at": at, "by": "cli_1", "text": "Soittakaa."}],
    }
    desk.answers["show_case"] = {"case": SHOWN | more}
    lines = sovinto("case", "show", "case_1").out.splitlines()
    when = "2026-02-08 07:00 UTC"
    assert f"evaluation {when} by engine: payment_plan (rule plan_comes_first)" in lines
    assert "would have fitted too: nobody_answers" in lines
    told = [" ".join(line.split()) for line in lines]
    assert {"owed 105.95 EUR", "can_be_split yes", "assets 9.00 EUR"} <= set(told)
    assert "figures of 2025-12-31 (Register)" in told
    assert told[told.index("dispute not_mine, to be answered by 2026-02-20") + 1] == "Ei [2J minun."
    assert f"{when} Eino Oja debtor_died col_fi_1" in told
    assert f"{when} Soittakaa." in told
    assert f"closed insolvent, {when} by col_fi_2" in told


def test_whom_to_call(desk: Desk, sovinto: Sovinto) -> None:
    done = sovinto("case", "calls", "--collector", "col_fi_2", "--by", "col_fi_3")
    assert desk.asked == [{"action": "list_calls", "collector_id": "col_fi_2", "by": "col_fi_3"}]
    assert "2026-02-05 09:00-18:00" in done.out
    desk.answers["list_calls"] = {"calls": []}
    assert sovinto("case", "calls").out == "nobody is to be called\n"
    assert sovinto("case", "calls", "--json").json["calls"] == []


def test_a_call_is_the_only_open_one_unless_it_is_named(desk: Desk, sovinto: Sovinto) -> None:
    call = ("case", "call", "case_1", "--outcome", "plan_agreed", "--instalments", 3, "--by", "col_fi_1")
    assert sovinto(*call).code == 0
    asked = {"action": "record_call", "case_id": "case_1", "by": "col_fi_1", "outcome": "plan_agreed"}
    assert desk.asked[-1] == asked | {"communication_id": "com_1", "instalments": 3}
    sovinto(*call, "--call", "com_7")
    assert desk.asked[-1]["communication_id"] == "com_7"
    desk.answers["show_case"] = {"case": SHOWN | {"open_calls": []}}
    assert "has no open call to record" in sovinto(*call).refusal
    desk.answers["show_case"] = {"case": SHOWN | {"open_calls": ["com_1", "com_2"]}}
    assert "one of the open calls of the case: com_1, com_2" in sovinto(*call).refusal


def test_a_dispute_is_told_with_the_debtors_words(desk: Desk, sovinto: Sovinto) -> None:
    dispute = {"kind": "paid_already", "text": "I paid\nit.", "answer_by": "2026-02-01", "outcome": None}
    desk.answers["show_case"] = {"case": SHOWN | {"dispute": dispute}}
    told = sovinto("case", "show", "case_1").out
    assert "dispute paid_already, to be answered by 2026-02-01\nI paid it." in told


@pytest.mark.parametrize(("options", "outcome"), [((), "approve"), (("--decline",), "decline")])
def test_a_publication_is_answered(
    desk: Desk, sovinto: Sovinto, options: tuple[str, ...], outcome: str
) -> None:
    sovinto("case", "approve", "case_1", "apr_1", "--by", "col_fi_1", *options)
    (asked,) = desk.asked
    assert (asked["approval_id"], asked["outcome"]) == ("apr_1", outcome)
    assert set(asked) == {"action", "by", "case_id", "approval_id", "outcome"}


def test_figures_are_minor_units_under_the_names_of_the_desk(desk: Desk, sovinto: Sovinto) -> None:
    given = ("--as-of", "2025-12-31", "--source", "register", "--turnover-before", 5, "--default-entry")
    assert sovinto("case", "financials", "case_1", *given, "--by", "col_fi_1").code == 0
    (asked,) = desk.asked
    assert (asked["turnover_before_minor"], asked["has_default_entry"]) == (5, True)
    assert "assets_minor" not in asked


def test_a_hold_and_a_refusal(desk: Desk, sovinto: Sovinto) -> None:
    done = sovinto("case", "hold", "case_1", "--reason", "illness", "--from", "2026-01-06", "--by", "col_1")
    assert "hld_1" in done.out
    assert desk.asked[-1]["from_on"] == "2026-01-06"
    refusal = sovinto("case", "stop", "case_1", "--closure", "paid", "--by", "col_1").refusal
    assert refusal == "sovinto: closure must be one of insolvent, withdrawn; choose one"


def test_who_does_it_is_never_left_out(desk: Desk, sovinto: Sovinto) -> None:
    assert sovinto("case", "hold", "case_1", "--reason", "illness").code == 2
    assert desk.asked == []


def test_unknown_and_none_are_two_things(desk: Desk, sovinto: Sovinto) -> None:
    given = ("case", "financials", "case_1", "--as-of", "2025-12-31", "--source", "x", "--by", "col_fi_1")
    sovinto(*given)
    sovinto(*given, "--no-default-entry", "--profit", -5, "--year", 2025)
    assert "has_default_entry" not in desk.asked[0]
    told = (desk.asked[1][name] for name in ("has_default_entry", "profit_minor", "year"))
    assert tuple(told) == (False, -5, 2025)


def test_loads_name_who_has_left(desk: Desk, sovinto: Sovinto) -> None:
    here = {"owner": "col_fi_1", "name": "Aino Aalto", "share": 2, "open_cases": 7, "is_known": True}
    gone = {"owner": "col_old", "name": "", "share": None, "open_cases": 3, "is_known": False}
    desk.answers["show_loads"] = {"loads": [here, gone]}
    lines = sovinto("case", "loads").out.splitlines()
    assert lines[1].split() == ["col_fi_1", "Aino", "Aalto", "2", "7"]
    assert lines[2].split()[:4] == ["col_old", "3", "has", "left;"]


def test_a_case_is_given_away_and_a_leaver_is_asked_until_all_are(
    desk: Desk, sovinto: Sovinto, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.answers["reassign_case"] = {"case": SHOWN}
    given = ("case", "reassign", "case_1", "col_fi_2", "--by", "col_fi_1")
    assert sovinto(*given, "--reason", "mood").code == 2
    assert sovinto(*given, "--reason", "absent").code == 0
    assert desk.asked[-1]["to"] == "col_fi_2"
    batches = iter([(100, False), (100, False), (7, True)])

    def invoke(name: str, event: dict[str, Any]) -> dict[str, Any]:
        moved, is_all = next(batches)
        assert (name, event["collector_id"]) == ("desk", "col_fi_3")
        return {"outcome": "done", "reassigned": {"moved": moved, "is_all": is_all}}

    monkeypatch.setattr(desk, "invoke", invoke)
    done = sovinto("case", "release-collector", "col_fi_3", "--by", "col_fi_1")
    assert done.out == "207 open cases were given to others; none is left\n"


def test_a_file_of_figures_goes_row_by_row(desk: Desk, sovinto: Sovinto, tmp_path: Path) -> None:
    file = tmp_path / "figures.csv"
    rows = ["0112038-9;2025;1000,00;Register;2025-12-31", "0112038-9;2024;much;Register;2024-12-31"]
    file.write_text("\n".join(["registration id;year;turnover;source;as of", *rows]), "utf-8")
    said = {"recorded": ["case_1"], "unchanged": [], "refused": [], "message": "recorded in 1 case"}
    desk.answers["import_financials"] = {"imported": said}
    done = sovinto("case", "import-financials", file, "--by", "col_fi_1")
    assert done.code == 1
    assert "row 2: recorded in 1 case" in done.out
    assert "row 3: turnover 'much' is no plain amount" in done.out
    (asked,) = desk.asked
    assert asked == {
        "action": "import_financials",
        "by": "col_fi_1",
        "registration_id": "0112038-9",
        "country": "FI",
        "as_of": "2025-12-31",
        "source": "Register",
        "year": 2025,
        "turnover": "1000.00",
    }
    missing = sovinto("case", "import-financials", tmp_path / "no.csv", "--by", "col_fi_1")
    assert "must be a file of at most" in missing.refusal


def test_the_parts_of_an_address_are_one(desk: Desk, sovinto: Sovinto) -> None:
    parts = ("--street", "Uusikatu 2", "--postal-code", "33100", "--city", "Tampere", "--country", "FI")
    assert sovinto("case", "contacts", "case_1", *parts, "--by", "col_fi_1").code == 0
    sovinto("case", "contacts", "case_1", "--phone", "+358400000078", "--by", "col_fi_1")
    home = {"street": "Uusikatu 2", "postal_code": "33100", "city": "Tampere", "country": "FI"}
    asked = {"action": "update_contacts", "case_id": "case_1", "by": "col_fi_1"}
    assert desk.asked == [asked | {"address": home}, asked | {"phone": "+358400000078"}]
