"""A timeline's execution that has grown too old: its age is counted by the real clock, which none moves."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from infra.local.deploy import zipped
from infra.local.running import Running
from infra.paths import FUNCTIONS

LIMIT = "MAX_AGE = timedelta(days=300)"
HANDLER = "handler.py"


@contextmanager
def too_old(running: Running, name: str, folder: Path) -> Iterator[None]:
    """Meanwhile the limit of 300 days is half of what this execution has lived: it is past it, and the
    one that takes over is young. Nothing but that number differs in the function.
    """
    shutil.copytree(FUNCTIONS / "case_step", folder, ignore=shutil.ignore_patterns("__pycache__"))
    handler = folder / HANDLER
    text = handler.read_text("utf-8")
    assert text.count(LIMIT) == 1
    half = age_seconds(running, name) / 2
    handler.write_text(text.replace(LIMIT, f"MAX_AGE = timedelta(seconds={half:.3f})"), "utf-8")
    _deploy(running, folder)
    try:
        yield
    finally:
        handler.write_text(text, "utf-8")
        _deploy(running, folder)


def age_seconds(running: Running, name: str) -> float:
    """Real seconds since the execution of that name began."""
    arn = running.outputs["TimelineArn"].replace(":stateMachine:", ":execution:") + f":{name}"
    began: datetime = running.client("stepfunctions").describe_execution(executionArn=arn)["startDate"]
    return (datetime.now(UTC) - began).total_seconds()


def _deploy(running: Running, folder: Path) -> None:
    client, name = running.client("lambda"), running.function("case_step")
    client.update_function_code(FunctionName=name, ZipFile=zipped(folder))
    client.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
