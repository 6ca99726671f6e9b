"""The client's API: what it answers, and how it says no."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sovinto.adapters.dynamo.clients import TableClients

from tests.functions.acts import BODY, Debtor, load, placed, post_case
from tests.functions.stage import Stage, http, real_now
from tests.support.aws import client
from tests.support.people import CLIENT, START


def ask(
    stage: Stage, method: str, path: str, body: object = None, client_id: str = CLIENT.client_id
) -> Any:
    return stage.call("intake_api", http(method, path, json_body=body, client_id=client_id))


def body_of(answer: dict[str, Any]) -> Any:
    return json.loads(answer["body"])


def test_a_case_is_placed_once_and_answered_again(stage: Stage) -> None:
    first, again = post_case(stage), post_case(stage)
    assert (first["statusCode"], again["statusCode"]) == (201, 200)
    assert body_of(first) == body_of(again)
    assert set(body_of(first)) == {"case_id", "payment_reference"}


def test_the_spelling_of_the_body_does_not_matter_but_its_content_does(stage: Stage) -> None:
    post_case(stage)
    reordered = dict(reversed(list(BODY.items())))
    assert post_case(stage, reordered)["statusCode"] == 200
    other = post_case(stage, BODY | {"client_reference": "B-2"})
    assert (other["statusCode"], body_of(other)["code"]) == (409, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"currency": "euro"}, "/currency"),
        ({"surprise": 1}, "/surprise"),
        ({"claims": []}, "/claims"),
        (
            {"claims": [{"invoice_number": "1", "due_on": "2025-11-01", "principal": "1,00"}]},
            "/claims/0/principal",
        ),
        (
            {"claims": [{"invoice_number": "1", "due_on": "2025-11-01", "principal": "1.005"}]},
            "/claims/0/principal",
        ),
        ({"claims": [{"invoice_number": "1", "due_on": "2025-11-01", "principal": "-5"}]}, "/principal"),
        ({"currency": "SEK"}, "/currency"),
        ({"claims": [{"invoice_number": "1", "due_on": "2025-11-01", "principal": "0"}]}, "/principal"),
        ({"claims": [{"invoice_number": "1", "due_on": "2027-01-01", "principal": "1"}]}, "/due_date"),
        ({"claims": [{"invoice_number": "1", "due_on": "soon", "principal": "1"}]}, "/claims/0/due_on"),
        ({"client_reference": ""}, "/client_reference"),
    ],
)
def test_a_problem_names_the_field(stage: Stage, change: dict[str, Any], pointer: str) -> None:
    answer = post_case(stage, BODY | change)
    assert answer["statusCode"] == 422
    assert answer["headers"]["Content-Type"] == "application/problem+json"
    problem = body_of(answer)
    assert problem["type"] == "urn:sovinto:problem:invalid_input"
    assert problem["errors"][0]["pointer"] == pointer
    assert problem["detail"]


def test_a_debtor_type_without_rules_is_refused_with_its_field(stage: Stage) -> None:
    TableClients(stage.table).save(replace(CLIENT, country="AT"))
    answer = post_case(stage)
    assert answer["statusCode"] == 422
    (error,) = body_of(answer)["errors"]
    assert error["pointer"] == "/debtor_type"
    assert error["detail"].startswith("The debtor type must be business in AT, not consumer;")


def test_a_body_that_is_no_json_is_the_callers_mistake(stage: Stage) -> None:
    event = http(
        "POST", "/v1/cases", raw=b"{not json", headers={"idempotency-key": "k"}, client_id=CLIENT.client_id
    )
    assert stage.call("intake_api", event)["statusCode"] == 422


def test_a_key_is_required(stage: Stage) -> None:
    answer = post_case(stage, key="")
    assert answer["statusCode"] == 422
    assert "Idempotency-Key" in body_of(answer)["detail"]


def test_a_reference_in_use_is_a_conflict(stage: Stage) -> None:
    post_case(stage)
    answer = post_case(stage, BODY | {"debtor": BODY["debtor"] | {"name": "Other"}}, key="other")
    assert (answer["statusCode"], body_of(answer)["code"]) == (409, "duplicate_case")


def test_a_case_shows_its_state_and_balance_to_its_client_only(stage: Stage) -> None:
    case = placed(stage)
    stage.drive(case.case_id)
    seen = body_of(ask(stage, "GET", f"/v1/cases/{case.case_id}"))
    assert (seen["state"], seen["principal"]["amount_minor"]) == ("open", 10_000)
    assert seen["balance_minor"]["total"] == sum(
        seen["balance_minor"][name] for name in ("principal", "interest", "fee", "cost")
    )
    stranger = ask(stage, "GET", f"/v1/cases/{case.case_id}", client_id="cli_other")
    absent = ask(stage, "GET", "/v1/cases/case_none")
    assert stranger["statusCode"] == absent["statusCode"] == 404


def test_cases_are_listed_with_and_without_a_cursor(stage: Stage) -> None:
    one, two = placed(stage, client_reference="A"), placed(stage, client_reference="B")
    listed = body_of(ask(stage, "GET", "/v1/cases"))
    assert [case["case_id"] for case in listed["cases"]] == sorted([one.case_id, two.case_id])
    rest = body_of(ask(stage, "GET", f"/v1/cases?after={one.case_id}"))
    assert [case["case_id"] for case in rest["cases"]] == [two.case_id]
    assert rest["after"] is None
    assert body_of(ask(stage, "GET", "/v1/cases", client_id="cli_other"))["cases"] == []


def test_an_upload_is_asked_for_read_and_reported(stage: Stage) -> None:
    answer = ask(stage, "POST", "/v1/uploads", {"file_name": "cases.csv", "size": 300})
    assert answer["statusCode"] == 201
    link = body_of(answer)
    assert (link["method"], link["headers"]) == ("PUT", {"Content-Type": "text/csv"})
    key = f"inbox/{CLIENT.client_id}/{link['upload_id']}.csv"
    text = (
        "reference;debtor_type;name;street;postal_code;city;due_date;principal\n"
        "R1;consumer;Aino Oja;Katu 1;00100;Helsinki;1.11.2025;100,00\n"
        "R2;consumer;Aino Oja;Katu 1;00100;Helsinki;1.11.2025;0\n"
    )
    client("s3").put_object(Bucket="uploads", Key=key, Body=text.encode())
    assert body_of(ask(stage, "GET", link["report"]))["state"] == "waiting"
    assert stage.queued("import_cases", {"object": {"key": key}}) == []
    report = body_of(ask(stage, "GET", link["report"]))
    assert (report["state"], report["accepted"], report["refused"]) == ("done", 1, 1)
    assert ask(stage, "GET", link["report"], client_id="cli_other")["statusCode"] == 404


def test_a_document_is_fetched_by_its_client_only(stage: Stage) -> None:
    placed(stage)
    stage.move_clock(START.replace(month=2))
    assert stage.call("pay_clients", {})["fee_invoices"] == 1
    (listed,) = body_of(ask(stage, "GET", "/v1/documents"))["documents"]
    assert (listed["kind"], listed["amount_minor"]) == ("fee_invoice", 1_255)
    fetched = ask(stage, "GET", f"/v1/documents/{listed['document_id']}")
    assert fetched["statusCode"] == 303
    assert "invoices/" in fetched["headers"]["Location"]
    other = ask(stage, "GET", f"/v1/documents/{listed['document_id']}", client_id="cli_other")
    assert other["statusCode"] == 404


def test_the_client_answers_an_objection(stage: Stage) -> None:
    case = placed(stage)
    debtor = Debtor(stage, case)
    debtor.enter()
    debtor.submit("/dispute", kind="not_mine", text="never ordered")
    seen = body_of(ask(stage, "GET", f"/v1/cases/{case.case_id}"))
    assert (seen["state"], seen["dispute"]["text"]) == ("disputed", "never ordered")
    path = f"/v1/cases/{case.case_id}/dispute"
    assert ask(stage, "POST", path, {"outcome": "perhaps"})["statusCode"] == 422
    assert ask(stage, "POST", path, {"outcome": "upheld"}, client_id="cli_other")["statusCode"] == 404
    assert ask(stage, "POST", path, {"outcome": "upheld", "reason": "x" * 2001})["statusCode"] == 422
    answer = {"outcome": "upheld", "reason": "ordered by phone"}
    assert body_of(ask(stage, "POST", path, answer))["state"] == "dispute_upheld"
    settled = load(stage, case.case_id)
    assert settled.closure is not None
    assert settled.dispute is not None and settled.dispute.reason == "ordered by phone"


def test_an_outage_is_not_the_callers_fault_and_tells_nothing(stage: Stage) -> None:
    client("dynamodb").delete_table(TableName="sovinto-test")
    answer = post_case(stage)
    assert answer["statusCode"] == 500
    problem = body_of(answer)
    assert problem["code"] == "internal"
    assert "Table" not in answer["body"]


def test_an_unknown_route_is_not_found(stage: Stage) -> None:
    assert ask(stage, "GET", "/v1/nothing")["statusCode"] == 404


def test_the_client_of_the_token_must_exist(stage: Stage) -> None:
    headers = {"Idempotency-Key": "k"}
    event = http("POST", "/v1/cases", json_body=BODY, headers=headers, client_id="cli_nobody")
    assert stage.call("intake_api", event)["statusCode"] == 404


@pytest.mark.parametrize("claims", [{"sub": "1", "token_use": "access"}, {"custom:client_id": ""}, {}])
def test_a_token_that_names_no_client_is_refused(stage: Stage, claims: dict[str, str]) -> None:
    """An access token is proven as well, but says nothing about the client."""
    event = http("GET", "/v1/cases", client_id="cli_1")
    event["requestContext"]["authorizer"]["jwt"]["claims"] = claims
    answer = stage.call("intake_api", event)
    assert answer["statusCode"] == 403
    assert "ID token" in body_of(answer)["detail"]


def asked_account(stage: Stage, minutes_ago: int | None, iban: str = "FI2112345600000785") -> Any:
    """With a token whose password was given so long ago."""
    event = http("POST", "/v1/payout-account", json_body={"iban": iban}, client_id=CLIENT.client_id)
    if minutes_ago is not None:
        claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
        claims["auth_time"] = str(int(real_now().timestamp()) - 60 * minutes_ago)
    return stage.call("intake_api", event)


def test_another_account_needs_a_fresh_sign_in_and_is_not_good_at_once(stage: Stage) -> None:
    for minutes in (None, 6):
        assert asked_account(stage, minutes)["statusCode"] == 403
    answer = asked_account(stage, 1)
    assert answer["statusCode"] == 202
    assert body_of(answer)["account"] == "FI..0785"
    assert asked_account(stage, 1, "FI0012345600000785")["statusCode"] == 422
    stored = TableClients(stage.table).load(CLIENT.client_id)
    assert stored.iban == CLIENT.iban
