"""A plan agreed on the page: confirmed, reminded on the day, kept, or broken after its grace."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from infra.local import virtual_time
from infra.local.demo.browser import csrf_of
from infra.local.running import Running
from tests.support.journey import Creditor, mail_to
from tests.support.journey_bank import deliver, transfer
from tests.support.journey_books import bodies, sent
from tests.support.journey_time import office_hours, to_next_wake, today

pytestmark = pytest.mark.journey

GRACE_DAYS = 5


def agree(creditor: Creditor, case_id: str, count: int) -> str:
    """By the form of the debtor's page; the page that confirms it."""
    browser, path, page = creditor.people.open_page(case_id)
    answer = browser.post(f"{path}/plan", {"csrf": csrf_of(page), "instalments": str(count)})
    virtual_time.until_quiet(creditor.running)
    return answer


def plan_of(stage: Running, case_id: str) -> dict[str, Any]:
    [case] = [item for item in bodies(stage, f"CASE#{case_id}", "CASE") if "plan" in item]
    found: dict[str, Any] = case["plan"]
    return found


def test_a_missed_instalment_is_reminded_on_its_day_and_breaks_the_plan_after_its_grace(
    stage: Running, creditor: Creditor
) -> None:
    phone = "+358400000451"
    case_id = creditor.place("PLAN-1", phone=phone)
    agree(creditor, case_id, 2)
    plan = plan_of(stage, case_id)
    due_on = date.fromisoformat(plan["instalments"][0]["due_on"])

    to_next_wake(stage, case_id)
    reminded_on = today(stage)
    assert sent(stage, case_id) == ["instalment_sms", "plan_confirmation", "reminder"]
    assert reminded_on == due_on
    assert len(mail_to(stage, phone, "sms")) == 1

    office_hours(stage, due_on + timedelta(days=GRACE_DAYS + 1))
    assert plan_of(stage, case_id)["status"] == "broken"
    assert "break_plan" in creditor.performed(case_id)
    assert creditor.case(case_id)["state"] == "open"


def test_the_grace_is_granted_to_its_last_day(stage: Running, creditor: Creditor) -> None:
    case_id = creditor.place("PLAN-2")
    agree(creditor, case_id, 2)
    due_on = date.fromisoformat(plan_of(stage, case_id)["instalments"][0]["due_on"])

    to_next_wake(stage, case_id)
    last_day = due_on + timedelta(days=GRACE_DAYS)
    virtual_time.move(stage, virtual_time.now(stage) + (last_day - today(stage)))
    virtual_time.wake_all(stage)

    assert today(stage) == last_day
    assert plan_of(stage, case_id)["status"] == "active"


def test_a_plan_that_is_paid_to_the_end_closes_the_case(stage: Running, creditor: Creditor) -> None:
    case_id = creditor.place("PLAN-3")
    confirmation = agree(creditor, case_id, 2)
    instalments = plan_of(stage, case_id)["instalments"]

    for instalment in instalments:
        office_hours(stage, date.fromisoformat(instalment["due_on"]))
        transfer(creditor, case_id, int(instalment["amount"]["minor"]))
        deliver(stage, creditor.bank)

    assert "<table>" in confirmation
    assert creditor.case(case_id)["state"] == "paid"
    assert plan_of(stage, case_id)["status"] in ("active", "kept")
