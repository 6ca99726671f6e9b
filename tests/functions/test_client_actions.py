"""What a client does to its own cases by the API, as openapi.json describes it; and what it may not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sovinto.adapters.dynamo.cases import TableCases
from sovinto.domain.agreement import Approval, ApprovalKind
from sovinto.domain.case import Case
from sovinto.domain.hold import HoldReason
from sovinto.ports import Change

from docs.generate.openapi import OPERATIONS, specification
from tests.functions.acts import load, placed
from tests.functions.stage import Stage, http
from tests.support.people import CLIENT, START

SPECIFICATION = specification()
CASE = "/v1/cases/{case_id}"
NOTE = {"invoice_number": "I-1", "amount_minor": 4_000, "on": "2026-01-05", "reference": "CN-1"}
PAID = {"amount_minor": 2_500, "on": "2026-01-05", "reference": "DP-1"}
FIGURES = {"as_of": "2025-12-31", "source": "annual report", "employees": 3}
TERMS = {"instalments": 2, "first_on": "2026-01-20"}


def ask(
    stage: Stage, operation: str, body: object = None, client_id: str = CLIENT.client_id, **parts: str
) -> tuple[int, Any]:
    """Status and body, held to the schema of the operation."""
    method, path = operation.split()
    event = http(method, path.format(**parts), json_body=body, client_id=client_id)
    answer = stage.call("intake_api", event)
    status, told = answer["statusCode"], json.loads(answer["body"])
    name = OPERATIONS[operation][1].get(status, "Problem")
    assert (name == "Problem") is (status >= 400), told
    rooted = {"$ref": f"#/components/schemas/{name}", "components": SPECIFICATION["components"]}
    Draft202012Validator(rooted).validate(told)
    return status, told


def shown(stage: Stage, case: Case) -> Any:
    status, told = ask(stage, f"GET {CASE}", case_id=case.case_id)
    assert status == 200
    return told


def test_a_hold_is_placed_once_shown_and_released(stage: Stage) -> None:
    case = placed(stage)
    wish = {"from_on": "2026-01-05", "until": "2026-01-20"}
    first = ask(stage, f"POST {CASE}/holds", wish, case_id=case.case_id)
    assert first == ask(stage, f"POST {CASE}/holds", wish, case_id=case.case_id)
    status, hold = first
    assert (status, hold["last_on"], hold["is_yours"], hold["is_active"]) == (201, "2026-01-20", True, True)
    told = shown(stage, case)
    assert (told["state"], [item["hold_id"] for item in told["holds"]]) == ("held", [hold["hold_id"]])
    ids = {"case_id": case.case_id, "hold_id": hold["hold_id"]}
    status, released = ask(stage, f"DELETE {CASE}/holds/{{hold_id}}", **ids)
    assert (status, released["is_active"]) == (200, False)
    assert shown(stage, case)["state"] == "open"


def test_a_hold_without_days_lasts_until_it_is_released(stage: Stage) -> None:
    case = placed(stage)
    status, hold = ask(stage, f"POST {CASE}/holds", case_id=case.case_id)
    assert (status, hold["from_on"], hold["last_on"]) == (201, "2026-01-05", None)


def test_a_hold_of_the_agency_is_seen_without_its_reason_and_stays(stage: Stage) -> None:
    case = placed(stage)
    held = {"action": "place_hold", "by": "col_1", "case_id": case.case_id, "reason": "illness"}
    hold_id = stage.call("desk", held)["hold"]["hold_id"]
    told = shown(stage, case)
    assert (told["state"], told["holds"][0]["is_yours"]) == ("held", False)
    assert HoldReason.ILLNESS.value not in json.dumps(told)
    status, problem = ask(stage, f"DELETE {CASE}/holds/{{hold_id}}", case_id=case.case_id, hold_id=hold_id)
    assert (status, problem["code"]) == (403, "not_allowed")


def test_a_withdrawal_closes_at_once_and_once(stage: Stage) -> None:
    case = placed(stage)
    status, told = ask(stage, f"POST {CASE}/withdrawal", case_id=case.case_id)
    assert (status, told["state"], told["closure"]["reason"]) == (200, "withdrawn", "withdrawn")
    status, problem = ask(stage, f"POST {CASE}/withdrawal", case_id=case.case_id)
    assert (status, problem["code"]) == (409, "rule_refused")


def test_a_credit_note_and_a_direct_payment_count_once_per_reference(stage: Stage) -> None:
    case = placed(stage)
    before = shown(stage, case)["balance_minor"]["principal"]
    for _ in range(2):
        status, told = ask(stage, f"POST {CASE}/credit-notes", NOTE, case_id=case.case_id)
        assert (status, told["balance_minor"]["principal"]) == (200, before - 4_000)
    owed = told["balance_minor"]["total"]
    for _ in range(2):
        status, told = ask(stage, f"POST {CASE}/direct-payments", PAID, case_id=case.case_id)
        assert status == 200
        assert told["balance_minor"]["total"] < owed
    other = NOTE | {"amount_minor": 1}
    status, problem = ask(stage, f"POST {CASE}/credit-notes", other, case_id=case.case_id)
    assert (status, problem["code"]) == (409, "idempotency_key_reused")


def with_question(stage: Stage, case: Case, kind: ApprovalKind) -> None:
    question = Approval("apr_1", kind, "tratta", START, date(2026, 2, 1))
    newer = replace(case, approvals=(question,), version=case.version + 1)
    TableCases(stage.table).commit(Change(case=newer))


@pytest.mark.parametrize(("said", "stored"), [("approve", "approved"), ("decline", "declined")])
def test_a_question_is_answered_once(stage: Stage, said: str, stored: str) -> None:
    case = placed(stage)
    with_question(stage, case, ApprovalKind.TRATTA)
    assert [item["outcome"] for item in shown(stage, case)["approvals"]] == [None]
    ids = {"case_id": case.case_id, "approval_id": "apr_1"}
    status, told = ask(stage, f"POST {CASE}/approvals/{{approval_id}}", {"outcome": said}, **ids)
    assert (status, told["approvals"][0]["outcome"]) == (200, stored)
    for again in ("approve", "decline"):
        status, problem = ask(stage, f"POST {CASE}/approvals/{{approval_id}}", {"outcome": again}, **ids)
        assert (status, problem["code"]) == (409, "rule_refused")


def test_the_agencys_question_is_neither_seen_nor_answered(stage: Stage) -> None:
    case = placed(stage)
    with_question(stage, case, ApprovalKind.PUBLICATION)
    assert "approvals" not in shown(stage, case)
    ids = {"case_id": case.case_id, "approval_id": "apr_1"}
    status, _ = ask(stage, f"POST {CASE}/approvals/{{approval_id}}", {"outcome": "approve"}, **ids)
    assert status == 404


def test_figures_and_an_offer_of_instalments(stage: Stage) -> None:
    case = placed(stage)
    status, told = ask(stage, f"PUT {CASE}/financials", FIGURES, case_id=case.case_id)
    assert (status, told["financials"]["employees"], told["financials"]["assets_minor"]) == (200, 3, None)
    status, plan = ask(stage, f"POST {CASE}/plan-proposals", TERMS, case_id=case.case_id)
    assert (status, plan["status"], len(plan["instalments"])) == (201, "proposed", 2)
    assert shown(stage, case)["proposed_plan"] == plan


def test_terms_beyond_the_clients_limits_ask_the_client_itself_nothing(stage: Stage) -> None:
    case = placed(stage)
    wide = TERMS | {"instalments": 40}
    status, plan = ask(stage, f"POST {CASE}/plan-proposals", wide, case_id=case.case_id)
    assert (status, len(plan["instalments"])) == (201, 40)
    assert load(stage, case.case_id).approvals == ()


WRITES: list[tuple[str, object]] = [
    (f"POST {CASE}/holds", {}),
    (f"DELETE {CASE}/holds/{{hold_id}}", None),
    (f"POST {CASE}/withdrawal", None),
    (f"POST {CASE}/credit-notes", NOTE),
    (f"POST {CASE}/direct-payments", PAID),
    (f"POST {CASE}/approvals/{{approval_id}}", {"outcome": "approve"}),
    (f"PUT {CASE}/financials", FIGURES),
    (f"POST {CASE}/plan-proposals", TERMS),
]


@pytest.mark.parametrize(("operation", "body"), WRITES)
def test_another_clients_case_is_not_found_and_stays(stage: Stage, operation: str, body: object) -> None:
    case = placed(stage)
    ids = {"hold_id": "hld_1", "approval_id": "apr_1"}
    stranger = ask(stage, operation, body, client_id="cli_other", case_id=case.case_id, **ids)
    absent = ask(stage, operation, body, case_id="case_none", **ids)
    assert (stranger[0], absent[0]) == (404, 404)
    assert load(stage, case.case_id) == case


@pytest.mark.parametrize(
    ("operation", "body", "pointer"),
    [
        (f"POST {CASE}/holds", {"reason": "illness"}, "/reason"),
        (f"POST {CASE}/holds", {"until": 20_000}, "/until"),
        (f"POST {CASE}/holds", {"from_on": "2026-02-01", "until": "2026-01-01"}, "/until"),
        (f"POST {CASE}/withdrawal", {"closure": "insolvent"}, "/closure"),
        (f"POST {CASE}/credit-notes", NOTE | {"amount_minor": "4000"}, "/amount_minor"),
        (f"POST {CASE}/credit-notes", NOTE | {"amount_minor": 0}, "/amount_minor"),
        (f"POST {CASE}/credit-notes", NOTE | {"amount_minor": 10.5}, "/amount_minor"),
        (f"POST {CASE}/credit-notes", NOTE | {"reference": "a" * 65}, "/reference"),
        (f"POST {CASE}/direct-payments", {"amount_minor": 1, "on": "2026-01-05"}, "/reference"),
        (f"POST {CASE}/approvals/apr_1", {"outcome": "maybe"}, "/outcome"),
        (f"PUT {CASE}/financials", FIGURES | {"employees": -1}, "/employees"),
        (f"PUT {CASE}/financials", FIGURES | {"as_of": "2027-01-01"}, "/as_of"),
        (f"POST {CASE}/plan-proposals", TERMS | {"instalments": 0}, "/instalments"),
        (f"POST {CASE}/plan-proposals", TERMS | {"first_on": "2025-01-01"}, "/first_on"),
    ],
)
def test_a_wrong_field_is_named_in_one_sentence(
    stage: Stage, operation: str, body: object, pointer: str
) -> None:
    case = placed(stage)
    method, path = operation.split()
    event = http(method, path.format(case_id=case.case_id), json_body=body, client_id=CLIENT.client_id)
    answer = stage.call("intake_api", event)
    problem = json.loads(answer["body"])
    assert (answer["statusCode"], problem["errors"][0]["pointer"]) == (422, pointer), problem
    assert "\n" not in problem["detail"]
    assert load(stage, case.case_id) == case
