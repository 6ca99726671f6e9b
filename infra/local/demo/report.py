"""The demo's figures, read from the table and the bank's own file; the demo counts nothing itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from infra.local.running import Running

Item = dict[str, Any]
MONEY_IN = ("bank:collection", "psp:")


def report(running: Running) -> dict[str, Any]:
    """Cases, communications, euros and the proof; amounts are minor units."""
    items = list(_items(running))
    cases = [_body(item) for item in items if item["sk"]["S"] == "CASE"]
    entries = [_body(item) for item in items if item["sk"]["S"].startswith("ENTRY#")]
    sent = [_body(item) for item in items if item["sk"]["S"].startswith("COMM#")]
    accounts = fold(entries)
    bank = bank_closing(running)
    listed = [
        _body(item) for item in items if item.get("work_queue", {}).get("S", "").startswith("PAYABLE#")
    ]
    return {
        "cases": {"total": len(cases), "by_state": _counted(map(state_of, cases))},
        "communications": _communications(sent),
        "money_minor": _money(entries, accounts),
        "proof": proof(accounts, bank, entries, sum(item["collected"]["minor"] for item in listed)),
    }


def _items(running: Running) -> Iterator[Item]:
    """Every item of the table, as its owner may read it; no function has this right."""
    pages = running.client("dynamodb").get_paginator("scan").paginate(TableName=running.table_name)
    for page in pages:
        yield from page["Items"]


def _body(item: Item) -> Item:
    found: Item = json.loads(item["body"]["S"])
    return found


def _counted(names: Any) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def state_of(case: Item) -> str:
    """closure, else disputed or open (with a plan: plan_active)."""
    if case.get("closure"):
        return str(case["closure"])
    dispute = case.get("dispute")
    if dispute and not dispute.get("outcome"):
        return "disputed"
    return "plan_active" if (case.get("plan") or {}).get("status") == "active" else "open"


def _communications(sent: list[Item]) -> dict[str, Any]:
    done = [item for item in sent if item["state"] == "sent"]
    letters = [item for item in done if item.get("document_key")]
    return {
        "letters": len(letters),
        "letters_by_post": sum(item["channel"] == "post" for item in done),
        "letters_by_email": sum(item["channel"] == "email" for item in letters),
        "sms": sum(item["channel"] == "sms" for item in done),
        "emails": sum(item["channel"] == "email" for item in done),
        "receipts_to_client": sum(item["template"] == "case_receipt" for item in done),
        "call_tasks": sum(item["channel"] == "call" for item in sent),
        "by_state": _counted(f"{item['channel']}_{item['state']}" for item in sent),
    }


def fold(entries: list[Item]) -> dict[str, int]:
    """account -> minor units; a debit is positive."""
    sums: Counter[str] = Counter()
    for entry in entries:
        for line in entry["lines"]:
            sums[line["account"]] += line["amount"]["minor"]
    return dict(sums)


def _total(accounts: dict[str, int], *prefixes: str) -> int:
    return sum(amount for name, amount in accounts.items() if name.startswith(prefixes))


def _money(entries: list[Item], accounts: dict[str, int]) -> dict[str, int]:
    """Received, allocated to debts, remitted, invoiced, waiting."""
    kinds: Counter[str] = Counter()
    for entry in entries:
        for line in entry["lines"]:
            kind, account, amount = entry["kind"], line["account"], line["amount"]["minor"]
            if kind in ("payment_allocated", "suspense_received") and account.startswith(MONEY_IN):
                kinds["in"] += amount
            if kind == "payment_allocated" and account.startswith("debtor:"):
                kinds["allocated"] -= amount
            if kind == "remitted" and account == "bank:in_transit":
                kinds["remitted"] -= amount
            if kind == "fee_invoiced" and account.endswith(":invoiced"):
                kinds["invoiced"] += amount
    return {
        "in": kinds["in"],
        "allocated": kinds["allocated"],
        "remitted": kinds["remitted"],
        "invoiced": kinds["invoiced"],
        "in_suspense": -_total(accounts, "suspense"),
        "to_refund": -_total(accounts, "refunds:"),
        "still_owed_by_debtors": _total(accounts, "debtor:"),
    }


def bank_closing(running: Running) -> int:
    """The closing balance that the bank's newest processed statement states."""
    s3, bucket = running.client("s3"), running.outputs["BankBucket"]
    keys = sorted(
        item["Key"] for item in s3.list_objects_v2(Bucket=bucket, Prefix="processed/").get("Contents", ())
    )
    if not keys:
        return 0
    data = s3.get_object(Bucket=bucket, Key=keys[-1])["Body"].read()
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for balance in etree.fromstring(data, parser).iterfind(".//{*}Bal"):
        if balance.findtext("{*}Tp/{*}CdOrPrtry/{*}Cd") == "CLBD":
            whole, _, cents = str(balance.findtext("{*}Amt")).partition(".")
            sign = -1 if balance.findtext("{*}CdtDbtInd") == "DBIT" else 1
            return sign * (int(whole) * 100 + int(cents.ljust(2, "0")))
    return 0


def proof(accounts: dict[str, int], bank: int, entries: list[Item], payables: int) -> dict[str, Any]:
    """bank + provider + invoiced = held for clients + in transit + income + VAT + refunds + suspense.

    `payables` is the sum of the open ones: what the worklist has to remit is what the books hold.
    """
    assets = {
        "bank_by_statement": bank,
        "at_payment_provider": _total(accounts, "psp:"),
        "invoiced_to_clients": sum(v for k, v in accounts.items() if k.endswith(":invoiced")),
    }
    owed = {
        "held_for_clients": -sum(v for k, v in accounts.items() if k.endswith(":payable")),
        "remitted_not_yet_debited": -accounts.get("bank:in_transit", 0),
        "our_income": -_total(accounts, "income:"),
        "vat": -_total(accounts, "vat:"),
        "refunds": -_total(accounts, "refunds:"),
        "suspense": -_total(accounts, "suspense"),
    }
    balanced = all(sum(line["amount"]["minor"] for line in entry["lines"]) == 0 for entry in entries)
    return {
        "assets": assets,
        "owed": owed,
        "assets_total": sum(assets.values()),
        "owed_total": sum(owed.values()),
        "difference": sum(assets.values()) - sum(owed.values()),
        "bank_by_ledger": accounts.get("bank:collection", 0),
        "payables_open": payables,
        "entries": len(entries),
        "every_entry_balances": balanced,
        "adds_up": balanced
        and sum(assets.values()) == sum(owed.values())
        and accounts.get("bank:collection", 0) == bank
        and payables == owed["held_for_clients"],
    }
