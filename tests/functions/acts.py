"""What people do to a stage: a client places a case, a debtor opens the page."""

from __future__ import annotations

import json
import re
from typing import Any

from sovinto.adapters.codec import decode
from sovinto.domain.access_code import access_code
from sovinto.domain.case import Case
from sovinto.ids import CaseId

from tests.functions.resources import SECRET
from tests.functions.stage import Stage, http
from tests.support.people import CLIENT

BODY: dict[str, Any] = {
    "client_reference": "A-1",
    "currency": "EUR",
    "debtor": {
        "name": "Tiina Testinen",
        "type": "consumer",
        "language": "en",
        "address": {"street": "Kotikatu 3", "postal_code": "00200", "city": "Helsinki", "country": "FI"},
        "email": "tiina@posti.example",
        "phone": "+358400000001",
    },
    "claims": [{"invoice_number": "I-1", "due_on": "2025-11-01", "principal": "100.00"}],
}


def post_case(stage: Stage, body: object = BODY, key: str = "key-1") -> dict[str, Any]:
    headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
    event = http("POST", "/v1/cases", json_body=body, headers=headers, client_id=CLIENT.client_id)
    answer: dict[str, Any] = stage.call("intake_api", event)
    return answer


def placed(stage: Stage, **changes: object) -> Case:
    answer = post_case(stage, BODY | changes, key=str(changes.get("client_reference", "key-1")))
    assert answer["statusCode"] == 201, answer["body"]
    return load(stage, json.loads(answer["body"])["case_id"])


def load(stage: Stage, case_id: str) -> Case:
    item = stage.table.get(f"CASE#{case_id}", "CASE")
    assert item is not None
    return decode(Case, str(item["body"]))


def hidden(html: str, name: str = "csrf") -> str:
    """The value of a hidden field of the page."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="{name}"', html)
    assert found is not None, html
    return found[1] or found[2]


class Debtor:
    """A browser without JavaScript: keeps its cookie, fills in the forms it was given."""

    def __init__(self, stage: Stage, case: Case) -> None:
        self.stage = stage
        self.case = case
        self.base = f"/d/{case.link_id}"
        self.cookies: list[str] = []

    def get(self, path: str = "") -> dict[str, Any]:
        return self._call(http("GET", self.base + path, cookies=self.cookies))

    def post(self, path: str, **form: str) -> dict[str, Any]:
        return self._call(http("POST", self.base + path, form=form, cookies=self.cookies))

    def enter(self, code: str | None = None) -> dict[str, Any]:
        token = hidden(self.get()["body"])
        right = access_code(SECRET, CaseId(self.case.case_id))
        answer = self.post("", csrf=token, code=right if code is None else code)
        self.cookies = [cookie.split(";")[0] for cookie in answer.get("cookies", [])]
        return answer

    def submit(self, path: str, **form: str) -> dict[str, Any]:
        """Fill in a form of the debt's page."""
        return self.post(path, csrf=hidden(self.get("/debt?lang=en")["body"]), **form)

    def _call(self, event: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self.stage.call("portal", event)
        return answer
