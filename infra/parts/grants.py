"""Least privilege as one table: which function may do what to what.

A target is a name from `Targets`, for buckets with the key prefix after a colon. No row holds
dynamodb:Scan or dynamodb:DeleteItem; an index is granted only where it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aws_cdk import aws_iam as iam

READ: Final = ("dynamodb:GetItem", "dynamodb:Query")
WRITE: Final = (
    *READ,
    "dynamodb:BatchGetItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:ConditionCheckItem",
)
SEALING: Final = ("dynamodb:PutItem",)
QUERY: Final = ("dynamodb:Query",)
GET: Final = ("s3:GetObject",)
VERSION: Final = ("s3:GetObjectVersion",)
PUT: Final = ("s3:PutObject",)
LIST: Final = ("s3:ListBucket",)
DELETE: Final = ("s3:DeleteObject",)
SECRET: Final = ("secretsmanager:GetSecretValue",)
TOKEN: Final = ("states:SendTaskSuccess",)
START: Final = ("states:StartExecution",)
LOOK: Final = ("states:DescribeExecution", "states:StopExecution")
MAIL: Final = ("ses:SendEmail", "ses:SendRawEmail")
TEXT: Final = ("sns:Publish",)
EVENTS: Final = ("events:PutEvents",)

Grant = tuple[str, tuple[str, ...]]

GRANTS: Final[dict[str, tuple[Grant, ...]]] = {
    "intake_api": (
        ("table", WRITE),
        ("index/client", QUERY),
        ("index/work", QUERY),
        ("uploads:inbox/*", PUT),
        ("uploads:reports/*", GET),
        ("documents:clients/*", GET),
        ("code_secret", SECRET),
    ),
    "import_cases": (
        ("table", WRITE),
        ("index/work", QUERY),
        ("uploads:inbox/*", GET),
        ("uploads:reports/*", PUT),
    ),
    "case_step": (("table", WRITE), ("code_secret", SECRET), ("timeline", START), ("tokens", TOKEN)),
    "wake_case": (("table", WRITE), ("timeline", START), ("tokens", TOKEN), ("executions", LOOK)),
    "tick": (
        ("table", WRITE),
        ("index/work", QUERY),
        ("timeline", START),
        ("tokens", TOKEN),
        ("executions", LOOK),
    ),
    "send_message": (
        ("table", WRITE),
        ("documents:post/*", PUT),
        ("documents:email/*", PUT),
        ("code_secret", SECRET),
        ("mail", MAIL),
        ("phones", TEXT),
    ),
    "portal": (
        ("table", WRITE),
        ("documents:post/*", GET),
        ("documents:email/*", GET),
        ("code_secret", SECRET),
        ("gateway_secret", SECRET),
    ),
    "client_portal": (
        ("table", WRITE),
        ("index/client", QUERY),
        ("uploads:inbox/*", PUT),
        ("uploads:reports/*", GET),
        ("documents:clients/*", GET),
        ("code_secret", SECRET),
    ),
    "payment_hook": (("table", WRITE), ("gateway_secret", SECRET)),
    "ask_reports": (("gateway_secret", SECRET),),
    "import_statement": (
        ("table", WRITE),
        ("index/work", QUERY),
        ("index/book", QUERY),
        ("bank", LIST),
        ("bank:inbox/*", (*GET, *VERSION, *DELETE)),
        ("bank:importing/*", (*GET, *VERSION, *PUT, *DELETE)),
        ("bank:processed/*", PUT),
        ("bank:held/*", (*GET, *VERSION, *PUT, *DELETE)),
        ("bank:rejected/*", (*GET, *VERSION, *PUT, *DELETE)),
        ("bank:shown/*", PUT),
    ),
    "pay_clients": (
        ("table", WRITE),
        ("index/work", QUERY),
        ("index/client", QUERY),
        ("index/book", QUERY),
        ("bank:outgoing/*", PUT),
        ("documents:clients/*", PUT),
        ("documents:clients/*/invoices/*", GET),
        ("mail", MAIL),
        ("gateway_secret", SECRET),
    ),
    "prove_books": (
        ("table", READ),
        ("seals", SEALING),
        ("index/book", QUERY),
        ("index/work", QUERY),
        ("index/client", QUERY),
        ("bank", LIST),
        ("bank:processed/*", GET),
        ("bank:rejected/*", GET),
    ),
    "relay_events": (("bus", EVENTS),),
    "desk": (
        ("table", WRITE),
        ("index/work", QUERY),
        ("index/book", QUERY),
        ("bank", LIST),
        ("bank:outgoing/*", PUT),
        ("bank:held/*", (*GET, *VERSION)),
        ("bank:rejected/*", (*GET, *VERSION)),
        ("code_secret", SECRET),
    ),
}

CONDITIONS: Final[dict[tuple[str, str], dict[str, dict[str, str | list[str]]]]] = {
    ("import_statement", "bank"): {
        "StringLike": {"s3:prefix": ["inbox/*", "importing/*", "held/*", "rejected/*"]}
    },
    ("desk", "bank"): {"StringLike": {"s3:prefix": ["held/*", "rejected/*"]}},
    ("prove_books", "bank"): {"StringLike": {"s3:prefix": ["processed/*", "rejected/*"]}},
    ("prove_books", "seals"): {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "SEAL"}},
}


def statements(function: str, targets: Mapping[str, str]) -> list[iam.PolicyStatement]:
    """The policy statements of one function; `targets` maps target names to ARNs."""
    return [_statement(function, target, actions, targets) for target, actions in GRANTS[function]]


def _statement(
    function: str, target: str, actions: tuple[str, ...], targets: Mapping[str, str]
) -> iam.PolicyStatement:
    if target == "phones":
        # A phone number has no ARN: everything that is not a topic.
        return iam.PolicyStatement(actions=list(actions), not_resources=["arn:aws:sns:*:*:*"])
    return iam.PolicyStatement(
        actions=list(actions),
        resources=[_arn(target, targets)],
        conditions=CONDITIONS.get((function, target)),
    )


def _arn(target: str, targets: Mapping[str, str]) -> str:
    name, _, keys = target.partition(":")
    if name.startswith("index/"):
        return f"{targets['table']}/{name}"
    return f"{targets[name]}/{keys}" if keys else targets[name]
