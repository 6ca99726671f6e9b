"""The whole local stage for the length of a with-block: cloud, deployment, front door, sandbox, outbox."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from infra.local.assembly import local_assembly
from infra.local.cloud import Cloud, CloudFailed, running_cloud
from infra.local.deploy import deploy
from infra.local.front_door import FrontDoor
from infra.local.outbox import Mailbox, Outbox
from infra.local.running import NotRunning, Running, load
from infra.local.sandbox import Sandbox
from infra.paths import FUNCTIONS, LOCAL
from infra.settings import StageSettings, settings_for

STATE: Final = ("state", "s3", "mail")
"""What an earlier run left in the folder; every run begins empty."""


@contextmanager
def local_stage(
    country: str = "fi", *, port: int = 8080, folder: Path = LOCAL, functions: Path = FUNCTIONS
) -> Iterator[Running]:
    """A fresh local cloud with everything deployed; `port` 0 takes a free one for the front door.

    State lasts as long as the block. `folder`/running.json names it while it runs.
    """
    _refuse_twin(folder / "running.json")
    settings = settings_for(country, "local")
    assembly = local_assembly(country, functions)
    for part in STATE:
        shutil.rmtree(folder / part, ignore_errors=True)
    with ExitStack() as stack:
        mailbox = Mailbox(folder / "mail")
        stack.callback(mailbox.close)
        cloud = stack.enter_context(running_cloud(folder, settings.region, smtp=mailbox.address))
        door = stack.enter_context(FrontDoor(cloud.endpoint_url, port).open())
        running = _deployed(cloud, door, settings, assembly)
        sandbox = _sandbox(running)
        stack.callback(sandbox.close)
        door.handlers["sandbox"] = sandbox
        door.handlers["outbox"] = Outbox(
            cloud.endpoint_url, running.outputs["DocumentBucket"], cloud.session(), mailbox
        )
        state = folder / "running.json"
        running.save(state)
        stack.callback(state.unlink, missing_ok=True)
        yield running


def _refuse_twin(state: Path) -> None:
    """Two clouds in one folder would empty each other's buckets. Raises CloudFailed."""
    try:
        other = load(state)
    except NotRunning:
        return
    raise CloudFailed(f"a local cloud runs here already, at {other.url}; stop that one first")


def _deployed(cloud: Cloud, door: FrontDoor, settings: StageSettings, assembly: Path) -> Running:
    outputs = deploy(
        cloud,
        assembly,
        [settings.stack_name("data"), settings.stack_name("service")],
        {"PageUrl": door.url, "GatewayUrl": f"{door.url}/sandbox"},
    )
    return Running(cloud.pid, cloud.endpoint_url, door.url, cloud.region, settings.prefix, outputs)


def _sandbox(running: Running) -> Sandbox:
    """The sandbox and the secret by which we and it know each other, set as an operator would on AWS."""
    keys = {"api_key": secrets.token_urlsafe(24), "webhook_secret": secrets.token_urlsafe(32)}
    running.client("secretsmanager").put_secret_value(
        SecretId=running.outputs["GatewaySecretArn"], SecretString=json.dumps(keys)
    )
    return Sandbox(
        public_url=running.url,
        api_key=keys["api_key"],
        webhook_url=f"{running.url}/v1/webhooks/sandbox",
        webhook_secret=keys["webhook_secret"].encode(),
    )
