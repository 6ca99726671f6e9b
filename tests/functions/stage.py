"""One stage in memory: every resource the functions name in their settings, and how AWS calls them."""

from __future__ import annotations

import importlib
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from moto import mock_aws
from sovinto import bootstrap
from sovinto.adapters.codec import decode
from sovinto.adapters.dynamo import keys
from sovinto.adapters.dynamo.clients import TableClients
from sovinto.adapters.dynamo.table import DynamoTable, Put
from sovinto.adapters.system import real_now
from sovinto.domain.communication import Communication
from sovinto.ids import CaseId
from sovinto.usecases.drive_case import decide_next

from infra.parts.functions import SIZES
from tests.functions.resources import environment, resources
from tests.support.aws import REGION, TABLE, client, make_table
from tests.support.people import CLIENT, START

ROOT = Path(__file__).parents[2]
FUNCTIONS = tuple(sorted(path.parent.name for path in ROOT.glob("functions/*/handler.py")))


@dataclass(frozen=True)
class Context:
    """What the batch tools and the logger read of Lambda's context."""

    function_name: str = "function"
    memory_limit_in_mb: int = 128
    invoked_function_arn: str = f"arn:aws:lambda:{REGION}:123456789012:function:function"
    aws_request_id: str = "request-1"
    seconds_left: int = 60

    def get_remaining_time_in_millis(self) -> int:
        return self.seconds_left * 1000


def module(function: str) -> Any:
    return importlib.import_module(f"functions.{function}.handler")


@dataclass
class Stage:
    table: DynamoTable
    queue_url: str
    relayed: set[str] = field(default_factory=set)

    def call(self, function: str, event: Mapping[str, Any]) -> Any:
        """With all the time that the function has when it is deployed."""
        return module(function).handle(event, Context(seconds_left=SIZES[function].timeout))

    def move_clock(self, to: datetime) -> None:
        offset = int((to - real_now()).total_seconds())
        self.table.transact([Put({"pk": keys.CLOCK, "sk": keys.CLOCK, "offset_seconds": offset})])

    def queued(self, function: str, *details: Mapping[str, Any]) -> list[str]:
        """Deliver events by the queue; the ids of the records that failed."""
        answer = self.call(function, delivered(*({"detail": detail} for detail in details)))
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def outbox(self) -> list[dict[str, Any]]:
        """Stream records of every outbox row that was not relayed yet."""
        items = client("dynamodb").scan(TableName=TABLE)["Items"]
        rows = [item for item in items if item["sk"]["S"].startswith("OUTBOX#")]
        fresh = [row for row in rows if row["sk"]["S"] not in self.relayed]
        self.relayed |= {row["sk"]["S"] for row in fresh}
        return [stream_record(row, number) for number, row in enumerate(fresh)]

    def relay(self) -> list[dict[str, Any]]:
        """Publish what is new in the outbox; the events as they arrive behind the bus."""
        assert self.call("relay_events", {"Records": self.outbox()}) == {"batchItemFailures": []}
        found = []
        while messages := self._receive():
            found += [json.loads(message["Body"]) for message in messages]
        return found

    def _receive(self) -> list[dict[str, Any]]:
        queue = client("sqs")
        answer = queue.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=0)
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        for message in messages:
            queue.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])
        return messages

    def drive(self, case_id: str, rounds: int = 10) -> str:
        """Decide and perform as the state machine does, until the case waits or is done."""
        answer = self.step(case_id, "decide")
        for _ in range(rounds):
            if answer is None or answer["step"] == "done":
                wired = module("case_step").parts()[1]
                return decide_next(
                    CaseId(case_id), cases=wired.cases, wakes=wired.wakes, clock=wired.clock
                ).reason
            answer = self.step(case_id, "perform", step=answer["step"])
        raise AssertionError("the case does not come to rest")

    def step(self, case_id: str, action: str, **given: str) -> dict[str, Any] | None:
        """One state of the timeline: its message to the function, and the answer; None where it rests."""
        states = AnsweredStates()
        task = {
            "action": action,
            "case_id": case_id,
            "token": "t",
            "execution": f"case-{case_id}-1",
            "started_at": datetime.now(UTC).isoformat(),
            "entered_at": datetime.now(UTC).isoformat(),
            **given,
        }
        with service_answers("stepfunctions", states):
            assert self.call("case_step", delivered(task)) == {"batchItemFailures": []}
        return states.answer

    def messages(self, case_id: str) -> list[Communication]:
        found = self.table.query(f"CASE#{case_id}", keys.COMMUNICATION)
        return [decode(Communication, str(item["body"])) for item in found]


def delivered(*bodies: Mapping[str, Any]) -> dict[str, Any]:
    """Messages as a queue hands them over."""
    records = [
        {
            "messageId": f"message-{number}",
            "receiptHandle": "r",
            "body": json.dumps(body),
            "attributes": {},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": f"arn:aws:sqs:{REGION}:123456789012:queue",
            "awsRegion": REGION,
        }
        for number, body in enumerate(bodies)
    ]
    return {"Records": records}


class AnsweredStates:
    """Step Functions as it is, but for the answers to its states: those are kept."""

    answer: dict[str, Any] | None = None

    def send_task_success(self, *, taskToken: str, output: str) -> None:  # noqa: N803
        assert taskToken
        self.answer = json.loads(output)

    def __getattr__(self, operation: str) -> Any:
        return getattr(client("stepfunctions"), operation)


def stream_record(image: Mapping[str, Any], number: int, name: str = "INSERT") -> dict[str, Any]:
    return {
        "eventID": f"e{number}",
        "eventName": name,
        "dynamodb": {"NewImage": dict(image), "SequenceNumber": f"{number:021d}"},
    }


def http(
    method: str,
    path: str,
    *,
    json_body: object = None,
    form: Mapping[str, str] | None = None,
    raw: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    cookies: Sequence[str] = (),
    client_id: str | None = None,
) -> dict[str, Any]:
    """A request as API Gateway (payload format 2.0) hands it over; bodies are base64, as for any client."""
    path, _, query = path.partition("?")
    pairs = dict(part.split("=", 1) for part in query.split("&") if "=" in part)
    body, sent = raw, {name.lower(): value for name, value in (headers or {}).items()}
    if json_body is not None:
        body = json.dumps(json_body).encode()
    if form is not None:
        body, sent["content-type"] = urlencode(form).encode(), "application/x-www-form-urlencoded"
    authorizer = {"jwt": {"claims": {"custom:client_id": client_id}, "scopes": None}} if client_id else {}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "cookies": list(cookies),
        "headers": sent,
        "queryStringParameters": pairs or None,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "authorizer": authorizer,
            "domainName": "api.example",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
            "requestId": "request-1",
            "stage": "$default",
        },
        "body": b64encode(body).decode() if body is not None else None,
        "isBase64Encoded": body is not None,
    }


def forget() -> None:
    """Functions keep their parts between calls; a new stage needs new ones, over the same clients."""
    for function in FUNCTIONS:
        module(function).parts.cache_clear()


@contextmanager
def service_answers(service: str, instead: object) -> Iterator[None]:
    """One service, as the functions see it, replaced by a double for a while."""
    real = bootstrap.aws_client
    forget()

    def client_of(name: str) -> object:
        return instead if name == service else real(name)

    bootstrap.aws_client = client_of  # type: ignore[assignment]
    try:
        yield
    finally:
        bootstrap.aws_client = real
        forget()


@contextmanager
def stage_in_memory(
    patch: pytest.MonkeyPatch, gateway_url: str = "https://gateway.example"
) -> Iterator[Stage]:
    """All of AWS that the functions use; time stands at START."""
    with mock_aws():
        forget()
        table = make_table()
        arns, queue_url = resources()
        for name, value in environment(arns, gateway_url).items():
            patch.setenv(name, value)
        TableClients(table).save(CLIENT)
        stage = Stage(table, queue_url)
        stage.move_clock(START)
        yield stage
        forget()
