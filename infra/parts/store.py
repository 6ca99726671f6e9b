"""The one table. Access patterns first: docs/access-patterns.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct


@dataclass(frozen=True, slots=True)
class Index:
    """A sparse index: only items that carry both attributes are in it."""

    name: str
    partition: str
    sort: str


INDEXES: Final = (
    Index("work", "work_queue", "work_at"),
    Index("book", "book_day", "book_id"),
    Index("client", "client_key", "client_sort"),
)


class Store(Construct):
    """Cases, ledger, guards and outbox in one table with a stream of new images."""

    def __init__(self, scope: Construct, name: str, *, table_name: str, keep: bool) -> None:
        super().__init__(scope, name)
        self.table = dynamodb.Table(
            self,
            "Table",
            table_name=table_name,
            partition_key=_string("pk"),
            sort_key=_string("sk"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            stream=dynamodb.StreamViewType.NEW_IMAGE,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute="expires_at",
            encryption=dynamodb.TableEncryption.AWS_MANAGED,
            deletion_protection=keep,
            removal_policy=RemovalPolicy.RETAIN if keep else RemovalPolicy.DESTROY,
        )
        for index in INDEXES:
            self.table.add_global_secondary_index(
                index_name=index.name,
                partition_key=_string(index.partition),
                sort_key=_string(index.sort),
                projection_type=dynamodb.ProjectionType.ALL,
            )


def _string(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
