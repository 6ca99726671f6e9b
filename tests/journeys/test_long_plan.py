"""A plan of eighteen months: approved by the client, kept for seventeen, missed at its very end.

On a stage of its own: its clock begins in May 2025, so that eighteen months later the law is still known
(interest rates are published up to the end of 2026), and no other journey is carried there with it.
An execution's age is counted in real days; where the virtual clock has passed 300 of them the limit is
shortened for that one night (see journey_age), and the machine itself hands over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local import virtual_time
from infra.local.running import Running
from infra.local.stage import local_stage
from infra.paths import BUILD
from tests.support.journey import Creditor, mail_to
from tests.support.journey_age import too_old
from tests.support.journey_bank import transfer
from tests.support.journey_books import bodies, executions, payments, sent
from tests.support.journey_desk import ask
from tests.support.journey_time import ZONE, office_hours, timeline_item, to_next_wake, today
from tests.support.local_cloud import eventually

pytestmark = pytest.mark.journey

START = datetime(2025, 5, 5, 8, 0, tzinfo=UTC)
OVER = date(2026, 11, 5)
"""Eighteen months after the start."""
PHONE = "+358400000918"
MONTHS = 18
GRACE_DAYS = 5
REPLY_DAYS = 14
HAND_OVER_DAYS = 300


@pytest.fixture
def stage() -> Iterator[Running]:
    """What `bank` and `creditor` stand on here."""
    with local_stage(port=0, folder=BUILD / "local-tests" / "long-plan") as running:
        virtual_time.move(running, START)
        yield running


def test_a_plan_of_eighteen_months_outlives_its_execution_and_breaks_where_its_last_day_is_missed(
    stage: Running, creditor: Creditor, tmp_path: Path
) -> None:
    case_id = creditor.place("LONG-1", "1800.00", phone=PHONE)
    to_next_wake(stage, case_id)
    assert creditor.performed(case_id) == ["send_reminder", "remind_by_sms"]
    instalments = agreed_by_the_client(creditor, case_id)
    [first] = executions(stage, case_id)
    texts = len(mail_to(stage, PHONE, "sms"))

    for number, instalment in enumerate(instalments, start=1):
        is_old = (today(stage) - START.date()).days > HAND_OVER_DAYS
        if is_old and len(executions(stage, case_id)) == 1:
            with too_old(stage, first, tmp_path / "case_step"):
                to_next_wake(stage, case_id)
        else:
            to_next_wake(stage, case_id)
        assert today(stage) == due_on(instalment)
        assert len(mail_to(stage, PHONE, "sms")) == texts + number
        if number < MONTHS:
            pay_today(creditor, case_id, int(instalment["amount"]["minor"]))

    second = f"{first.removesuffix('-1')}-2"
    assert executions(stage, case_id) == {first: "SUCCEEDED", second: "RUNNING"}
    assert timeline_item(stage, case_id)["execution"] == {"N": "2"}
    assert texts_by_day(stage, case_id) == {due_on(instalment): 1 for instalment in instalments}
    paid = [int(instalment["amount"]["minor"]) for instalment in instalments[:-1]]
    assert sorted(payments(stage, case_id)) == sorted(paid)

    live_through_the_grace(stage, case_id, due_on(instalments[-1]))

    assert plan_of(stage, case_id)["status"] == "broken"
    assert today(stage) > OVER
    broken_on = today(stage)
    assert creditor.performed(case_id)[-1] == "break_plan"
    to_next_wake(stage, case_id)
    assert (today(stage) - broken_on).days >= REPLY_DAYS
    goes_on_with_the_demand(creditor, case_id)
    assert len(mail_to(stage, PHONE, "sms")) == texts + MONTHS
    assert executions(stage, case_id) == {first: "SUCCEEDED", second: "RUNNING"}

    pay_today(creditor, case_id)
    assert creditor.case(case_id)["state"] == "paid"
    assert eventually(lambda: executions(stage, case_id)[second] == "SUCCEEDED")


def agreed_by_the_client(creditor: Creditor, case_id: str) -> list[dict[str, Any]]:
    """More months than the policy allows: the collector proposes, the client is asked and approves."""
    running = creditor.running
    first_on = today(running) + timedelta(days=28)
    told = ask(running, "propose_plan", case_id=case_id, instalments=MONTHS, first_on=first_on.isoformat())
    assert told["outcome"] == "done", told
    [question] = creditor.case(case_id)["approvals"]
    assert (question["kind"], question["outcome"]) == ("plan", None)
    assert any(question["approval_id"] in mail.text for mail in mail_to(running, creditor.email))
    assert "plan_confirmation" not in sent(running, case_id)

    path = f"/v1/cases/{case_id}/approvals/{question['approval_id']}"
    creditor.api.api("POST", path, {"outcome": "approve"})
    virtual_time.until_quiet(running)

    plan = plan_of(running, case_id)
    assert (plan["status"], len(plan["instalments"])) == ("active", MONTHS)
    return list(plan["instalments"])


def pay_today(creditor: Creditor, case_id: str, minor: int | None = None) -> None:
    """By the newest letter's reference; the bank brings today's statement only."""
    running, day = creditor.running, today(creditor.running)
    transfer(creditor, case_id, minor)
    key, data = f"inbox/{day.isoformat()}.xml", creditor.bank.statement(day)
    running.client("s3").put_object(Bucket=running.outputs["BankBucket"], Key=key, Body=data)
    running.invoke("import_statement", {})
    virtual_time.until_quiet(running)


def live_through_the_grace(running: Running, case_id: str, missed_on: date) -> None:
    """The last day of grace is still granted."""
    last_day = missed_on + timedelta(days=GRACE_DAYS)
    virtual_time.move(running, virtual_time.now(running) + (last_day - today(running)))
    virtual_time.wake_all(running)
    assert plan_of(running, case_id)["status"] == "active"
    office_hours(running, last_day + timedelta(days=1))


def goes_on_with_the_demand(creditor: Creditor, case_id: str) -> None:
    """What was done before the plan is not done again."""
    case = creditor.case(case_id)
    before, during = ["send_reminder", "remind_by_sms"], ["remind_instalment"] * MONTHS
    assert case["state"] == "open"
    assert creditor.performed(case_id) == [*before, *during, "break_plan", "send_demand"]
    templates = Counter(sent(creditor.running, case_id))
    assert templates == {
        "reminder": 1,
        "reminder_sms": 1,
        "plan_confirmation": 1,
        "instalment_sms": MONTHS,
        "payment_received": MONTHS - 1,
        "plan_broken": 1,
        "demand": 1,
    }


def plan_of(running: Running, case_id: str) -> dict[str, Any]:
    """As stored."""
    [case] = [item for item in bodies(running, f"CASE#{case_id}", "CASE") if "plan" in item]
    found: dict[str, Any] = case["plan"]
    return found


def texts_by_day(running: Running, case_id: str) -> Counter[date]:
    """Local days on which a reminder of an instalment left, and how many."""
    found = bodies(running, f"CASE#{case_id}", "COMM#")
    texts = [item for item in found if (item["template"], item["state"]) == ("instalment_sms", "sent")]
    return Counter(datetime.fromisoformat(item["sent_at"]).astimezone(ZONE).date() for item in texts)


def due_on(instalment: dict[str, Any]) -> date:
    return date.fromisoformat(instalment["due_on"])
