"""openapi.json: the clients' API and the webhook, from infra's routes and the models of entry.intake."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import BaseModel
from sovinto.entry.client_actions import (
    ApprovalAnswer,
    CreditNote,
    DirectPayment,
    FinancialFigures,
    HoldWish,
    PayoutAccount,
    PlanProposal,
)
from sovinto.entry.intake import CaseBody, DisputeAnswer, UploadRequest

from docs.generate.answer_of_statement import STATEMENTS
from docs.generate.answers import ANSWERS
from infra.parts.http_api import ROUTES, Route

PREFIX = "/v1/"
BODIES: dict[str, type[BaseModel]] = {
    "POST /v1/payout-account": PayoutAccount,
    "POST /v1/uploads": UploadRequest,
    "POST /v1/cases": CaseBody,
    "POST /v1/cases/{case_id}/dispute": DisputeAnswer,
    "POST /v1/cases/{case_id}/holds": HoldWish,
    "POST /v1/cases/{case_id}/credit-notes": CreditNote,
    "POST /v1/cases/{case_id}/direct-payments": DirectPayment,
    "POST /v1/cases/{case_id}/approvals/{approval_id}": ApprovalAnswer,
    "PUT /v1/cases/{case_id}/financials": FinancialFigures,
    "POST /v1/cases/{case_id}/plan-proposals": PlanProposal,
}
# summary; status -> name of the answer's schema ("" has no body).
OPERATIONS: dict[str, tuple[str, dict[int, str]]] = {
    "POST /v1/uploads": ("Ask for a link to put a case file", {201: "UploadLink"}),
    "GET /v1/uploads/{upload_id}": ("What became of a case file, row by row", {200: "UploadReport"}),
    "POST /v1/cases": ("Hand over one case; repeatable with its key", {201: "Receipt", 200: "Receipt"}),
    "GET /v1/cases": ("Your cases, 100 at a time", {200: "CaseList"}),
    "GET /v1/cases/{case_id}": ("One case with its balance", {200: "Case"}),
    "POST /v1/cases/{case_id}/dispute": ("Answer a dispute", {200: "Case"}),
    "POST /v1/cases/{case_id}/holds": ("Pause a case, from a day and until a day", {201: "Hold"}),
    "DELETE /v1/cases/{case_id}/holds/{hold_id}": ("End a pause that you asked for", {200: "Hold"}),
    "POST /v1/cases/{case_id}/withdrawal": ("Take a case back; nothing is sent any more", {200: "Case"}),
    "POST /v1/cases/{case_id}/credit-notes": ("Lower an invoice, once per reference", {200: "Case"}),
    "POST /v1/cases/{case_id}/direct-payments": (
        "Tell of a payment that you received yourself, once per reference",
        {200: "Case"},
    ),
    "POST /v1/cases/{case_id}/approvals/{approval_id}": ("Say yes or no, once", {200: "Case"}),
    "PUT /v1/cases/{case_id}/financials": ("Tell how the debtor stands", {200: "Case"}),
    "POST /v1/cases/{case_id}/plan-proposals": (
        "Offer instalments, which the debtor may take up on the page",
        {201: "Plan"},
    ),
    "POST /v1/payout-account": (
        "Ask for another account for your money; good after some banking days",
        {202: "PayoutChange"},
    ),
    "GET /v1/statement": (
        "Every movement of what we hold for you, of at most 366 days; 100 lines at a time, or 1,000 as CSV",
        {200: "Statement"},
    ),
    "GET /v1/documents": ("Your fee invoices and remittance statements", {200: "DocumentList"}),
    "GET /v1/documents/{document_id}": ("Leads to the PDF, for a minute", {303: ""}),
    "POST /v1/webhooks/{provider}": ("The payment provider's announcements, signed", {200: "Heard"}),
    "GET /v1/webhooks/{provider}": (
        "Announcements of a provider that calls, signed in the query",
        {200: "Heard"},
    ),
}
MEANING = {200: "Done.", 201: "Made.", 202: "Asked for.", 303: "See the address in the header Location."}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "The same key with the same body gives the same case; with another body it is refused.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100},
}
AFTER = {
    "name": "after",
    "in": "query",
    "description": "`after` of the page before",
    "schema": {"type": "string"},
}
DAY_OF_POSTING = {"type": "string", "format": "date"}
PERIOD: list[dict[str, Any]] = [
    {"name": name, "in": "query", "required": True, "description": f"The {what}", "schema": DAY_OF_POSTING}
    for name, what in (("from", "first day of posting"), ("to", "last day of posting, counted too"))
]
FORMAT = {
    "name": "format",
    "in": "query",
    "description": "`csv` for a file; without it the header Accept says",
    "schema": {"enum": ["json", "csv"]},
}
EXTRA: dict[str, list[dict[str, Any]]] = {
    "POST /v1/cases": [KEY],
    "GET /v1/cases": [AFTER],
    "GET /v1/statement": [*PERIOD, AFTER, FORMAT],
}
FILES = {"GET /v1/statement": {"text/csv": {"schema": {"type": "string"}}}}
"""What else an answer of 200 may be."""


def routes() -> tuple[Route, ...]:
    """Those for programs; pages for people are no interface to rely on."""
    return tuple(route for route in ROUTES if route.path.startswith(PREFIX))


def document() -> str:
    return json.dumps(specification(), indent=2, ensure_ascii=False) + "\n"


def specification() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for route in routes():
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sovinto",
            "version": "1",
            "description": "Amounts are integers of the minor unit (`_minor`) or decimal strings; days are "
            "ISO 8601. A refusal is a problem document (RFC 9457). What is not yours is not found.",
        },
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The ID token of the user pool.",
                }
            },
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    name = f"{route.method} {route.path}"
    summary, answers = OPERATIONS[name]
    operation: dict[str, Any] = {
        "summary": summary,
        "security": [] if route.why_public else [{"token": []}],
        "parameters": [*_path_parameters(route.path), *EXTRA.get(name, [])],
        "responses": {str(status): _answer(status, schema) for status, schema in answers.items()},
    }
    operation["responses"]["4XX"] = _content(
        "Refused, with the reason.", "Problem", "application/problem+json"
    )
    if name in FILES:
        operation["responses"]["200"]["content"] |= FILES[name]
    if name in BODIES:
        operation["requestBody"] = {"required": True, "content": _json(BODIES[name].__name__)}
    return operation


def _path_parameters(path: str) -> list[dict[str, Any]]:
    names = re.findall(r"\{(\w+)\}", path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _answer(status: int, schema: str) -> dict[str, Any]:
    if schema:
        return _content(MEANING[status], schema, "application/json")
    return {"description": MEANING[status], "headers": {"Location": {"schema": {"type": "string"}}}}


def _content(what: str, schema: str, kind: str) -> dict[str, Any]:
    return {"description": what, "content": _json(schema, kind)}


def _json(schema: str, kind: str = "application/json") -> dict[str, Any]:
    return {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def _schemas() -> dict[str, Any]:
    """Requests as pydantic tells them, answers as answers.py does."""
    found: dict[str, Any] = {}
    for model in BODIES.values():
        told = model.model_json_schema(ref_template="#/components/schemas/{model}")
        found |= told.pop("$defs", {})
        found[model.__name__] = told
    return dict(sorted({**found, **ANSWERS, **STATEMENTS}.items()))
