"""The only composition root: which adapter stands behind which port."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlsplit

from sovinto.adapters.dynamo.calls import TableCallTasks
from sovinto.adapters.dynamo.cases import TableCases
from sovinto.adapters.dynamo.clients import TableBook, TableClients
from sovinto.adapters.dynamo.table import DynamoTable
from sovinto.adapters.dynamo.wakes import TableSendings, TableWakes
from sovinto.adapters.event_bus import EventBridgeBus
from sovinto.adapters.s3_files import S3Files
from sovinto.adapters.sandbox_gateway import SandboxGateway
from sovinto.adapters.secrets import SecretsStore
from sovinto.adapters.ses_mail import SesMailer
from sovinto.adapters.sfn_timeline import SfnTimeline
from sovinto.adapters.sns_sms import SnsSms
from sovinto.adapters.system import RandomIds, SystemClock, TestClock
from sovinto.adapters.user_pool import UserPool
from sovinto.domain.agency import Agency
from sovinto.domain.assignment import Collector
from sovinto.domain.checkout import GatewayEvent
from sovinto.domain.debtor import Address
from sovinto.domain.letter import Contact
from sovinto.entry.settings import Settings
from sovinto.errors import NotFound
from sovinto.ports import Clock, Press


def read_agency(text: str) -> Agency:
    """The agency from its JSON setting. Raises KeyError where a field is missing."""
    given = json.loads(text)
    address = Address(given["street"], given["postal_code"], given["city"], given["country"])
    contact = Contact(given["name"], given["registration_id"], address, given["email"], given["phone"])
    return Agency(contact, given["iban"], given["bic"])


def read_collectors(text: str) -> tuple[Collector, ...]:
    """The collectors from their JSON setting; `share`, `conflicts` and `may_publish` may be left out.

    Raises KeyError where another field is missing.
    """
    return tuple(
        Collector(
            given["collector_id"],
            given["name"],
            tuple(given["countries"]),
            tuple(given["languages"]),
            given.get("share", 1),
            tuple(given.get("conflicts", ())),
            given.get("may_publish", False),
        )
        for given in json.loads(text)
    )


# A message that was handed over and not answered may have left: only we decide whether to try again.
_ONCE = {"ses", "sns"}


@lru_cache(maxsize=16)
def aws_client(service: str) -> Any:
    """One client per service and sandbox; made on first use, because each costs a cold start."""
    import boto3
    from botocore.config import Config

    config = Config(
        retries={"mode": "standard", "total_max_attempts": 1 if service in _ONCE else 6},
        connect_timeout=5,
        read_timeout=30,
        signature_version="s3v4" if service == "s3" else None,
        s3={"addressing_style": "path"},
    )
    return boto3.client(service, config=config)


@dataclass(frozen=True)
class Parts:
    """Everything a function may need, made when first asked for."""

    settings: Settings

    @cached_property
    def table(self) -> DynamoTable:
        return DynamoTable(aws_client("dynamodb"), self.settings.table_name)

    @cached_property
    def clock(self) -> Clock:
        return TestClock(self.table) if self.settings.has_test_clock else SystemClock()

    @cached_property
    def system_clock(self) -> SystemClock:
        return SystemClock()

    @cached_property
    def ids(self) -> RandomIds:
        return RandomIds()

    @cached_property
    def cases(self) -> TableCases:
        return TableCases(self.table)

    @cached_property
    def call_tasks(self) -> TableCallTasks:
        return TableCallTasks(self.table)

    @cached_property
    def wakes(self) -> TableWakes:
        return TableWakes(self.table)

    @cached_property
    def sendings(self) -> TableSendings:
        return TableSendings(self.table)

    @cached_property
    def clients(self) -> TableClients:
        return TableClients(self.table)

    @cached_property
    def book(self) -> TableBook:
        return TableBook(self.table)

    @cached_property
    def secrets(self) -> SecretsStore:
        return SecretsStore(aws_client("secretsmanager"))

    @cached_property
    def sms(self) -> SnsSms:
        return SnsSms(aws_client("sns"), self.clock)

    def users(self, app_client_id: str) -> UserPool:
        return UserPool(aws_client("cognito-idp"), app_client_id)

    def mailer(self, sender: str) -> SesMailer:
        return SesMailer(aws_client("ses"), sender, self.clock)

    def files(self, bucket: str) -> S3Files:
        return S3Files(aws_client("s3"), bucket)

    def timeline(self, machine_arn: str) -> SfnTimeline:
        return SfnTimeline(aws_client("stepfunctions"), machine_arn)

    def bus(self, name: str) -> EventBridgeBus:
        return EventBridgeBus(aws_client("events"), name)

    def gateway(self, url: str, secret_arn: str) -> SandboxGateway:
        """The provider, dated by our own clock on stages with a test clock."""
        key = json.loads(self.secrets.read(secret_arn))["api_key"]
        now = (lambda: int(self.clock.now().timestamp())) if self.settings.has_test_clock else None
        return SandboxGateway(url, key, now)

    @staticmethod
    def origin(url: str) -> str:
        """Scheme and host: where a form may lead."""
        split = urlsplit(url)
        return f"{split.scheme}://{split.netloc}"

    def gateway_event(self, body: bytes, signature: str, *, secret_arn: str) -> GatewayEvent:
        """A proven announcement. Raises NotAllowed, InvalidInput."""
        now = int(self.system_clock.now().timestamp())
        return SandboxGateway.parse_event(body, signature, secret=self.webhook_secret(secret_arn), now=now)

    def webhook_secret(self, secret_arn: str) -> bytes:
        return str(json.loads(self.secrets.read(secret_arn))["webhook_secret"]).encode()


@lru_cache(maxsize=1)
def press() -> Press:
    from sovinto.rendering.press import SovintoPress

    return SovintoPress()


def render_page(name: str, language: str, model: Mapping[str, object]) -> str:
    from sovinto.rendering import pages

    return pages.render_page(name, language, model)


_ASSETS = {
    "pico.min.css": "text/css; charset=utf-8",
    "sovinto.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


def asset(name: str) -> tuple[str, str]:
    """(content type, text) of a stylesheet or icon, from a closed list. Raises NotFound."""
    from sovinto.rendering.templates import templates_root

    if name not in _ASSETS:
        raise NotFound("there is no such file")
    return _ASSETS[name], (templates_root() / "pages" / "assets" / name).read_text("utf-8")
