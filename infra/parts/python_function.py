"""Every function is made here, so that none lacks a log group, a trace, a role of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.names import dashed, function_name
from infra.parts.functions import SETTINGS, SIZES
from infra.parts.nag import accept
from infra.paths import FUNCTIONS

RUNTIME: Final = lambda_.Runtime.PYTHON_3_13
METRIC_NAMESPACE: Final = "Sovinto"
PREFIX_REASON: Final = (
    "Names are made at run time; the grant ends at this bucket and prefix, or this state machine."
)
RUNTIME_REASON: Final = (
    "The locked wheels are built and tested for 3.13; the next runtime comes with the next lock."
)


@dataclass(frozen=True, slots=True)
class Layers:
    core: lambda_.ILayerVersion
    vendor: lambda_.ILayerVersion
    typesetting: lambda_.ILayerVersion

    def for_function(self, *, prints: bool) -> list[lambda_.ILayerVersion]:
        return [self.core, self.vendor, *([self.typesetting] if prints else [])]


class PythonFunction(Construct):
    """One Lambda from functions/<name>: handler.handle, own role, own log group, typed environment."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        prefix: str,
        values: Mapping[str, str],
        layers: Layers,
        log_days: int,
        folder: Path = FUNCTIONS,
    ) -> None:
        super().__init__(scope, name)
        size = SIZES[name]
        log_group = _log_group(self, f"/aws/lambda/{function_name(prefix, name)}", log_days)
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=f"Function {name}",
        )
        log_group.grant_write(self.role)
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=function_name(prefix, name),
            description=f"Sovinto {dashed(name)}",
            runtime=RUNTIME,
            architecture=lambda_.Architecture.ARM_64,
            code=lambda_.Code.from_asset(
                str(_source(folder, name)), exclude=["**/__pycache__", "**/*.pyc"]
            ),
            handler="handler.handle",
            memory_size=size.memory,
            timeout=Duration.seconds(size.timeout),
            reserved_concurrent_executions=1 if size.alone else None,
            environment=_environment(name, values),
            layers=layers.for_function(prints=size.prints),
            log_group=log_group,
            role=self.role,
            tracing=lambda_.Tracing.ACTIVE,
        )
        accept(self.role, "AwsSolutions-IAM5[Resource::*]", _star_reason(name))
        accept(self.function, "AwsSolutions-L1", RUNTIME_REASON)

    def allow(self, statements: list[iam.PolicyStatement]) -> None:
        """Adds the grants; a wildcard below a named prefix is accepted one by one, a bare `*` never is."""
        stack = Stack.of(self)
        for statement in statements:
            self.role.add_to_policy(statement)
            for arn in statement.resources:
                shown = arn.replace(stack.partition, "<AWS::Partition>").replace(
                    stack.account, "<AWS::AccountId>"
                )
                if shown.endswith("*") and shown != "*":
                    accept(self.role, f"AwsSolutions-IAM5[Resource::{shown}]", PREFIX_REASON)


def _source(folder: Path, name: str) -> Path:
    source = folder / name
    if not (source / "handler.py").is_file():
        raise FileNotFoundError(f"functions/{name}/handler.py is missing; settings.py names this function")
    return source


def _environment(name: str, values: Mapping[str, str]) -> dict[str, str]:
    """Exactly the fields of its Settings class, and what the logger wants. KeyError: a value not given."""
    wanted = {field.name.upper(): values[field.name] for field in fields(SETTINGS[name])}
    return {
        **wanted,
        "POWERTOOLS_SERVICE_NAME": name,
        "POWERTOOLS_METRICS_NAMESPACE": METRIC_NAMESPACE,
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }


def _log_group(scope: Construct, name: str, days: int) -> logs.LogGroup:
    return logs.LogGroup(
        scope,
        "Logs",
        log_group_name=name,
        retention={30: logs.RetentionDays.ONE_MONTH, 400: logs.RetentionDays.THIRTEEN_MONTHS}[days],
        removal_policy=RemovalPolicy.DESTROY,
    )


def _star_reason(name: str) -> str:
    reason = "X-Ray segments have no resource to name."
    if name == "relay_events":
        reason += " dynamodb:ListStreams has none either."
    return reason
