"""Outbox rows to the bus, and from the bus to those who act on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.parts.work_queue import WorkQueue

SOURCE: Final = "sovinto"
OUTBOX: Final = "OUTBOX#"
UPLOADED: Final = "inbox/"
MESSAGE_EVENTS: Final = (
    "communication.planned.v1",
    "payout_account.asked.v1",
    "remittance.rejected.v1",
)
WAKE_EVENTS: Final = (
    "case.submitted.v1",
    "payment.allocated.v1",
    "payment.reversed.v1",
    "dispute.opened.v1",
    "dispute.settled.v1",
    "plan.agreed.v1",
    "hold.placed.v1",
    "hold.released.v1",
    "case.stopped.v1",
    "claim.credited.v1",
    "payment.reported.v1",
    "call.recorded.v1",
    "approval.answered.v1",
    "financials.recorded.v1",
)


class Events(Construct):
    """The bus of past-tense facts. Only new outbox rows reach it, never a change of state."""

    def __init__(self, scope: Construct, name: str, *, prefix: str) -> None:
        super().__init__(scope, name)
        self.bus = events.EventBus(self, "Bus", event_bus_name=f"{prefix}-events")

    def relay(self, table: dynamodb.ITable, function: lambda_.Function, failed: sqs.IQueue) -> None:
        """New outbox rows of the table's stream go to `function`; what cannot be relayed to `failed`."""
        outbox = {"dynamodb": {"Keys": {"sk": {"S": lambda_.FilterRule.begins_with(OUTBOX)}}}}
        function.add_event_source(
            sources.DynamoEventSource(
                table,
                starting_position=lambda_.StartingPosition.TRIM_HORIZON,
                batch_size=10,
                bisect_batch_on_error=True,
                retry_attempts=10,
                max_record_age=Duration.hours(23),
                report_batch_item_failures=True,
                on_failure=sources.SqsDlq(failed),
                filters=[
                    lambda_.FilterCriteria.filter(
                        {"eventName": lambda_.FilterRule.is_equal("INSERT"), **outbox}
                    )
                ],
            )
        )

    def route(self, name: str, detail_types: Sequence[str], work: WorkQueue) -> None:
        events.Rule(
            self,
            name,
            event_bus=self.bus,
            event_pattern=events.EventPattern(source=[SOURCE], detail_type=list(detail_types)),
            targets=[targets.SqsQueue(work.queue, dead_letter_queue=work.dead)],
        )


def files_to_queue(scope: Construct, bucket: s3.IBucket, work: WorkQueue) -> None:
    """Every new upload becomes a message; the reports that the import writes beside them do not."""
    events.Rule(
        scope,
        "NewFiles",
        event_pattern=events.EventPattern(
            source=["aws.s3"],
            detail_type=["Object Created"],
            detail={
                "bucket": {"name": [bucket.bucket_name]},
                "object": {"key": [{"prefix": UPLOADED}]},
            },
        ),
        targets=[targets.SqsQueue(work.queue, dead_letter_queue=work.dead)],
    )
