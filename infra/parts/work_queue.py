"""A queue with its dead-letter queue, worked by one function."""

from __future__ import annotations

from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.parts.nag import accept

KEPT: Final = Duration.days(14)
TRIES: Final = 5
BATCH: Final = 10


def dead_letters(scope: Construct, name: str, *, queue_name: str, enforce_ssl: bool) -> sqs.Queue:
    """Where work ends that failed too often; an alarm stands on its depth."""
    queue = sqs.Queue(
        scope,
        name,
        queue_name=queue_name,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=enforce_ssl,
        retention_period=KEPT,
    )
    accept(queue, "AwsSolutions-SQS3", "This is the dead-letter queue itself.")
    if not enforce_ssl:
        accept(queue, "AwsSolutions-SQS4", "Local cloud only: it speaks plain HTTP on this machine.")
    return queue


class WorkQueue(Construct):
    """`visibility` is six times the function's timeout, as AWS advises for partial batches."""

    def __init__(
        self, scope: Construct, name: str, *, prefix: str, function_timeout: int, enforce_ssl: bool
    ) -> None:
        super().__init__(scope, name)
        base = f"{prefix}-{name.lower()}"
        self.dead = dead_letters(self, "Dead", queue_name=f"{base}-dead", enforce_ssl=enforce_ssl)
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=base,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=enforce_ssl,
            retention_period=KEPT,
            visibility_timeout=Duration.seconds(6 * function_timeout),
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=TRIES, queue=self.dead),
        )
        if not enforce_ssl:
            accept(
                self.queue, "AwsSolutions-SQS4", "Local cloud only: it speaks plain HTTP on this machine."
            )

    def worked_by(self, function: lambda_.Function, *, batch: int = BATCH, at_once: int) -> None:
        """Partial batch failures: only the messages that failed come back. `at_once`: polls in parallel."""
        function.add_event_source(
            sources.SqsEventSource(
                self.queue, batch_size=batch, max_concurrency=at_once, report_batch_item_failures=True
            )
        )
