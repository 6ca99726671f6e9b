"""The functions answer as openapi.json says, and the README's request is answered as it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sovinto.entry.intake import CaseBody

from docs.generate.openapi import OPERATIONS, routes, specification
from tests.docs.reading import blocks, page
from tests.functions.acts import Debtor, load
from tests.functions.stage import Stage, http, stage_in_memory
from tests.support.aws import client as aws
from tests.support.people import CLIENT

REQUEST, ANSWER = (json.loads(text) for text in blocks(page("README.md"), "json"))
SPECIFICATION = specification()


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with stage_in_memory(monkeypatch) as made:
        yield made


def check(operation: str, answer: dict[str, Any]) -> Any:
    """The body, held to the schema of this operation's answer (or to Problem)."""
    status = answer["statusCode"]
    name = OPERATIONS[operation][1].get(status, "Problem")
    assert name == "Problem" or status in OPERATIONS[operation][1]
    if not name:
        return answer["headers"]["Location"]
    body = json.loads(answer["body"])
    rooted = {"$ref": f"#/components/schemas/{name}", "components": SPECIFICATION["components"]}
    Draft202012Validator(rooted).validate(body)
    return body


def ask(stage: Stage, operation: str, body: object = None, key: str = "k-1", **parts: str) -> Any:
    method, path = operation.split()
    headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
    event = http(method, path.format(**parts), json_body=body, headers=headers, client_id=CLIENT.client_id)
    return check(operation, stage.call("intake_api", event))


def test_every_route_for_programs_is_described_and_no_other() -> None:
    assert {f"{route.method} {route.path}" for route in routes()} == set(OPERATIONS)


def test_the_request_of_the_readme_is_a_case() -> None:
    CaseBody.model_validate_json(json.dumps(REQUEST))
    schema = {
        **SPECIFICATION["components"]["schemas"]["CaseBody"],
        "components": SPECIFICATION["components"],
    }
    Draft202012Validator(schema).validate(REQUEST)


def test_the_answer_of_the_readme_is_what_the_function_answers(stage: Stage) -> None:
    given = ask(stage, "POST /v1/cases", REQUEST)
    assert {name: shape(value) for name, value in given.items()} == {
        name: shape(value) for name, value in ANSWER.items()
    }


def shape(value: str) -> str:
    """Letters and digits made equal, so that only form and length are left."""
    return re.sub(r"[0-9a-z]", "0", value.split("_")[-1])


def test_cases_disputes_and_refusals(stage: Stage) -> None:
    case_id = ask(stage, "POST /v1/cases", REQUEST)["case_id"]
    ask(stage, "GET /v1/cases")
    debtor = Debtor(stage, load(stage, case_id))
    debtor.enter()
    debtor.submit("/dispute", kind="not_mine", text="I never ordered this")
    assert ask(stage, "GET /v1/cases/{case_id}", case_id=case_id)["state"] == "disputed"
    settled = ask(stage, "POST /v1/cases/{case_id}/dispute", {"outcome": "upheld"}, case_id=case_id)
    assert settled["state"] == "dispute_upheld"
    assert ask(stage, "GET /v1/cases/{case_id}", case_id="case_0")["code"] == "not_found"
    assert ask(stage, "POST /v1/cases", REQUEST | {"claims": []}, key="k-2")["code"] == "invalid_input"


def test_uploads_and_documents(stage: Stage) -> None:
    text = b"reference;name\n1;2\n"
    link = ask(stage, "POST /v1/uploads", {"file_name": "cases.csv", "size": len(text)})
    upload = ask(stage, "GET /v1/uploads/{upload_id}", upload_id=link["upload_id"])
    assert upload["state"] == "waiting"
    assert ask(stage, "GET /v1/documents") == {"documents": []}
    key = f"inbox/{CLIENT.client_id}/{link['upload_id']}.csv"
    aws("s3").put_object(Bucket="uploads", Key=key, Body=text)
    assert stage.queued("import_cases", {"object": {"key": key}}) == []
    assert ask(stage, "GET /v1/uploads/{upload_id}", upload_id=link["upload_id"])["state"] == "refused"
