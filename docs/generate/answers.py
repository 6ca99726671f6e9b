"""JSON Schemas of what the API answers; a test holds real answers of the functions to them."""

from __future__ import annotations

from typing import Any

from sovinto.domain.case import Closure

TEXT: dict[str, Any] = {"type": "string"}
WHOLE: dict[str, Any] = {"type": "integer"}
MAYBE: dict[str, Any] = {"type": ["string", "null"]}
MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
DAY: dict[str, Any] = {"type": "string", "format": "date"}


def thing(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """An object with exactly these properties."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": {**required, **(optional or {})},
    }


def many(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


AMOUNT = thing({"amount_minor": WHOLE, "currency": TEXT})
CLASSES = ("principal", "interest", "fee", "cost", "total")
PROBLEM_OF_ROW = thing({"column": TEXT, "reason": TEXT, "value": TEXT})
PLAN = thing(
    {
        "plan_id": TEXT,
        "status": {"enum": ["active", "kept", "broken", "cancelled", "proposed"]},
        "agreed_at": MOMENT,
        "instalments": many(thing({"number": WHOLE, "due_on": DAY, "amount_minor": WHOLE})),
    }
)
HOLD = thing(
    {
        "hold_id": TEXT,
        "from_on": DAY,
        "last_on": {"type": ["string", "null"], "format": "date"},
        "is_active": {"type": "boolean"},
        "is_yours": {"type": "boolean"},
    }
)
FIGURE: dict[str, Any] = {"type": ["integer", "null"]}
FINANCIALS = thing(
    {
        "as_of": DAY,
        "source": TEXT,
        "assets_minor": FIGURE,
        "employees": FIGURE,
        "turnover_minor": FIGURE,
        "turnover_before_minor": FIGURE,
        "has_default_entry": {"type": ["boolean", "null"]},
        "profit_minor": FIGURE,
        "year": FIGURE,
    }
)
DOCUMENT = thing(
    {
        "document_id": TEXT,
        "kind": {
            "enum": [
                "fee_invoice",
                "fee_invoice_ubl",
                "fee_invoice_finvoice",
                "credit_note",
                "credit_note_ubl",
                "credit_note_finvoice",
                "remittance_statement",
            ]
        },
        "title": TEXT,
        "made_on": DAY,
        "amount_minor": WHOLE,
        "currency": TEXT,
    }
)
ANSWERS: dict[str, Any] = {
    "Document": DOCUMENT,
    "Hold": HOLD,
    "Plan": PLAN,
    "PayoutChange": thing(
        {
            "change_id": TEXT,
            "account": TEXT,
            "state": {"enum": ["cooling", "stopped", "effective"]},
            "effective_on": DAY,
        }
    ),
    "Receipt": thing({"case_id": TEXT, "payment_reference": TEXT}),
    "UploadLink": thing(
        {
            "upload_id": TEXT,
            "url": TEXT,
            "method": {"const": "PUT"},
            "headers": {"type": "object", "additionalProperties": TEXT},
            "expires_in_seconds": WHOLE,
            "report": TEXT,
        }
    ),
    "UploadReport": thing(
        {
            "upload_id": TEXT,
            "file_name": TEXT,
            "state": {"enum": ["waiting", "done", "refused"]},
            "requested_at": MOMENT,
        },
        {
            "reason": TEXT,
            "rows": WHOLE,
            "accepted": WHOLE,
            "refused": WHOLE,
            "duplicates": WHOLE,
            "notes": many(TEXT),
            "report": many(
                thing(
                    {
                        "row": WHOLE,
                        "outcome": {"enum": ["accepted", "refused", "duplicate"]},
                        "reference": TEXT,
                        "case_id": MAYBE,
                        "problems": many(PROBLEM_OF_ROW),
                    }
                )
            ),
        },
    ),
    "Case": thing(
        {
            "case_id": TEXT,
            "client_reference": TEXT,
            "state": {"enum": ["open", "disputed", "held", *(closure.value for closure in Closure)]},
            "placed_at": MOMENT,
            "payment_reference": TEXT,
            "principal": AMOUNT,
            "steps": many(thing({"step": TEXT, "on": DAY, "outcome": TEXT, "reason": TEXT})),
        },
        {
            "owner": thing({"collector": TEXT, "account_manager": TEXT, "reason": TEXT}),
            "co_debtors": many(
                thing(
                    {
                        "party_id": TEXT,
                        "liability": {"enum": ["joint", "guarantor"]},
                        "name": TEXT,
                        "is_released": {"type": "boolean"},
                    }
                )
            ),
            "balance_minor": thing(dict.fromkeys(CLASSES, WHOLE)),
            "dispute": thing({"kind": TEXT, "text": TEXT, "answer_by": DAY, "outcome": MAYBE}),
            "evaluations": many(
                thing(
                    {
                        "at": MOMENT,
                        "outcome": TEXT,
                        "rule": TEXT,
                        "inputs": {"type": "object", "additionalProperties": TEXT},
                        "alternatives": many(TEXT),
                        "by": TEXT,
                    }
                )
            ),
            "approvals": many(
                thing(
                    {"approval_id": TEXT, "kind": TEXT, "about": TEXT, "expires_on": DAY, "outcome": MAYBE}
                )
            ),
            "holds": many(ref("Hold")),
            "promise": thing({"by_on": DAY}),
            "plan": ref("Plan"),
            "proposed_plan": ref("Plan"),
            "financials": FINANCIALS,
            "closure": thing({"reason": TEXT, "closed_at": MAYBE}),
        },
    ),
    "CaseList": thing({"cases": many(ref("Case")), "after": MAYBE}),
    "DocumentList": thing({"documents": many(ref("Document"))}),
    "Heard": thing({"outcome": {"enum": ["recorded", "repeated", "noted", "ignored"]}}),
    "Problem": thing(
        {"type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT, "code": TEXT},
        {"errors": many(thing({"pointer": TEXT, "detail": TEXT}))},
    ),
}
