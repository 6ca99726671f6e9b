"""Cases side by side for weeks: copies that wait, age, a plan that breaks, figures that decide.

On a stage of their own, so that no other journey is carried along: the law is known to the end of 2026.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local import virtual_time
from infra.local.demo.browser import csrf_of
from infra.local.running import Running
from infra.local.stage import local_stage
from infra.paths import BUILD
from tests.support import journey_time
from tests.support.journey import Creditor, case_body
from tests.support.journey_books import bodies, sent
from tests.support.journey_desk import BY, ask, events, place_under, sending_paused
from tests.support.journey_pages import ClientPages
from tests.support.journey_time import office_hours, to_next_wake, today
from tests.support.journey_words import Words, command_line
from tests.support.local_cloud import eventually

pytestmark = pytest.mark.journey

GRACE_DAYS = 5
FIRM = "9000021-4"
FIGURES = f"""\
registration id;as of;source;year;turnover;profit;assets;employees;payment default entry
{FIRM};2025-12-31;Kaupparekisteri;2024;900000;-1000;120000;4;no
{FIRM};2025-12-31;Kaupparekisteri;2025;300000;-90000;9000;0;no
9000022-2;2025-12-31;Kaupparekisteri;2025;1;1;1;1;no
"""
WAKES = 12
JOINT, GUARANTOR = "month-joint@asiakas.example", "month-surety@asiakas.example"


@pytest.fixture(scope="module")
def own_stage() -> Iterator[Running]:
    with local_stage(port=0, folder=BUILD / "local-tests" / "timeline") as running:
        journey_time.begin(running)
        yield running


@pytest.fixture
def stage(own_stage: Running) -> Running:
    """What `bank` and `creditor` stand on here."""
    office_hours(own_stage)
    return own_stage


def test_a_month_of_cases_side_by_side(
    stage: Running,
    creditor: Creditor,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sovinto = command_line(stage, monkeypatch, capsys)
    began = today(stage)
    joint = owe(creditor, "joint", liability="joint", name="Joonas Kuukausi", language="sv", email=JOINT)
    surety = owe(creditor, "surety", liability="guarantor", name="Taina Kuukausi", email=GUARANTOR)
    shared = hand_over(creditor, "MON-1", "600.00", joint, surety)
    crowd = [hand_over(creditor, f"MON-{number}", "80.00", joint) for number in (2, 3)]
    ill = hand_over(creditor, "MON-4", "400.00")
    broken = hand_over(creditor, "MON-5", "300.00")
    old = hand_over(
        creditor, "MON-6", "90.00", due_on=began.replace(year=began.year - 3) + timedelta(days=1)
    )
    agree(creditor, broken)

    assert events(stage, crowd[1]).count("copy.withheld") == 1
    assert letters_to(stage, crowd[1], JOINT) == []
    office_hours(stage, began + timedelta(days=3))
    assert letters_to(stage, crowd[1], JOINT) == [("reminder", "sent")], "late, and once"
    assert creditor.case(old)["state"] == "time_barred"

    a_plan_breaks_and_the_news_is_written_anew(creditor, broken)
    demanded_on = until_demanded(creditor, [ill, shared])
    an_illness_is_told_late(creditor, ill, demanded_on, sovinto)
    a_death_leaves_the_debt_to_the_joint_debtor(creditor, shared, sovinto)


def a_plan_breaks_and_the_news_is_written_anew(creditor: Creditor, case_id: str) -> None:
    """The debtor paid the client directly after the news was written and before it left."""
    stage, pages = creditor.running, ClientPages(creditor)
    [case] = [item for item in bodies(stage, f"CASE#{case_id}", "CASE") if "plan" in item]
    due_on = date.fromisoformat(case["plan"]["instalments"][0]["due_on"])
    office_hours(stage, due_on)
    assert "instalment_sms" in sent(stage, case_id)
    with sending_paused(stage):
        late = due_on + timedelta(days=GRACE_DAYS + 1)
        virtual_time.move(stage, virtual_time.now(stage) + (late - today(stage)))
        stage.invoke("tick", {})
        eventually(lambda: news(stage, case_id))
        told = {"amount": "50", "on": today(stage).isoformat(), "reference": f"M-{creditor.client_id}"}
        assert pages.post(case_id, "payment", **told)[0] == 303
    virtual_time.until_quiet(stage)

    first, second = sorted(news(stage, case_id), key=lambda item: str(item["planned_at"]))
    assert (first["state"], second["state"]) == ("withheld", "sent")
    sums = [int(item["letter"]["total"]["minor"]) for item in (first, second)]
    assert sums[0] - sums[1] == 5_000
    assert "End of the payment plan" in pages.case(case_id)


def an_illness_is_told_late(creditor: Creditor, case_id: str, demanded_on: date, sovinto: Words) -> None:
    """Its first day has passed: the fee inside is taken back, the contacts inside are breaches."""
    stage = creditor.running
    fee = creditor.case(case_id)["balance_minor"]["fee"]
    ill = ("--reason", "illness", "--from", demanded_on.isoformat(), "--by", BY)
    sovinto("case", "hold", case_id, *ill)

    assert creditor.case(case_id)["balance_minor"]["fee"] == fee - 2_400
    kinds = [str(entry["kind"]) for entry in bodies(stage, f"CASE#{case_id}", "ENTRY#")]
    assert kinds.count("fee_reversed") == 1
    assert "hold.breached" in events(stage, case_id)
    [hold] = ask(stage, "show_case", case_id=case_id)["case"]["holds"]
    [demand] = [item for item in bodies(stage, f"CASE#{case_id}", "COMM#") if item["template"] == "demand"]
    assert demand["communication_id"] in hold["breaches"]
    assert any(demand["communication_id"] in line for line in sovinto("case", "show", case_id))
    assert sovinto("timeline", "preview", case_id)[-1].endswith(
        "the case goes on after these days (on_hold)"
    )
    page = ClientPages(creditor).case(case_id)
    assert "We have put it on hold" in page
    assert "illness" not in page.lower()


def a_death_leaves_the_debt_to_the_joint_debtor(creditor: Creditor, case_id: str, sovinto: Words) -> None:
    stage = creditor.running
    owed = creditor.case(case_id)["balance_minor"]["total"]
    assert letters_to(stage, case_id, GUARANTOR) == [("demand", "sent")], "from the demand on"
    shown = sovinto("case", "stop", case_id, "--closure", "debtor_died", "--by", BY)
    assert "debtor Joonas Kuukausi (consumer, sv)" in shown
    assert any("Velallinen MON-1 debtor_died" in line for line in shown)
    assert creditor.case(case_id)["balance_minor"]["total"] == owed
    [surety] = creditor.case(case_id)["co_debtors"]
    let_go = sovinto("case", "release-party", case_id, surety["party_id"], "--by", BY)
    assert f"{surety['party_id']} guarantor Taina Kuukausi yes" in let_go
    page = ClientPages(creditor).case(case_id)
    assert "The debtor changed: Debtor has died" in page
    steps = [line.split()[2] for line in sovinto("timeline", "preview", case_id)[2:-1]]
    assert steps == ["call_debtor", "evaluate", "offer_plan", "close_case"], "nothing is sent anew"


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


def owe(creditor: Creditor, reference: str, **given: str) -> dict[str, Any]:
    """Somebody who owes a debt with others; the same in every case that names them."""
    made: dict[str, Any] = case_body(reference, "1.00", today(creditor.running))["debtor"]
    return made | given


def hand_over(
    creditor: Creditor, reference: str, principal: str, *others: dict[str, Any], due_on: date | None = None
) -> str:
    running = creditor.running
    body = case_body(reference, principal, today(running), name=f"Velallinen {reference}")
    if due_on is not None:
        body["claims"][0]["due_on"] = due_on.isoformat()
    case_id = creditor.hand_over(body | ({"co_debtors": others} if others else {}))
    virtual_time.until_quiet(running)
    return case_id


def agree(creditor: Creditor, case_id: str) -> None:
    browser, path, page = creditor.people.open_page(case_id)
    browser.post(f"{path}/plan", {"csrf": csrf_of(page), "instalments": "2"})
    virtual_time.until_quiet(creditor.running)


def news(stage: Running, case_id: str) -> list[dict[str, Any]]:
    found = bodies(stage, f"CASE#{case_id}", "COMM#")
    return [item for item in found if item["template"] == "plan_broken"]


def letters_to(stage: Running, case_id: str, recipient: str) -> list[tuple[str, str]]:
    found = bodies(stage, f"CASE#{case_id}", "COMM#")
    mine = sorted((item for item in found if item["to"] == recipient), key=lambda item: item["planned_at"])
    return [(item["template"], item["state"]) for item in mine]


def until_demanded(creditor: Creditor, case_ids: list[str]) -> date:
    """The day of the demand to the first of them."""
    while any("send_demand" not in creditor.performed(case_id) for case_id in case_ids):
        office_hours(creditor.running, today(creditor.running) + timedelta(days=3))
    steps = creditor.case(case_ids[0])["steps"]
    return next(date.fromisoformat(step["on"]) for step in steps if step["step"] == "send_demand")
