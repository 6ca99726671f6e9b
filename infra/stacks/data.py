"""What must outlive every release: records, files, people, secrets."""

from __future__ import annotations

from aws_cdk import CfnOutput, Environment, RemovalPolicy, Stack
from aws_cdk import aws_ses as ses
from constructs import Construct

from infra.parts.buckets import Buckets
from infra.parts.identity import Identity
from infra.parts.secrets import Secrets
from infra.parts.store import Store
from infra.settings import StageSettings


class DataStack(Stack):
    """The table, three buckets and their log bucket, the user pool, two secrets, the sender of mail."""

    def __init__(self, scope: Construct, settings: StageSettings) -> None:
        super().__init__(
            scope,
            settings.stack_name("data"),
            env=Environment(region=settings.region),
            termination_protection=settings.keep_data,
        )
        prefix, keep = settings.prefix, settings.keep_data
        self.store = Store(self, "Store", table_name=f"{prefix}-table", keep=keep)
        self.buckets = Buckets(self, "Buckets", prefix=prefix, keep=keep, enforce_ssl=settings.enforce_ssl)
        self.identity = Identity(self, "Identity", prefix=prefix, keep=keep)
        self.secrets = Secrets(self, "Secrets", prefix=prefix, keep=keep)
        sender = ses.EmailIdentity(self, "MailFrom", identity=ses.Identity.email(settings.mail_from))
        sender.apply_removal_policy(RemovalPolicy.RETAIN if keep else RemovalPolicy.DESTROY)
        outputs = {
            "TableName": self.store.table.table_name,
            "UploadBucket": self.buckets.uploads.bucket_name,
            "DocumentBucket": self.buckets.documents.bucket_name,
            "BankBucket": self.buckets.bank.bucket_name,
            "UserPoolId": self.identity.pool.user_pool_id,
            "UserPoolClientId": self.identity.app.user_pool_client_id,
            "CodeSecretArn": self.secrets.code.secret_arn,
            "GatewaySecretArn": self.secrets.gateway.secret_arn,
        }
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)
