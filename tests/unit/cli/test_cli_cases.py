"""`sovinto case`: what is asked of the desk, what people read, and how a refusal ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from sovinto.cli import cases

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
    return made


def test_a_case_is_shown_as_tables_by_the_first_collector(desk: Desk, sovinto: Sovinto) -> None:
    done = sovinto("case", "show", "case_1")
    assert desk.asked == [{"action": "show_case", "case_id": "case_1", "by": "col_fi_1"}]
    told = [line.split() for line in done.out.splitlines()]
    assert ["state", "held"] in told
    assert ["total", "105.95", "EUR"] in told
    assert ["2026-01-05", "send_reminder", "performed"] in told
    assert ["hld_1", "illness", "2026-01-06", "yes"] in told


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
    assert "--call must name one of the open calls of the case (none)" in sovinto(*call).refusal


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
