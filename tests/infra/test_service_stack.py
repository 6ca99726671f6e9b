"""Routes, queues, rules, schedules and alarms."""

from __future__ import annotations

import json

from infra.parts.events import MESSAGE_EVENTS, WAKE_EVENTS
from infra.parts.http_api import ROUTES
from tests.infra.reading import Template, functions, of_type, one


def test_routes_need_a_token_unless_something_else_guards_them(service: Template) -> None:
    made = {
        route["RouteKey"]: route["AuthorizationType"]
        for route in of_type(service, "AWS::ApiGatewayV2::Route").values()
    }

    assert made == {f"{r.method} {r.path}": "NONE" if r.why_public else "JWT" for r in ROUTES}
    assert {key for key, kind in made.items() if kind == "NONE" and "/v1/" in key} == {
        "POST /v1/webhooks/{provider}",
        "GET /v1/webhooks/{provider}",
    }


def test_api_gateway_may_invoke_each_function_it_routes_to(service: Template) -> None:
    invoked = {
        permission["FunctionName"]["Fn::GetAtt"][0]
        for permission in of_type(service, "AWS::Lambda::Permission").values()
        if permission["Principal"] == "apigateway.amazonaws.com"
    }

    assert len(invoked) == len({route.function for route in ROUTES})


def test_api_is_throttled_logged_and_pinned_by_its_tag(service: Template) -> None:
    stage, api = one(service, "AWS::ApiGatewayV2::Stage"), one(service, "AWS::ApiGatewayV2::Api")

    log = json.loads(stage["AccessLogSettings"]["Format"])
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] > 0
    assert api["Tags"]["ms-custom-id"] == "sovinto"
    assert not {"$context.path", "$context.identity.sourceIp"} & set(log.values())


def test_every_queue_has_a_dead_letter_queue_or_is_one(service: Template) -> None:
    queues = of_type(service, "AWS::SQS::Queue")

    dead = {
        queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for queue in queues.values()
        if "RedrivePolicy" in queue
    }
    without = {name for name, queue in queues.items() if "RedrivePolicy" not in queue}
    assert {name for name in without if not name.startswith("Failed")} == dead
    assert len(queues) == 9


def test_queues_are_worked_with_partial_failures_and_enough_patience(service: Template) -> None:
    sources = [
        s for s in of_type(service, "AWS::Lambda::EventSourceMapping").values() if "ScalingConfig" in s
    ]
    timeouts = {name: function["Timeout"] for name, function in functions(service).items()}
    patience = {
        q["QueueName"].rsplit("-", 1)[1]: q["VisibilityTimeout"]
        for q in of_type(service, "AWS::SQS::Queue").values()
        if "VisibilityTimeout" in q
    }

    assert all(source["FunctionResponseTypes"] == ["ReportBatchItemFailures"] for source in sources)
    assert patience == {
        "files": 6 * timeouts["import_cases"],
        "messages": 6 * timeouts["send_message"],
        "wakes": 6 * timeouts["wake_case"],
        "steps": 6 * timeouts["case_step"],
    }


def test_only_new_outbox_rows_are_relayed_and_failures_are_kept(service: Template) -> None:
    relay = next(
        s
        for s in of_type(service, "AWS::Lambda::EventSourceMapping").values()
        if "BisectBatchOnFunctionError" in s
    )

    pattern = json.loads(relay["FilterCriteria"]["Filters"][0]["Pattern"])
    assert pattern == {
        "eventName": ["INSERT"],
        "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "OUTBOX#"}]}}},
    }
    assert relay["BisectBatchOnFunctionError"] is True
    assert "OnFailure" in relay["DestinationConfig"]


def test_events_reach_the_queues_they_are_for(service: Template) -> None:
    rules = {
        name: rule for name, rule in of_type(service, "AWS::Events::Rule").items() if "EventPattern" in rule
    }

    types = {
        name.removeprefix("Events")[:5]: rule["EventPattern"]["detail-type"] for name, rule in rules.items()
    }
    assert types == {"Messa": list(MESSAGE_EVENTS), "Wakes": list(WAKE_EVENTS), "NewFi": ["Object Created"]}
    assert all(target["DeadLetterConfig"] for rule in rules.values() for target in rule["Targets"])


def test_schedules_give_an_empty_input(service: Template) -> None:
    scheduled = [
        rule for rule in of_type(service, "AWS::Events::Rule").values() if "ScheduleExpression" in rule
    ]

    assert sorted(rule["ScheduleExpression"] for rule in scheduled) == [
        "cron(0 5 * * ? *)",
        "cron(30 3 * * ? *)",
        "cron(30 4 * * ? *)",
        "rate(15 minutes)",
        "rate(5 minutes)",
    ]
    assert {target["Input"] for rule in scheduled for target in rule["Targets"]} == {"{}"}


def test_a_failed_scheduled_run_is_kept(service: Template) -> None:
    configured = of_type(service, "AWS::Lambda::EventInvokeConfig").values()

    assert len(configured) == 5
    assert all("OnFailure" in config["DestinationConfig"] for config in configured)


def test_alarms_watch_dead_letters_errors_the_clock_and_the_bank(service: Template) -> None:
    names = {
        alarm["AlarmName"].removeprefix("sovinto-fi-prod-")
        for alarm in of_type(service, "AWS::CloudWatch::Alarm").values()
    }

    assert {
        "dead-letters-files",
        "dead-letters-messages",
        "dead-letters-wakes",
        "dead-letters-failed",
    } <= names
    assert {"tick-stopped", "statement-held", "books-broken", "law-missing", "executions-failed"} <= names
    assert {f"errors-{name.replace('_', '-')}" for name in functions(service)} <= names


def test_one_lack_of_law_is_enough_to_wake_somebody(service: Template) -> None:
    """The alarm hangs on the very metric that case_step puts, under its own name."""
    alarm = next(
        alarm
        for alarm in of_type(service, "AWS::CloudWatch::Alarm").values()
        if alarm["AlarmName"].endswith("-law-missing")
    )

    assert (alarm["Namespace"], alarm["MetricName"]) == ("Sovinto", "law_missing")
    assert alarm["Dimensions"] == [{"Name": "service", "Value": "case_step"}]
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Maximum", 1)
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
