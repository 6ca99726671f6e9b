"""JSON Schema of a client's statement of account."""

from __future__ import annotations

from typing import Any

from docs.generate.answers import DAY, MAYBE, TEXT, WHOLE, many, ref, thing

STATEMENT_LINE = thing(
    {
        "on": DAY,
        "value_on": DAY,
        "kind": {
            "enum": [
                "payment_allocated",
                "payment_reversed",
                "remitted",
                "remittance_came_back",
                "client_paid_back",
                "remittance_stands",
            ]
        },
        "amount_minor": WHOLE,
        "currency": TEXT,
        "case_id": MAYBE,
        "client_reference": MAYBE,
        "debtor_name": MAYBE,
        "payment": TEXT,
        "way": MAYBE,
        "received_minor": WHOLE,
        "surplus_minor": WHOLE,
        "parts": many(thing({"name": TEXT, "amount_minor": WHOLE})),
        "rule": {"oneOf": [{"type": "null"}, thing({"rule_id": TEXT, "statute": TEXT, "formula": TEXT})]},
        "matched": {
            "oneOf": [
                {"type": "null"},
                thing({"rule": TEXT, "because": TEXT, "facts": many(thing({"name": TEXT, "value": TEXT}))}),
            ]
        },
        "bank_line": MAYBE,
        "document_id": MAYBE,
        "voucher": TEXT,
    }
)
STATEMENT = thing(
    {
        "client_name": TEXT,
        "from": DAY,
        "to": DAY,
        "accounts": many(
            thing(
                {
                    "currency": TEXT,
                    "opening_minor": WHOLE,
                    "came_in_minor": WHOLE,
                    "went_out_minor": WHOLE,
                    "closing_minor": WHOLE,
                }
            )
        ),
        "lines": many(STATEMENT_LINE),
        "documents": many(ref("Document")),
        "invoices": many(
            thing(
                {
                    "number": WHOLE,
                    "document_id": TEXT,
                    "is_credit_note": {"type": "boolean"},
                    "invoiced_on": DAY,
                    "due_on": DAY,
                    "currency": TEXT,
                    "gross_minor": WHOLE,
                    "paid_minor": WHOLE,
                    "credited_minor": WHOLE,
                    "left_minor": WHOLE,
                }
            )
        ),
        "after": MAYBE,
    }
)
STATEMENTS: dict[str, Any] = {"Statement": STATEMENT}
