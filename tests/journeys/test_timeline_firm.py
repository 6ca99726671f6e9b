"""A large receivable of a firm: the call comes first, figures decide, and each decision can be read."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from infra.local.running import Running
from tests.support.journey import Creditor, case_body
from tests.support.journey_desk import BY, ask, events, place_under
from tests.support.journey_time import to_next_wake, today
from tests.support.journey_words import command_line

pytestmark = pytest.mark.journey

FIRM = "9000021-4"
FIGURES = f"""\
registration id;as of;source;year;turnover;profit;assets;employees;payment default entry
{FIRM};2025-12-31;Kaupparekisteri;2024;900000;-1000;120000;4;no
{FIRM};2025-12-31;Kaupparekisteri;2025;300000;-90000;9000;0;no
9000022-2;2025-12-31;Kaupparekisteri;2025;1;1;1;1;no
"""
WAKES = 12


def test_a_large_receivable_of_a_failing_firm(
    stage: Running,
    creditor: Creditor,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    sovinto = command_line(stage, monkeypatch, capsys)
    firm = {"type": "business", "registration_id": FIRM, "name": "Kuusamon Esimerkkituonti Oy"}
    body = case_body("FIRM-1", "25000.00", today(stage), phone="+358401234501", **firm)
    case_id = place_under(creditor, "fi_standard_v2", body)

    assert creditor.performed(case_id)[0] == "call_first"
    [call] = [line for line in sovinto("case", "calls") if case_id in line]
    assert "Kuusamon Esimerkkituonti Oy +358401234501 fi 25" in call
    shown = sovinto(
        "case", "call", case_id, "--outcome", "reached", "--text", "Soitettu.", "--by", "col_fi_2"
    )
    assert any(line.endswith("col_fi_2 Soitettu.") for line in shown)

    before = ask(stage, "show_case", case_id=case_id)["case"]["owner"]["collector"]
    to = "col_fi_3" if "Olga" not in before else "col_fi_2"
    sovinto("case", "reassign", case_id, to, "--reason", "absent", "--by", BY)
    assert ask(stage, "show_case", case_id=case_id)["case"]["owner"]["reason"] == "reassigned: absent"
    assert "case.reassigned" in events(stage, case_id)
    assert any(line.startswith(to) for line in sovinto("case", "loads"))

    file = tmp_path / "figures.csv"
    file.write_text(FIGURES, "utf-8")
    said = sovinto("case", "import-financials", str(file), "--by", BY)
    assert said[:2] == ["row 2: recorded in 1 case", "row 3: recorded in 1 case"]
    assert "no open case" in said[2]
    planned = [line.split()[2] for line in sovinto("timeline", "preview", case_id)[2:-1]]
    assert planned[planned.index("evaluate") + 1] == "watch_insolvency"

    for _ in range(WAKES):
        if "watch_insolvency" in creditor.performed(case_id):
            break
        to_next_wake(stage, case_id)
    assert [step for step in creditor.performed(case_id) if step in planned] == planned[
        : planned.index("end_hold")
    ]
    shown = sovinto("case", "show", case_id)
    place = next(n for n, line in enumerate(shown) if line.startswith("evaluation "))
    assert shown[place].endswith("by engine: insolvency_watch (rule signs_of_insolvency)")
    assert shown[place + 1].startswith("would have fitted too: plan_comes_first, legal_step_is_open")
    assert "position failing" in shown[place:]

    # The accounts of the new year are better: what the watch was for is decided anew when it is lifted.
    newer = ("--as-of", (today(stage) - timedelta(days=1)).isoformat(), "--source", "Tilinpäätös")
    sound = ("--assets", "9000000", "--employees", "5", "--year", "2026", "--turnover", "95000000")
    sovinto("case", "financials", case_id, *newer, *sound, "--by", BY)
    [hold] = [one for one in ask(stage, "show_case", case_id=case_id)["case"]["holds"] if one["is_active"]]
    sovinto("case", "release", case_id, hold["hold_id"], "--by", BY)
    found = creditor.case(case_id)["evaluations"]
    assert [one["rule"] for one in found] == ["signs_of_insolvency", "plan_comes_first"]
    assert "offer_plan" in creditor.performed(case_id)
    assert date.fromisoformat(found[-1]["at"][:10]) == today(stage)
