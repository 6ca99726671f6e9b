"""What the functions name in their settings, made in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from tests.support.aws import REGION, TABLE, client, make_bucket
from tests.support.people import AGENCY, COLLECTORS

SECRET = b"a secret of the stage"
BUCKETS = {"UPLOAD_BUCKET": "uploads", "DOCUMENT_BUCKET": "documents", "BANK_BUCKET": "bank"}
WAITS = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": True}}}


def environment(arns: Mapping[str, str], gateway_url: str) -> dict[str, str]:
    contact, address = AGENCY.contact, AGENCY.contact.address
    agency = {
        "name": contact.name,
        "registration_id": contact.registration_id,
        "street": address.street,
        "postal_code": address.postal_code,
        "city": address.city,
        "country": address.country,
        "email": contact.email,
        "phone": contact.phone,
        "iban": AGENCY.iban,
        "bic": AGENCY.bic,
    }
    return {
        "STAGE": "local",
        "COUNTRY": "fi",
        "TABLE_NAME": TABLE,
        "TEST_CLOCK": "true",
        "PAGE_URL": "https://pay.sovinto.example",
        "MAIL_FROM": AGENCY.contact.email,
        "AGENCY": json.dumps(agency),
        "COLLECTORS": json.dumps([asdict(collector) for collector in COLLECTORS]),
        "BUS_NAME": "bus",
        "USER_POOL_CLIENT_ID": "app",
        "GATEWAY_PROVIDER": "sandbox",
        "GATEWAY_URL": gateway_url,
        **BUCKETS,
        **arns,
    }


def resources() -> tuple[dict[str, str], str]:
    for bucket in BUCKETS.values():
        make_bucket(bucket)
    client("ses").verify_email_identity(EmailAddress=AGENCY.contact.email)
    secrets = client("secretsmanager")
    code = secrets.create_secret(Name="code", SecretString=SECRET.decode())["ARN"]
    gateway = {"api_key": "sk_sandbox", "webhook_secret": "whsec_sandbox"}
    gateway_arn = secrets.create_secret(Name="gateway", SecretString=json.dumps(gateway))["ARN"]
    machine = client("stepfunctions").create_state_machine(
        name="timeline", definition=json.dumps(WAITS), roleArn="arn:aws:iam::123456789012:role/t"
    )["stateMachineArn"]
    arns = {"CODE_SECRET_ARN": code, "GATEWAY_SECRET_ARN": gateway_arn, "TIMELINE_ARN": machine}
    return arns, _bus()


def _bus() -> str:
    """A bus whose every event lands in a queue that the test reads."""
    url = str(client("sqs").create_queue(QueueName="all")["QueueUrl"])
    events = client("events")
    events.create_event_bus(Name="bus")
    pattern = json.dumps({"source": ["sovinto"]})
    events.put_rule(Name="all", EventBusName="bus", EventPattern=pattern)
    target = {"Id": "all", "Arn": f"arn:aws:sqs:{REGION}:123456789012:all"}
    events.put_targets(Rule="all", EventBusName="bus", Targets=[target])
    return url
