"""The deployed template at work: grants, event paths, the timeline, the front door. IAM is enforced."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.running import Running
from infra.local.stage import local_stage
from infra.parts.functions import SETTINGS
from infra.paths import BUILD
from tests.support.local_cloud import eventually

pytestmark = [pytest.mark.journey, pytest.mark.enable_socket]

PASSWORD = "Correct-horse-9-battery"


@pytest.fixture(scope="module")
def cloud() -> Iterator[Running]:
    """Every function replaced by the probe."""
    functions = BUILD / "local-tests" / "probes"
    for name in SETTINGS:
        (functions / name).mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(__file__).with_name("probe.py"), functions / name / "handler.py")
    with local_stage(port=0, folder=BUILD / "local-tests" / "infra", functions=functions) as running:
        yield running


def _call(cloud: Running, function: str, service: str, operation: str, **arguments: Any) -> str:
    [outcome] = cloud.invoke(function, {"calls": [[service, operation, arguments]]})
    return str(outcome)


def _query(index: str, attribute: str) -> dict[str, Any]:
    return {
        "IndexName": index,
        "KeyConditionExpression": f"{attribute} = :value",
        "ExpressionAttributeValues": {":value": {"S": "none"}},
    }


KEY = {"pk": {"S": "PROBE"}, "sk": {"S": "KEY"}}


NO_TABLE = "ask_reports"


def test_who_only_asks_the_provider_has_no_right_to_the_table(cloud: Running) -> None:
    table = {"TableName": cloud.table_name}

    assert _call(cloud, NO_TABLE, "dynamodb", "put_item", Item=KEY, **table) == "AccessDeniedException"
    assert _call(cloud, NO_TABLE, "dynamodb", "get_item", Key=KEY, **table) == "AccessDeniedException"


@pytest.mark.parametrize("function", sorted(set(SETTINGS) - {"relay_events", NO_TABLE}))
def test_records_are_written_but_never_scanned_or_deleted(cloud: Running, function: str) -> None:
    table = {"TableName": cloud.table_name}

    assert _call(cloud, function, "dynamodb", "put_item", Item=KEY, **table) == "ok"
    assert _call(cloud, function, "dynamodb", "get_item", Key=KEY, **table) == "ok"
    assert _call(cloud, function, "dynamodb", "scan", **table) == "AccessDeniedException"
    assert _call(cloud, function, "dynamodb", "delete_item", Key=KEY, **table) == "AccessDeniedException"


def test_a_transaction_of_all_three_kinds_is_allowed(cloud: Running) -> None:
    table = {"TableName": cloud.table_name}
    first, second, third = ({"pk": {"S": "T"}, "sk": {"S": sk}} for sk in "123")
    change = {"UpdateExpression": "SET a = :a", "ExpressionAttributeValues": {":a": {"S": "x"}}}
    writes = [
        {"Put": {**table, "Item": first}},
        {"Update": {**table, "Key": second, **change}},
        {"ConditionCheck": {**table, "Key": third, "ConditionExpression": "attribute_not_exists(pk)"}},
    ]

    assert _call(cloud, "case_step", "dynamodb", "transact_write_items", TransactItems=writes) == "ok"


@pytest.mark.parametrize(
    ("function", "index", "attribute", "outcome"),
    [
        ("tick", "work", "work_queue", "ok"),
        ("pay_clients", "work", "work_queue", "ok"),
        ("intake_api", "client", "client_key", "ok"),
        ("client_portal", "client", "client_key", "ok"),
        ("portal", "client", "client_key", "AccessDeniedException"),
        ("prove_books", "book", "book_day", "ok"),
        ("tick", "book", "book_day", "AccessDeniedException"),
    ],
)
def test_indexes_are_open_only_to_those_who_read_them(
    cloud: Running, function: str, index: str, attribute: str, outcome: str
) -> None:
    query = {"TableName": cloud.table_name, **_query(index, attribute)}

    assert _call(cloud, function, "dynamodb", "query", **query) == outcome


@pytest.mark.parametrize(
    ("function", "bucket", "key", "outcome"),
    [
        ("import_statement", "BankBucket", "processed/a", "ok"),
        ("import_statement", "BankBucket", "inbox/a", "AccessDenied"),
        ("pay_clients", "BankBucket", "outgoing/a", "ok"),
        ("prove_books", "BankBucket", "processed/a", "AccessDenied"),
        ("pay_clients", "BankBucket", "inbox/a", "AccessDenied"),
        ("pay_clients", "DocumentBucket", "clients/a", "ok"),
        ("send_message", "DocumentBucket", "post/a", "ok"),
        ("send_message", "DocumentBucket", "clients/a", "AccessDenied"),
        ("import_cases", "UploadBucket", "reports/a", "ok"),
        ("import_cases", "UploadBucket", "inbox/a", "AccessDenied"),
        ("portal", "DocumentBucket", "post/a", "AccessDenied"),
    ],
)
def test_files_are_written_only_where_they_belong(
    cloud: Running, function: str, bucket: str, key: str, outcome: str
) -> None:
    target = {"Bucket": cloud.outputs[bucket], "Key": key, "Body": "x"}

    assert _call(cloud, function, "s3", "put_object", **target) == outcome


@pytest.mark.parametrize(
    ("function", "secret", "outcome"),
    [
        ("portal", "GatewaySecretArn", "ok"),
        ("payment_hook", "GatewaySecretArn", "ok"),
        ("case_step", "CodeSecretArn", "ok"),
        ("case_step", "GatewaySecretArn", "AccessDeniedException"),
        ("payment_hook", "CodeSecretArn", "AccessDeniedException"),
    ],
)
def test_secrets_are_read_only_by_those_who_need_them(
    cloud: Running, function: str, secret: str, outcome: str
) -> None:
    name = {"SecretId": cloud.outputs[secret]}

    assert _call(cloud, function, "secretsmanager", "get_secret_value", **name) == outcome


def test_texts_go_to_phones_never_to_topics(cloud: Running) -> None:
    topic = {"TopicArn": f"arn:aws:sns:{cloud.region}:000000000000:any", "Message": "x"}
    phone = {"PhoneNumber": "+358401234567", "Message": "x"}

    assert _call(cloud, "send_message", "sns", "publish", **phone) == "ok"
    assert _call(cloud, "send_message", "sns", "publish", **topic) == "AuthorizationError"


def test_mail_leaves_only_from_a_proven_sender(cloud: Running) -> None:
    content = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
    mail = {"Destination": {"ToAddresses": ["debtor@sovinto.example"]}, "Content": content}

    ours = _call(
        cloud, "send_message", "sesv2", "send_email", FromEmailAddress="perinta@sovinto.example", **mail
    )
    other = _call(cloud, "send_message", "sesv2", "send_email", FromEmailAddress="ceo@bank.example", **mail)

    assert (ours, other) == ("ok", "MessageRejected")


def _seen(cloud: Running, function: str) -> str | None:
    key = {"pk": {"S": f"PROBE#{function}"}, "sk": {"S": "SEEN"}}
    item = (
        cloud.client("dynamodb")
        .get_item(TableName=cloud.table_name, Key=key, ConsistentRead=True)
        .get("Item")
    )
    return str(item["event"]["S"]) if item else None


def test_an_outbox_row_wakes_its_case_through_stream_bus_and_queue(cloud: Running) -> None:
    table = cloud.client("dynamodb")
    for sk in ("CASE", "OUTBOX#ev_1"):
        table.put_item(TableName=cloud.table_name, Item={"pk": {"S": "CASE#c1"}, "sk": {"S": sk}})

    event = json.loads(eventually(lambda: _seen(cloud, "wake_case")))

    rows = [json.loads(record["body"])["detail"]["row"] for record in event["Records"]]
    assert rows == ["OUTBOX#ev_1"]


def test_an_uploaded_file_reaches_the_import_and_its_report_does_not(cloud: Running) -> None:
    s3, bucket = cloud.client("s3"), cloud.outputs["UploadBucket"]
    for key in ("reports/cl_1/u1.json", "inbox/cl_1/u1.csv"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")

    event = json.loads(eventually(lambda: _seen(cloud, "import_cases")))

    keys = [json.loads(record["body"])["detail"]["object"]["key"] for record in event["Records"]]
    assert keys == ["inbox/cl_1/u1.csv"]


def test_the_timeline_performs_waits_and_is_woken(cloud: Running) -> None:
    table, states = cloud.client("dynamodb"), cloud.client("stepfunctions")
    script = {"pk": {"S": "c9"}, "sk": {"S": "SCRIPT"}}
    steps = {"S": "send_reminder rest done"}
    table.put_item(TableName=cloud.table_name, Item={**script, "steps": steps})
    started = states.start_execution(
        stateMachineArn=cloud.outputs["TimelineArn"], name="case-c9-1", input=json.dumps({"case_id": "c9"})
    )
    token = eventually(lambda: _resting(table.get_item(TableName=cloud.table_name, Key=script)["Item"]))

    output = json.dumps({"step": "send_demand", "version": 2, "reason": "due"})
    woken = _call(cloud, "tick", "stepfunctions", "send_task_success", taskToken=token, output=output)

    execution = {"executionArn": started["executionArn"]}
    status = eventually(lambda: _ended(states.describe_execution(**execution)["status"]))
    assert (woken, status) == ("ok", "SUCCEEDED")
    assert _story(states, execution) == [
        "Decide", "Route", "SendReminder", "Route", "SendDemand", "Route", "Done",
    ]  # fmt: skip


def _resting(item: dict[str, Any]) -> str | None:
    """The token that waits once the script has come to its rest."""
    return str(item["token"]["S"]) if item["steps"]["S"] == "done" else None


def _ended(status: str) -> str | None:
    return None if status == "RUNNING" else status


def _story(states: Any, execution: dict[str, str]) -> list[str]:
    history = states.get_execution_history(**execution, maxResults=1000)["events"]
    return [e["stateEnteredEventDetails"]["name"] for e in history if "stateEnteredEventDetails" in e]


def test_client_routes_need_a_token_and_learn_the_client_from_it(cloud: Running) -> None:
    with pytest.raises(urllib.error.HTTPError, match="401"):
        _get(cloud, "/v1/cases")

    answer = _get(cloud, "/v1/cases", token=_token(cloud))

    assert answer == {"function": "intake_api", "path": "/v1/cases", "client_id": "cl_1"}


@pytest.mark.parametrize(
    ("path", "function"),
    [
        ("/d/abc?x=1", "portal"),
        ("/assets/a.css", "portal"),
        ("/client", "client_portal"),
        ("/client/a/b", "client_portal"),
    ],
)
def test_pages_are_public_and_go_to_their_function(cloud: Running, path: str, function: str) -> None:
    assert _get(cloud, path)["function"] == function


def test_the_front_door_keeps_every_cookie_and_adds_no_open_origin(cloud: Running) -> None:
    with urllib.request.urlopen(f"{cloud.url}/client") as answer:
        assert answer.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_sandbox_and_outbox_stand_behind_the_front_door(cloud: Running) -> None:
    with pytest.raises(urllib.error.HTTPError, match="401"):
        _get(cloud, "/sandbox/v1/payouts")
    with urllib.request.urlopen(f"{cloud.url}/outbox") as answer:
        assert answer.status == 200


def _get(cloud: Running, path: str, token: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with urllib.request.urlopen(urllib.request.Request(cloud.url + path, headers=headers)) as answer:
        return json.loads(answer.read())


def _token(cloud: Running) -> str:
    cognito, pool = cloud.client("cognito-idp"), cloud.outputs["UserPoolId"]
    user = {"UserPoolId": pool, "Username": "person@client.example"}
    attributes = [
        {"Name": "email", "Value": user["Username"]},
        {"Name": "custom:client_id", "Value": "cl_1"},
    ]
    cognito.admin_create_user(**user, UserAttributes=attributes, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(**user, Password=PASSWORD, Permanent=True)
    answer = cognito.initiate_auth(
        ClientId=cloud.outputs["UserPoolClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": user["Username"], "PASSWORD": PASSWORD},
    )
    return str(answer["AuthenticationResult"]["IdToken"])
