"""AWS in memory (moto), with the one table as the stack makes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from moto import mock_aws
from sovinto.adapters.dynamo.table import INDEX_KEYS, DynamoTable

REGION = "eu-north-1"
TABLE = "sovinto-test"


@cache
def client(service: str) -> Any:
    """A client that tries once: a test of a failure must not wait for retries.

    One per process: to make one costs more than most tests, and moto answers for the newest mock.
    """
    once = Config(retries={"mode": "standard", "total_max_attempts": 1}, s3={"addressing_style": "path"})
    return boto3.client(service, region_name=REGION, config=once)


def make_table(name: str = TABLE, dynamodb: Any = None) -> DynamoTable:
    """In the emulator that `dynamodb` is a client of; without one, in moto."""
    names = ["pk", "sk", *(attribute for keys in INDEX_KEYS.values() for attribute in keys)]
    dynamodb = dynamodb or client("dynamodb")
    dynamodb.create_table(
        TableName=name,
        KeySchema=_schema("pk", "sk"),
        AttributeDefinitions=[{"AttributeName": item, "AttributeType": "S"} for item in names],
        BillingMode="PAY_PER_REQUEST",
        GlobalSecondaryIndexes=[
            {"IndexName": index, "KeySchema": _schema(*keys), "Projection": {"ProjectionType": "ALL"}}
            for index, keys in INDEX_KEYS.items()
        ],
    )
    return DynamoTable(dynamodb, name)


def make_bucket(name: str) -> None:
    client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})


def _schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


@contextmanager
def moto_table() -> Iterator[DynamoTable]:
    with mock_aws():
        yield make_table()
