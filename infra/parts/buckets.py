"""Buckets for files that people and banks give us, and for what we print."""

from __future__ import annotations

from typing import Final

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.names import bucket_name
from infra.parts.nag import accept

UPLOADS_KEPT: Final = Duration.days(400)
OLD_VERSIONS_KEPT: Final = Duration.days(90)
LOGS_KEPT: Final = Duration.days(365)


class Buckets(Construct):
    """`uploads` (case files), `documents` (letters, invoices), `bank` (statements in, payments out)."""

    def __init__(self, scope: Construct, name: str, *, prefix: str, keep: bool, enforce_ssl: bool) -> None:
        super().__init__(scope, name)
        self._prefix, self._keep, self._enforce_ssl = prefix, keep, enforce_ssl
        self._logs = self._bucket("Logs", "access-logs", expire=LOGS_KEPT)
        accept(
            self._logs,
            "AwsSolutions-S1",
            "This bucket receives the access logs; logging itself would loop.",
        )
        self.uploads = self._bucket("Uploads", "uploads", expire=UPLOADS_KEPT)
        self.documents = self._bucket("Documents", "documents")
        self.bank = self._bucket("Bank", "bank")
        _tell_event_bridge(self.uploads)

    def _bucket(self, name: str, suffix: str, *, expire: Duration | None = None) -> s3.Bucket:
        logs = {} if suffix == "access-logs" else {
            "server_access_logs_bucket": self._logs,
            "server_access_logs_prefix": f"{suffix}/",
        }  # fmt: skip
        return s3.Bucket(
            self,
            name,
            bucket_name=bucket_name(self._prefix, suffix, Stack.of(self).account),
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            versioned=True,
            enforce_ssl=self._enforce_ssl,
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=expire,
                    noncurrent_version_expiration=OLD_VERSIONS_KEPT,
                    abort_incomplete_multipart_upload_after=Duration.days(2),
                )
            ],
            removal_policy=RemovalPolicy.RETAIN if self._keep else RemovalPolicy.DESTROY,
            **logs,  # type: ignore[arg-type]
        )


def _tell_event_bridge(bucket: s3.Bucket) -> None:
    # The native property, because CDK's own way brings a custom resource with broad rights.
    resource = bucket.node.default_child
    assert isinstance(resource, s3.CfnBucket)
    resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
        event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(event_bridge_enabled=True)
    )
