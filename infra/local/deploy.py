"""Deploys a synthesised assembly with boto3 alone: assets, then the stacks in order."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import WaiterError

from infra.local.cloud import Cloud, CloudFailed

ACCOUNT: Final = "000000000000"
BOOTSTRAP: Final = ("/cdk-bootstrap/hnb659fds/version", "21")


def deploy(
    cloud: Cloud, assembly: Path, stacks: Sequence[str], parameters: Mapping[str, str]
) -> dict[str, str]:
    """Create the stacks one after the other; the outputs of all of them.

    `parameters` are given to the stacks that declare them. Raises CloudFailed with the reason of the
    first resource that failed.
    """
    bucket = f"cdk-hnb659fds-assets-{ACCOUNT}-{cloud.region}"
    s3 = _client(cloud, "s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": cloud.region})
    _client(cloud, "ssm").put_parameter(Name=BOOTSTRAP[0], Value=BOOTSTRAP[1], Type="String")
    outputs: dict[str, str] = {}
    for stack in stacks:
        url = _upload(s3, cloud, bucket, assembly, stack)
        template = json.loads((assembly / f"{stack}.template.json").read_text("utf-8"))
        known = {
            name: value for name, value in parameters.items() if name in template.get("Parameters", {})
        }
        outputs |= _create(_client(cloud, "cloudformation"), stack, url, known)
        _reserve(_client(cloud, "lambda"), template)
    return outputs


def _client(cloud: Cloud, service: str) -> Any:
    return cloud.session().client(service, endpoint_url=cloud.endpoint_url)


def _upload(s3: Any, cloud: Cloud, bucket: str, assembly: Path, stack: str) -> str:
    """Uploads what the stack's manifest lists; the address of its template."""
    files = json.loads((assembly / f"{stack}.assets.json").read_text("utf-8"))["files"]
    address = ""
    for entry in files.values():
        source, packaging = assembly / entry["source"]["path"], entry["source"]["packaging"]
        key = next(iter(entry["destinations"].values()))["objectKey"]
        s3.put_object(
            Bucket=bucket, Key=key, Body=zipped(source) if packaging == "zip" else source.read_bytes()
        )
        if source.name == f"{stack}.template.json":
            address = f"{cloud.endpoint_url}/{bucket}/{key}"
    return address


def zipped(folder: Path) -> bytes:
    """The folder as a zip file, always the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix())
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, path.read_bytes())
    return buffer.getvalue()


def _create(cloudformation: Any, stack: str, url: str, parameters: Mapping[str, str]) -> dict[str, str]:
    cloudformation.create_stack(
        StackName=stack,
        TemplateURL=url,
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
        Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    try:
        cloudformation.get_waiter("stack_create_complete").wait(
            StackName=stack, WaiterConfig={"Delay": 0.2, "MaxAttempts": 600}
        )
    except WaiterError as error:
        raise CloudFailed(f"stack {stack} failed: {_first_failure(cloudformation, stack)}") from error
    described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    return {o["OutputKey"]: o["OutputValue"] for o in described.get("Outputs", ())}


def _reserve(functions: Any, template: Mapping[str, Any]) -> None:
    # The emulator obeys reserved concurrency, but does not read it from a template.
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if "ReservedConcurrentExecutions" in properties:
            functions.put_function_concurrency(
                FunctionName=properties["FunctionName"],
                ReservedConcurrentExecutions=properties["ReservedConcurrentExecutions"],
            )


def _first_failure(cloudformation: Any, stack: str) -> str:
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
    if not failed:
        return "no event says why"
    first = failed[-1]
    return f"{first['LogicalResourceId']}: {first.get('ResourceStatusReason', 'no reason given')}"
