"""What the stage has stored, read as its owner: communications, entries, executions."""

from __future__ import annotations

import json
from typing import Any

from infra.local.demo.report import fold
from infra.local.running import Running

Body = dict[str, Any]


def bodies(running: Running, pk: str, sk: str = "") -> list[Body]:
    """Decoded items of one partition whose sort key begins so, in its order."""
    condition, values = "pk = :pk", {":pk": {"S": pk}}
    if sk:
        condition, values = condition + " AND begins_with(sk, :sk)", {**values, ":sk": {"S": sk}}
    answer = running.client("dynamodb").query(
        TableName=running.table_name,
        KeyConditionExpression=condition,
        ExpressionAttributeValues=values,
        ConsistentRead=True,
    )
    return [json.loads(item["body"]["S"]) for item in answer["Items"] if "body" in item]


def sent(running: Running, case_id: str) -> list[str]:
    """Templates of everything that left for the debtor of a case."""
    found = bodies(running, f"CASE#{case_id}", "COMM#")
    debtor = [item for item in found if item["state"] == "sent" and item["audience"] == "debtor"]
    return sorted(str(item["template"]) for item in debtor)


def payments(running: Running, case_id: str) -> list[int]:
    """Minor units of every payment posted to a case."""
    entries = bodies(running, f"CASE#{case_id}", "ENTRY#")
    return [received(entry) for entry in entries if entry["kind"] == "payment_allocated"]


def received(entry: Body) -> int:
    """What an entry brought into the bank or to the provider, minor units."""
    lines = [line for line in entry["lines"] if line["account"].startswith(("bank:collection", "psp:"))]
    return sum(int(line["amount"]["minor"]) for line in lines)


def settled(running: Running, case_id: str) -> int:
    """What the debtor owes less by payments, in whatever file or by way of suspense; minor units."""
    entries = bodies(running, f"CASE#{case_id}", "ENTRY#")
    lines = [line for entry in entries if entry["kind"] == "payment_allocated" for line in entry["lines"]]
    return -sum(int(line["amount"]["minor"]) for line in lines if line["account"].startswith("debtor:"))


def balances(running: Running) -> dict[str, int]:
    """account -> minor units over the whole ledger; a debit is positive."""
    pages = running.client("dynamodb").get_paginator("scan").paginate(TableName=running.table_name)
    items = [item for page in pages for item in page["Items"] if item["sk"]["S"].startswith("ENTRY#")]
    return fold([json.loads(item["body"]["S"]) for item in items])


def executions(running: Running, case_id: str) -> dict[str, str]:
    """name -> status of every run of the case's timeline."""
    states = running.client("stepfunctions")
    pages = states.get_paginator("list_executions").paginate(stateMachineArn=running.outputs["TimelineArn"])
    found = [item for page in pages for item in page["executions"]]
    return {item["name"]: item["status"] for item in found if f"case-{case_id}-" in item["name"]}
