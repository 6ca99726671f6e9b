"""The demo's result in words, for somebody who sees Sovinto for the first time."""

from __future__ import annotations

import json
from typing import Any

from infra.local.running import Running

STATES = {
    "paid": "paid in full",
    "uncollectable": "returned to the client, not collected",
    "dispute_upheld": "closed: the debtor was right",
    "disputed": "disputed, waiting for the client",
    "plan_active": "paying by instalments",
    "open": "open",
    "withdrawn": "withdrawn",
}


def euros(minor: int) -> str:
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100:,}.{abs(minor) % 100:02d}".replace(",", " ")


def told(result: dict[str, Any], intake: dict[str, Any], files: int) -> str:
    """The whole report, about forty lines."""
    return "\n".join(
        [
            *_intake(result, intake),
            *_cases(result["cases"]),
            *_letters(result["communications"]),
            *_money(result["money_minor"]),
            *_proof(result["proof"]),
            "",
            f"build/demo/report.json holds these figures; {files} letters, invoices and bank files",
            "lie beside it.",
        ]
    )


def _intake(result: dict[str, Any], intake: dict[str, Any]) -> list[str]:
    counts = result["intake"]
    lines = [
        f"The file: {counts['rows']} rows, {counts['accepted']} became cases, "
        f"{counts['refused']} refused, {counts['duplicates']} duplicates"
    ]
    refused = [row for row in intake["report"] if row["outcome"] == "refused"]
    lines += [
        f"   row {row['row']:>3}  {problem['column']}: {problem['reason']}"
        for row in refused[:3]
        for problem in row["problems"][:1]
    ]
    if len(refused) > 3:
        lines.append(f"   and {len(refused) - 3} more, each named in build/demo/intake.json")
    return lines


def _cases(cases: dict[str, Any]) -> list[str]:
    lines = ["", f"After five months, {cases['total']} cases:"]
    for state, count in sorted(cases["by_state"].items(), key=lambda pair: -pair[1]):
        lines.append(f"   {count:>5}  {STATES.get(state, state)}")
    return lines


def _letters(sent: dict[str, Any]) -> list[str]:
    return [
        "",
        "Sent:",
        f"   {sent['letters_by_post']:>5}  letters by post",
        f"   {sent['letters_by_email']:>5}  letters by e-mail (PDF)",
        f"   {sent['sms']:>5}  SMS",
        f"   {sent['emails'] - sent['letters_by_email']:>5}  other e-mail, "
        f"{sent['receipts_to_client']} of them receipts to the client",
        f"   {sent['call_tasks']:>5}  call tasks for a collector",
    ]


def _money(money: dict[str, int]) -> list[str]:
    rows = (
        ("in", "received from debtors"),
        ("allocated", "allocated to their debts"),
        ("remitted", "remitted to the client"),
        ("invoiced", "invoiced to the client (set-up fees with VAT)"),
        ("in_suspense", "in suspense: nobody knows yet whose it is"),
        ("to_refund", "to be refunded: paid too much"),
        ("still_owed_by_debtors", "still owed by debtors"),
    )
    return ["", "Euros:", *(f"   {euros(money[name]):>12}  {text}" for name, text in rows)]


def _proof(proof: dict[str, Any]) -> list[str]:
    def side(title: str, parts: dict[str, int], total: int) -> list[str]:
        lines = [f"   {euros(minor):>12}  {name.replace('_', ' ')}" for name, minor in parts.items()]
        return [f"   {title}", *lines, f"   {euros(total):>12}  together"]

    verdict = "It adds up to the cent." if proof["adds_up"] else "IT DOES NOT ADD UP."
    return [
        "",
        f"The proof, from {proof['entries']} ledger entries and the bank's last statement:",
        *side("We have", proof["assets"], proof["assets_total"]),
        *side("and owe or earned", proof["owed"], proof["owed_total"]),
        f"   {verdict}",
    ]


def addresses(running: Running, user: str, password: str) -> str:
    """Where to look around while it stays up."""
    link, code = _some_letter(running)
    return "\n".join(
        [
            "",
            f"Client   {running.url}/client   {user}   {password}",
            f"Debtor   {link}   code {code}",
            f"Outbox   {running.url}/outbox",
            "Ctrl-C stops it; nothing is kept but build/demo.",
        ]
    )


def _some_letter(running: Running) -> tuple[str, str]:
    """The page of a debtor who got a letter and still owes."""
    pages = running.client("dynamodb").get_paginator("scan").paginate(TableName=running.table_name)
    items = [item for page in pages for item in page["Items"]]
    open_cases = {
        item["pk"]["S"]
        for item in items
        if item["sk"]["S"] == "CASE" and not json.loads(item["body"]["S"]).get("closure")
    }
    letters = [
        json.loads(item["body"]["S"])["letter"]
        for item in sorted(items, key=lambda item: item["pk"]["S"] not in open_cases)
        if item["sk"]["S"].startswith("COMM#") and '"letter"' in item["body"]["S"]
    ]
    if not letters:
        return f"{running.url}/d/", "none was sent"
    return letters[0]["page_url"], letters[0]["access_code"]
