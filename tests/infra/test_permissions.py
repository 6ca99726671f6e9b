"""Least privilege: what no policy of ours may say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sovinto.adapters.dynamo.table import Item, Write
from sovinto.countries import load_calendar
from sovinto.usecases.client_statement import client_statement

from infra.parts.grants import GRANTS
from tests.infra.reading import Template, listed, of_type, statements
from tests.support.memory_table import MemoryTable
from tests.support.moves import pay
from tests.support.people import CLIENT, START
from tests.support.world import World

NO_RESOURCE_TO_NAME = {
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
    "dynamodb:ListStreams",
}


def test_nobody_scans_or_deletes_records(service: Template) -> None:
    actions = {action for _, statement in statements(service) for action in listed(statement["Action"])}

    assert not actions & {"dynamodb:Scan", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"}
    assert not any("*" in action for action in actions)


def test_star_resource_only_where_aws_has_no_resource_to_name(service: Template) -> None:
    for policy, statement in statements(service):
        if "*" in listed(statement.get("Resource", [])):
            assert set(listed(statement["Action"])) <= NO_RESOURCE_TO_NAME, policy


def test_text_messages_go_to_phones_never_to_topics(service: Template) -> None:
    publishing = [s for _, s in statements(service) if "sns:Publish" in listed(s["Action"])]

    assert [statement["NotResource"] for statement in publishing] == ["arn:aws:sns:*:*:*"]


def test_no_managed_policies(service: Template) -> None:
    for name, role in of_type(service, "AWS::IAM::Role").items():
        assert "ManagedPolicyArns" not in role, name


def test_only_an_index_that_is_read_is_granted(service: Template) -> None:
    granted = {
        (policy, _last_part(resource))
        for policy, statement in statements(service)
        for resource in listed(statement.get("Resource", []))
        if "/index/" in str(resource)
    }

    assert {(policy.split("Role")[0], index) for policy, index in granted} == {
        ("intakeapi", "client"),
        ("intakeapi", "work"),
        ("importcases", "work"),
        ("clientportal", "client"),
        ("tick", "work"),
        ("payclients", "work"),
        ("payclients", "client"),
        ("payclients", "book"),
        ("provebooks", "book"),
        ("provebooks", "work"),
        ("provebooks", "client"),
        ("importstatement", "work"),
        ("importstatement", "book"),
        ("desk", "work"),
        ("desk", "book"),
    }


def test_a_statement_of_account_reads_no_index_that_its_functions_may_not() -> None:
    world = World(table=Watched())
    pay(world, world.place(), 1_000)
    days = START.date(), START.date()
    client_statement(CLIENT, *days, book=world.book, cases=world.cases, calendar=load_calendar("FI"))

    assert isinstance(world.table, Watched)
    for function in ("intake_api", "client_portal"):
        granted = dict(GRANTS[function])
        assert "dynamodb:Query" in granted["table"]
        assert all("dynamodb:Query" in granted[f"index/{name}"] for name in world.table.read)
    assert world.table.read == {"client"}


class Watched(MemoryTable):
    """Which indexes a statement reads; what was done before it is forgotten with each write."""

    def __init__(self) -> None:
        super().__init__()
        self.read: set[str] = set()

    def transact(self, writes: Sequence[Write]) -> None:
        self.read.clear()
        super().transact(writes)

    def index(self, name: str, pk: str, **asked: Any) -> Iterator[Item]:
        self.read.add(name)
        return super().index(name, pk, **asked)


def test_bank_listing_is_limited_to_the_folders_that_are_read(service: Template) -> None:
    listing = {
        policy.split("Role")[0]: statement["Condition"]
        for policy, statement in statements(service)
        if "s3:ListBucket" in listed(statement["Action"])
    }

    assert listing == {
        "importstatement": {
            "StringLike": {"s3:prefix": ["inbox/*", "importing/*", "held/*", "rejected/*"]}
        },
        "desk": {"StringLike": {"s3:prefix": ["held/*", "rejected/*"]}},
        "provebooks": {"StringLike": {"s3:prefix": ["processed/*", "rejected/*"]}},
    }


def test_the_proof_writes_nothing_but_seals(service: Template) -> None:
    actions = [
        (listed(statement["Action"]), statement.get("Condition"))
        for policy, statement in statements(service)
        if policy.startswith("provebooks") and "dynamodb" in str(statement["Action"])
    ]
    writing = [item for item in actions if not set(item[0]) <= {"dynamodb:GetItem", "dynamodb:Query"}]

    seals_only = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "SEAL"}}
    assert writing == [(["dynamodb:PutItem"], seals_only)]


def test_the_timeline_may_write_to_its_own_queue_only(service: Template) -> None:
    allowed = [
        (listed(statement["Action"]), listed(statement["Resource"]))
        for policy, statement in statements(service)
        if policy.startswith("TimelineRole") and "*" not in listed(statement["Resource"])
    ]

    [(actions, [resource])] = allowed
    assert actions == ["sqs:SendMessage"]
    assert resource["Fn::GetAtt"][0].startswith("StepsQueue")
    assert not any(
        "lambda:InvokeFunction" in listed(statement["Action"]) for _, statement in statements(service)
    )


def _last_part(resource: Any) -> str:
    return str(resource["Fn::Join"][1][-1]).rsplit("/", 1)[-1]
