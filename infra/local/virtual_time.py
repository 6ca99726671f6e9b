"""The test clock of the local cloud: move it, and wait until everything it set off has come to rest."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from infra.local.running import Running

QUIET_SECONDS: Final = 120
HEAL_SECONDS: Final = 10
CLOCK: Final = {"pk": {"S": "CLOCK"}, "sk": {"S": "CLOCK"}}
LONGEST_PAUSE: Final = 0.4


class NotQuiet(RuntimeError):
    """Work is left that nobody does; the message says what."""


def now(running: Running) -> datetime:
    """Virtual now, aware UTC."""
    item = running.client("dynamodb").get_item(TableName=running.table_name, Key=CLOCK).get("Item")
    offset = int(item["offset_seconds"]["N"]) if item else 0
    return datetime.now(UTC) + timedelta(seconds=offset)


def move(running: Running, to: datetime) -> None:
    """Set virtual now; it runs on from there at its usual pace."""
    offset = round((to - datetime.now(UTC)).total_seconds())
    running.client("dynamodb").put_item(
        TableName=running.table_name, Item={**CLOCK, "offset_seconds": {"N": str(offset)}}
    )


def wake_all(running: Running) -> int:
    """Tick, and wait until no case is due and no communication waits to be sent; how many were due.

    Raises NotQuiet after two minutes without rest.
    """
    due = _due(running)
    if due:
        running.invoke("tick", {})
    until_quiet(running)
    return due


def until_quiet(running: Running) -> None:
    """Poll the due index and the sending queue; a tick heals what lost its driver."""
    pause = 0.05
    deadline, heal_at = time.monotonic() + QUIET_SECONDS, time.monotonic() + HEAL_SECONDS
    while time.monotonic() < deadline:
        if not _due(running) and not _sending(running):
            return
        if time.monotonic() > heal_at:
            running.invoke("tick", {})
            heal_at = time.monotonic() + HEAL_SECONDS
        time.sleep(pause)
        # Each look costs the emulator work that the cases wait for.
        pause = min(2 * pause, LONGEST_PAUSE)
    raise NotQuiet(f"{_due(running)} cases stay due and {_sending(running)} messages unsent; see the log")


def _due(running: Running) -> int:
    moment = now(running).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _count(running, "work_queue = :q AND work_at <= :now", {":q": "TIMELINE", ":now": moment})


def _sending(running: Running) -> int:
    return _count(running, "work_queue = :q", {":q": "SENDING"})


def _count(running: Running, condition: str, values: dict[str, str]) -> int:
    answer: dict[str, Any] = running.client("dynamodb").query(
        TableName=running.table_name,
        IndexName="work",
        KeyConditionExpression=condition,
        ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
        Select="COUNT",
    )
    return int(answer["Count"])


def advance(running: Running, to: datetime, told: Callable[[datetime], None]) -> None:
    """Live through every day up to `to`: bank files, timelines and remittances in their order."""
    while (current := now(running)) < to:
        move(running, min(to, current + timedelta(days=1)))
        live(running)
        told(now(running))


def live(running: Running) -> None:
    """One round of what the schedules do."""
    running.invoke("import_statement", {})
    wake_all(running)
    running.invoke("pay_clients", {})
    until_quiet(running)
