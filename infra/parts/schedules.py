"""What happens by the clock. The input is always `{}`: the function reads the clock it is given."""

from __future__ import annotations

from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_sqs as sqs
from constructs import Construct

SCHEDULES: Final[dict[str, events.Schedule]] = {
    "tick": events.Schedule.rate(Duration.minutes(5)),
    "import_statement": events.Schedule.rate(Duration.minutes(15)),
    "ask_reports": events.Schedule.cron(hour="4", minute="30"),
    "pay_clients": events.Schedule.cron(hour="5", minute="0"),
    "prove_books": events.Schedule.cron(hour="3", minute="30"),
}


def schedule(scope: Construct, name: str, function: lambda_.Function, failed: sqs.IQueue) -> None:
    """Run `function` by its schedule; a run that fails twice again ends in `failed`."""
    function.configure_async_invoke(
        retry_attempts=2, max_event_age=Duration.hours(1), on_failure=destinations.SqsDestination(failed)
    )
    events.Rule(
        scope,
        f"Schedule_{name}",
        schedule=SCHEDULES[name],
        targets=[
            targets.LambdaFunction(
                function,
                event=events.RuleTargetInput.from_object({}),
                dead_letter_queue=failed,
                retry_attempts=3,
            )
        ],
    )
