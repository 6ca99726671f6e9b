"""The two secrets the functions read at run time; functions name them, grants list their ARNs."""

from __future__ import annotations

import json

from aws_cdk import RemovalPolicy
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.names import secret_name
from infra.parts.nag import accept


class Secrets(Construct):
    """`code`: key of the access codes in letters. `gateway`: JSON `{api_key, webhook_secret}`, and
    `account` for Paytrail."""

    def __init__(self, scope: Construct, name: str, *, prefix: str, keep: bool) -> None:
        super().__init__(scope, name)
        removal = RemovalPolicy.RETAIN if keep else RemovalPolicy.DESTROY
        self.code = secretsmanager.Secret(
            self,
            "Code",
            secret_name=secret_name(prefix, "code"),
            description="Key of the access codes printed in letters",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=64, exclude_punctuation=True
            ),
            removal_policy=removal,
        )
        self.gateway = secretsmanager.Secret(
            self,
            "Gateway",
            secret_name=secret_name(prefix, "gateway"),
            description="api_key and webhook_secret of the payment provider, from its console",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=json.dumps({"api_key": "set-me"}),
                generate_string_key="webhook_secret",
                password_length=48,
                exclude_punctuation=True,
            ),
            removal_policy=removal,
        )
        accept(
            self.code,
            "AwsSolutions-SMG4",
            "Codes on paper already with people are derived from it; rotation would void their letters.",
        )
        accept(
            self.gateway,
            "AwsSolutions-SMG4",
            "The provider issues these values; rotation is a runbook step.",
        )
