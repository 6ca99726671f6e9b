"""What only AWS has: who is told of alarms, and the dashboard."""

from __future__ import annotations

from aws_cdk import Environment, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.settings import StageSettings
from infra.stacks.service import ServiceStack


class EdgeStack(Stack):
    """Never deployed to the local cloud, which has no composite alarms."""

    def __init__(self, scope: Construct, settings: StageSettings, service: ServiceStack) -> None:
        super().__init__(scope, settings.stack_name("edge"), env=Environment(region=settings.region))
        prefix = settings.prefix
        topic = sns.Topic(self, "Alarms", topic_name=f"{prefix}-alarms", enforce_ssl=True)
        topic.add_subscription(subscriptions.EmailSubscription(settings.alarm_mail))
        anything = cloudwatch.CompositeAlarm(
            self,
            "Anything",
            composite_alarm_name=f"{prefix}-anything",
            alarm_description="Any alarm of the service; the runbook has a section per alarm name.",
            alarm_rule=cloudwatch.AlarmRule.any_of(
                *(
                    cloudwatch.AlarmRule.from_alarm(a, cloudwatch.AlarmState.ALARM)
                    for a in service.alarms.all
                )
            ),
        )
        anything.add_alarm_action(actions.SnsAction(topic))
        self._dashboard(prefix, service)

    def _dashboard(self, prefix: str, service: ServiceStack) -> None:
        board = cloudwatch.Dashboard(self, "Dashboard", dashboard_name=prefix)
        board.add_widgets(cloudwatch.AlarmStatusWidget(alarms=service.alarms.all, title="Alarms", width=24))
        functions = service.functions
        board.add_widgets(
            _graph("Errors", [f.metric_errors() for f in functions.values()]),
            _graph("Duration", [f.metric_duration() for f in functions.values()]),
        )


def _graph(title: str, metrics: list[cloudwatch.Metric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=metrics, width=12)
