"""One complete model for every page of templates/manifest.toml."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import Any

from tests.unit.rendering.facts import AGENCY, CREDITOR, LINES, eur, payment, plan

_DEBTOR = {"path": "/d/8f3kq9t2m7/debt", "agency": AGENCY, "link_id": "8f3kq9t2m7"}
_CASE = {**_DEBTOR, "case_reference": "S-2025-001234"}

MODELS: MappingProxyType[str, dict[str, Any]] = MappingProxyType(
    {
        "debtor_code": {**_DEBTOR, "path": "/d/8f3kq9t2m7", "csrf": "token-1", "problem": ""},
        "debtor_debt": {
            **_CASE,
            "csrf": "token-1",
            "creditor_name": CREDITOR.name,
            "lines": LINES,
            "total": eur("104.47"),
            "payment": payment(),
            "offers": (plan(2), plan(3), plan(4)),
            "instalments": (),
            "letters": [
                {"communication_id": "com_1", "template": "reminder", "sent_on": date(2025, 8, 12)},
                {"communication_id": "com_2", "template": "demand", "sent_on": date(2025, 9, 30)},
            ],
            "next_on": date(2025, 10, 15),
            "is_disputed": False,
            "held": "",
            "problem": "",
            "given": {},
        },
        "debtor_paid": {
            **_CASE,
            "state": "received",
            "amount": eur("50.00"),
            "balance": eur("54.47"),
            "again": "",
        },
        "debtor_plan": {**_CASE, "instalments": plan(3), "payment": payment("34.83")},
        "debtor_dispute": {**_CASE, "answer_by": date(2025, 10, 14)},
        "debtor_closed": {
            "path": "/d/8f3kq9t2m7/debt",
            "agency": AGENCY,
            "case_reference": "S-2025-001234",
            "reason": "paid",
            "refund_url": "/d/8f3kq9t2m7/refund",
        },
        "problem": {"path": "/d/x", "agency": AGENCY, "code": "not_found", "message": "", "back": ""},
        "client_sign_in": {
            "path": "/client",
            "agency": AGENCY,
            "csrf": "token-2",
            "username": "",
            "problem": "",
        },
        "client_home": {
            "path": "/client/home",
            "agency": AGENCY,
            "client_name": CREDITOR.name,
            "account_manager": "Maija Manner",
            "waiting": [
                {
                    "case_id": "case_5k2m",
                    "reference": "1001",
                    "debtor_name": "Aino Äyräpää",
                    "what": "dispute",
                    "answer_by": date(2025, 10, 9),
                }
            ],
            "cases": [
                {
                    "reference": "1001",
                    "case_id": "case_5k2m",
                    "url": "/client/cases/case_5k2m",
                    "debtor_name": "Aino Äyräpää",
                    "owner": "Erik Åkerman",
                    "state": "open",
                    "balance": eur("104.47"),
                    "next_step": "send_demand",
                    "next_on": date(2025, 10, 15),
                },
                {
                    "reference": "1002",
                    "case_id": "case_7f3q",
                    "url": "/client/cases/case_7f3q",
                    "debtor_name": "Kone ja Laite Oy",
                    "owner": "Aino Aalto",
                    "state": "paid",
                    "balance": eur("0.00"),
                    "next_step": "close_case",
                    "next_on": None,
                },
            ],
            "next_page": "/client/home?page=2",
            "documents": [
                {
                    "kind": "remittance_statement",
                    "number": "R-12",
                    "made_on": date(2025, 9, 30),
                    "url": "/client/documents/1",
                },
                {
                    "kind": "fee_invoice",
                    "number": "17",
                    "made_on": date(2025, 9, 30),
                    "url": "/client/documents/2",
                },
            ],
            "uploads": [
                {
                    "file_name": "syyskuu.csv",
                    "uploaded_on": date(2025, 9, 30),
                    "url": "/client/uploads/upl_1",
                }
            ],
            "upload_action": "/client/uploads",
            "upload_fields": {"csrf": "token-3"},
            "problem": "",
        },
        "client_case": {
            "path": "/client/cases/case_5k2m",
            "agency": AGENCY,
            "csrf": "token-4",
            "case_id": "case_5k2m",
            "reference": "1001",
            "number": "00012345672",
            "debtor_name": "Aino Äyräpää",
            "state": "disputed",
            "is_open": True,
            "placed_on": date(2025, 8, 11),
            "owner": "Erik Åkerman",
            "account_manager": "Maija Manner",
            "next_step": "wait",
            "next_on": date(2025, 10, 15),
            "classes": [
                ("principal", eur("96.39")),
                ("interest", eur("3.08")),
                ("fee", eur("5.00")),
            ],
            "total": eur("104.47"),
            "lines": LINES,
            "interest_to": date(2025, 10, 1),
            "timeline": [
                {
                    "on": date(2025, 10, 1),
                    "what": "payment",
                    "group": "",
                    "detail": "",
                    "amount": eur("20.00"),
                    "messages": (),
                },
                {
                    "on": date(2025, 8, 12),
                    "what": "step",
                    "group": "steps",
                    "detail": "send_reminder",
                    "amount": None,
                    "messages": (("email", "sent"), ("post", "withheld")),
                },
            ],
            "dispute": {
                "kind": "wrong_amount",
                "text": "The goods came late.\nI told you so.",
                "answer_by": date(2025, 10, 9),
            },
            "approvals": [
                {
                    "approval_id": "apr_2",
                    "kind": "plan",
                    "about": "",
                    "reason": "",
                    "expires_on": date(2025, 10, 20),
                    "is_open": True,
                    "outcome": "",
                    "instalments": plan(3),
                },
                {
                    "approval_id": "apr_1",
                    "kind": "tratta",
                    "about": "tratta",
                    "reason": "business_is_solvent",
                    "expires_on": date(2025, 9, 20),
                    "is_open": False,
                    "outcome": "expired",
                    "instalments": (),
                },
            ],
            "plan": None,
            "holds": [
                {
                    "hold_id": "hld_1",
                    "from_on": date(2025, 10, 1),
                    "last_on": date(2025, 10, 31),
                    "is_yours": True,
                },
                {"hold_id": "hld_2", "from_on": date(2025, 10, 2), "last_on": None, "is_yours": False},
            ],
            "messages": [{"on": date(2025, 9, 2), "text": "Please be kind."}],
            "invoices": ["L-1001", "L-1002"],
            "currency": "EUR",
            "today": date(2025, 10, 1),
            "notice": "",
            "problem": {},
            "given": {},
        },
        "client_withdraw": {
            "path": "/client/cases/case_5k2m/withdrawal",
            "agency": AGENCY,
            "csrf": "token-5",
            "case_id": "case_5k2m",
            "reference": "1001",
            "debtor_name": "Aino Äyräpää",
        },
        "client_payout": {
            "path": "/client/payout-account",
            "agency": AGENCY,
            "csrf": "token-6",
            "account": "FI..0785",
            "pending": {"account": "DE..3000", "change_id": "pac_1", "effective_on": date(2025, 10, 7)},
            "given": {},
            "problem": "",
        },
        "client_stop": {
            "path": "/client/stop/stop-cli_1",
            "agency": AGENCY,
            "csrf": "token-7",
            "token": "stop-cli_1-pac_1.1.x",
            "account": "DE..3000",
            "effective_on": date(2025, 10, 7),
            "state": "asked",
        },
        "debtor_refund": {
            **_CASE,
            "csrf": "token-8",
            "amount": eur("12.50"),
            "due_on": date(2025, 10, 14),
            "state": "asked",
            "given": {},
            "problem": "",
        },
        "client_upload_report": {
            "path": "/client/uploads/upl_1",
            "agency": AGENCY,
            "file_name": "syyskuu.csv",
            "state": "done",
            "problem": "",
            "accepted": 182,
            "accepted_total": eur("123456.78"),
            "refused": [
                {
                    "row": 17,
                    "column": "Eräpäivä",
                    "value": "31.2.2025",
                    "reason": "Päivää 31.2.2025 ei ole olemassa.",
                },
                {"row": 23, "column": "Summa", "value": "-", "reason": "Summa puuttuu."},
            ],
            "refused_rows": 2,
            "duplicates": [{"row": 31, "reference": "1001", "case_id": "case_5k2m"}],
        },
    }
)
