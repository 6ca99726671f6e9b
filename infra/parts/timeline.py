"""The state machine of one case, from the reviewed file infra/state_machines/case_timeline.asl.json."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.names import timeline_name
from infra.parts.nag import accept

DEFINITION: Final = Path(__file__).parent.parent / "state_machines" / "case_timeline.asl.json"


def timeline_arn(stack: Stack, prefix: str) -> str:
    """Built from the name: the functions it calls also call it, so neither can wait for the other."""
    return (
        f"arn:{stack.partition}:states:{stack.region}:{stack.account}:stateMachine:{timeline_name(prefix)}"
    )


def executions_arn(stack: Stack, prefix: str) -> str:
    return (
        f"arn:{stack.partition}:states:{stack.region}:{stack.account}:execution:{timeline_name(prefix)}:*"
    )


class Timeline(Construct):
    """Standard workflow; errors are logged without data, for the state holds ids and nothing else."""

    def __init__(self, scope: Construct, name: str, *, prefix: str, steps: sqs.IQueue) -> None:
        super().__init__(scope, name)
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("states.amazonaws.com"))
        role.add_to_policy(iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[steps.queue_arn]))
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            state_machine_name=timeline_name(prefix),
            state_machine_type=sfn.StateMachineType.STANDARD,
            definition_body=sfn.DefinitionBody.from_string(DEFINITION.read_text("utf-8")),
            definition_substitutions={"StepQueueUrl": steps.queue_url},
            role=role,
            tracing_enabled=True,
            logs=sfn.LogOptions(
                level=sfn.LogLevel.ERROR,
                include_execution_data=False,
                destination=logs.LogGroup(
                    self,
                    "Logs",
                    log_group_name=f"/aws/vendedlogs/states/{timeline_name(prefix)}",
                    retention=logs.RetentionDays.THREE_MONTHS,
                    removal_policy=RemovalPolicy.DESTROY,
                ),
            ),
        )
        accept(
            self.machine,
            "AwsSolutions-SF1",
            "Standard executions keep their own history; errors alone are logged.",
        )
        accept(role, "AwsSolutions-IAM5[Resource::*]", "Log delivery and X-Ray have no resource to name.")
