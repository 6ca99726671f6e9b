"""The file that tells the command line and the tests where the local cloud runs."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.config import Config

from infra.local.cloud import root_session
from infra.names import function_name
from infra.paths import LOCAL

STATE_FILE: Final = LOCAL / "running.json"
LONGEST_RUN: Final = 900
"""Seconds: no function runs longer."""
ONE_CALL: Final = Config(read_timeout=LONGEST_RUN + 30, retries={"total_max_attempts": 1})
"""Of functions. On a busy machine one may take minutes; asked again while it runs, one that has a single
run reserved is refused, and any other would do its work twice."""


class NotRunning(RuntimeError):
    """There is no local cloud, or its process is gone."""


@dataclass(frozen=True, slots=True)
class Running:
    """Addresses and names of a deployed local cloud. `outputs` are those of its stacks."""

    pid: int
    endpoint_url: str
    url: str
    region: str
    prefix: str
    outputs: dict[str, str]

    @property
    def table_name(self) -> str:
        return self.outputs["TableName"]

    def function(self, name: str) -> str:
        """The physical name of `functions/<name>`."""
        return function_name(self.prefix, name)

    def session(self) -> boto3.Session:
        """The emulator's root user."""
        return root_session(self.region)

    def client(self, service: str) -> Any:
        """A boto3 client of the emulator; made once, because making one takes longer than most calls."""
        return _client(service, self.endpoint_url, self.region)

    def invoke(self, name: str, event: object) -> Any:
        """Run a function and wait. Raises RuntimeError with what the function raised."""
        answer = self.client("lambda").invoke(FunctionName=self.function(name), Payload=json.dumps(event))
        payload = json.loads(answer["Payload"].read() or "null")
        if "FunctionError" in answer:
            raise RuntimeError(f"function {name} failed: {payload}")
        return payload

    def save(self, path: Path = STATE_FILE) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=2), "utf-8")


@lru_cache(maxsize=64)
def _client(service: str, endpoint_url: str, region: str) -> Any:
    config = ONE_CALL if service == "lambda" else None
    return root_session(region).client(service, endpoint_url=endpoint_url, config=config)


def load(path: Path = STATE_FILE) -> Running:
    """Raises NotRunning when no cloud runs."""
    try:
        running = Running(**json.loads(path.read_text("utf-8")))
        os.kill(running.pid, 0)
    except (FileNotFoundError, ProcessLookupError) as error:
        raise NotRunning("no local cloud is running; start one with `make up`") from error
    return running
