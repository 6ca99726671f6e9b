"""Records, files, people and secrets: kept, encrypted, private."""

from __future__ import annotations

from tests.infra.reading import Template, of_type, one


def test_table_has_the_documented_keys_indexes_and_protection(data: Template) -> None:
    table = one(data, "AWS::DynamoDB::Table")

    indexes = {
        index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
        for index in table["GlobalSecondaryIndexes"]
    }
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "sk"]
    assert indexes == {
        "work": ["work_queue", "work_at"],
        "book": ["book_day", "book_id"],
        "client": ["client_key", "client_sort"],
    }
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert table["SSESpecification"]["SSEEnabled"] is True
    assert table["DeletionProtectionEnabled"] is True


def test_buckets_are_private_versioned_encrypted_and_logged(data: Template) -> None:
    buckets = of_type(data, "AWS::S3::Bucket")

    assert len(buckets) == 4
    for name, bucket in buckets.items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, name
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}, name
        assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"], name
        assert bucket["LifecycleConfiguration"]["Rules"], name
        assert ("LoggingConfiguration" in bucket) is not name.startswith("BucketsLogs"), name


def test_every_bucket_refuses_plain_http_in_prod(data: Template) -> None:
    refusing = {
        policy["Bucket"]["Ref"]
        for policy in of_type(data, "AWS::S3::BucketPolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    }

    assert refusing == set(of_type(data, "AWS::S3::Bucket"))


def test_only_uploads_tell_event_bridge(data: Template) -> None:
    telling = [
        name
        for name, bucket in of_type(data, "AWS::S3::Bucket").items()
        if "EventBridgeConfiguration" in bucket.get("NotificationConfiguration", {})
    ]

    assert len(telling) == 1
    assert telling[0].startswith("BucketsUploads")


def test_nobody_registers_or_moves_to_another_client_by_themselves(data: Template) -> None:
    pool, app = one(data, "AWS::Cognito::UserPool"), one(data, "AWS::Cognito::UserPoolClient")

    client_id = next(item for item in pool["Schema"] if item["Name"] == "client_id")
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert client_id["Mutable"] is False
    assert "custom:client_id" in app["ReadAttributes"]
    assert "custom:client_id" not in app["WriteAttributes"]
    assert "ALLOW_USER_PASSWORD_AUTH" in app["ExplicitAuthFlows"]


def test_secrets_are_generated_never_written(data: Template) -> None:
    secrets = of_type(data, "AWS::SecretsManager::Secret")

    assert len(secrets) == 2
    assert all("GenerateSecretString" in secret for secret in secrets.values())
    assert not any("SecretString" in secret for secret in secrets.values())


def test_data_outlives_the_stack(data: Template) -> None:
    kept = (
        "AWS::DynamoDB::Table",
        "AWS::S3::Bucket",
        "AWS::Cognito::UserPool",
        "AWS::SecretsManager::Secret",
    )

    for name, resource in data["Resources"].items():
        if resource["Type"] in kept:
            assert resource["DeletionPolicy"] == "Retain", name
            assert resource["UpdateReplacePolicy"] == "Retain", name
