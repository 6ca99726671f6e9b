"""Deployed in place of every function: shows what its role may do, and that events arrive."""

import json
import os

import boto3
from botocore.exceptions import ClientError

NAME = os.environ["POWERTOOLS_SERVICE_NAME"]
TABLE = os.environ["TABLE_NAME"]


def handle(event, context):
    if "calls" in event:
        return [_try(*call) for call in event["calls"]]
    if "requestContext" in event:
        return _page(event)
    return WORK.get(NAME, _note)(event)


def _try(service, operation, arguments):
    try:
        getattr(boto3.client(service), operation)(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "ok"


def _page(event):
    claims = event["requestContext"].get("authorizer", {}).get("jwt", {}).get("claims", {})
    body = {"function": NAME, "path": event["rawPath"], "client_id": claims.get("custom:client_id")}
    return {"statusCode": 200, "body": json.dumps(body), "cookies": ["a=1", "b=2"]}


def _note(event):
    """Remember in the table that this function was called."""
    boto3.client("dynamodb").put_item(
        TableName=TABLE,
        Item={"pk": {"S": f"PROBE#{NAME}"}, "sk": {"S": "SEEN"}, "event": {"S": json.dumps(event)}},
    )
    return {"batchItemFailures": []}


def _publish(event):
    for record in event["Records"]:
        detail = json.dumps({"row": record["dynamodb"]["Keys"]["sk"]["S"]})
        entry = {"Source": "sovinto", "DetailType": "case.submitted.v1", "Detail": detail}
        boto3.client("events").put_events(Entries=[{**entry, "EventBusName": os.environ["BUS_NAME"]}])
    return {"batchItemFailures": []}


def _step(event):
    """Plays the script that the test stored with the case: one word per state; a rest stores its token."""
    for record in event["Records"]:
        task = json.loads(record["body"])
        item = _script(task)
        step, *rest = item["steps"]["S"].split()
        _store({**item, "steps": {"S": " ".join(rest)}, "token": {"S": task["token"]}})
        if step != "rest":
            output = json.dumps({"step": step, "version": 1, "reason": "script"})
            boto3.client("stepfunctions").send_task_success(taskToken=task["token"], output=output)
    return {"batchItemFailures": []}


def _script(event):
    key = {"pk": {"S": event["case_id"]}, "sk": {"S": "SCRIPT"}}
    return boto3.client("dynamodb").get_item(TableName=TABLE, Key=key, ConsistentRead=True)["Item"]


def _store(item):
    boto3.client("dynamodb").put_item(TableName=TABLE, Item=item)


WORK = {"relay_events": _publish, "case_step": _step}
