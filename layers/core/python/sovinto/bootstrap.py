"""The only composition root: which adapter stands behind which port."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlsplit

from sovinto.adapters import paytrail_gateway, stripe_gateway
from sovinto.adapters.dynamo.calls import TableCallTasks
from sovinto.adapters.dynamo.cases import TableCases
from sovinto.adapters.dynamo.clients import TableBook, TableClients
from sovinto.adapters.dynamo.orders import TableOrders
from sovinto.adapters.dynamo.table import DynamoTable
from sovinto.adapters.dynamo.wakes import TableSendings, TableWakes
from sovinto.adapters.event_bus import EventBridgeBus
from sovinto.adapters.reading_thread import ReadingThread
from sovinto.adapters.s3_files import S3Files
from sovinto.adapters.sandbox_gateway import SandboxGateway
from sovinto.adapters.secrets import SecretsStore
from sovinto.adapters.ses_mail import SesMailer
from sovinto.adapters.sfn_timeline import SfnTimeline
from sovinto.adapters.sns_sms import SnsSms
from sovinto.adapters.system import RandomIds, SystemClock, TestClock
from sovinto.adapters.user_pool import UserPool
from sovinto.domain.agency import Agency, OwnAccount
from sovinto.domain.assignment import Collector
from sovinto.domain.debtor import Address
from sovinto.domain.letter import Contact
from sovinto.entry.provider_keys import keys_of
from sovinto.entry.settings import (
    GATEWAYS,
    AskReportsSettings,
    PayClientsSettings,
    PaymentHookSettings,
    PortalSettings,
    Settings,
)
from sovinto.errors import NotFound
from sovinto.ports import Clock, PaymentGateway, Press

AGENCY_TEXTS = ("vat_id", "einvoice_address", "own_iban", "own_bic", "own_rhythm")
PAYOUT_RULES = ("release_limit_minor", "refund_days", "cooling_off_days")


def read_agency(text: str) -> Agency:
    """The agency from its JSON setting; how it pays out may be left out. Raises KeyError where another
    field is missing."""
    given = json.loads(text)
    address = Address(given["street"], given["postal_code"], given["city"], given["country"])
    contact = Contact(given["name"], given["registration_id"], address, given["email"], given["phone"])
    payouts: dict[str, Any] = {name: int(given[name]) for name in PAYOUT_RULES if name in given}
    version = str(given.get("pain_version", "09"))
    payouts |= {name: str(given[name]) for name in AGENCY_TEXTS if name in given}
    payouts["accounts"] = read_accounts(given.get("accounts", "[]"))
    return Agency(contact, given["iban"], given["bic"], pain_version=version, **payouts)


def read_accounts(text: str) -> tuple[OwnAccount, ...]:
    """Further accounts of the agency from their JSON. Raises KeyError for one without its IBAN."""
    return tuple(
        OwnAccount(
            given["iban"],
            tuple(given.get("known_as", ())),
            given.get("sheets", ""),
            given.get("currency", ""),
        )
        for given in json.loads(text)
    )


def read_collectors(text: str) -> tuple[Collector, ...]:
    """The collectors from their JSON setting; what has a default may be left out.

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
            given.get("may_release", False),
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
        # A fifth of the time of a transaction went into proving that we spell the table's requests right.
        parameter_validation=service != "dynamodb",
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
    def reading_thread(self) -> ReadingThread:
        return ReadingThread()

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
    def orders(self) -> TableOrders:
        return TableOrders(self.table)

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

    def gateway(self, wanted: Wanted) -> PaymentGateway:
        """The configured provider; its SDK is loaded only where it is the one. Raises NotSetUp where its
        address or its keys are not for this stage."""
        secret = self.secrets.read(wanted.gateway_secret_arn)
        keys = keys_of(wanted.stage, wanted.gateway_provider, wanted.gateway_url, secret)
        return _GATEWAYS[wanted.gateway_provider](self, wanted, keys)

    def settlement_reports(self, wanted: AskReportsSettings) -> Callable[[date], tuple[str, ...]] | None:
        """Asks for the reports since a day; None where the provider sends what it settled by itself."""
        found = self.gateway(wanted) if wanted.gateway_provider == "paytrail" else None
        return found.order_reports if isinstance(found, paytrail_gateway.PaytrailGateway) else None

    @staticmethod
    def page_origins(wanted: PortalSettings) -> str:
        """Where the form that begins a payment may lead to, separated by spaces."""
        if wanted.gateway_url.rstrip("/") != GATEWAYS[wanted.gateway_provider]:
            # The sandbox, or a local stage's double.
            return Parts.origin(wanted.gateway_url)
        pages = {"stripe": stripe_gateway.PAGES, "paytrail": paytrail_gateway.PAGES}
        return " ".join(pages[wanted.gateway_provider])

    @staticmethod
    def origin(url: str) -> str:
        """Scheme and host: where a form may lead."""
        split = urlsplit(url)
        return f"{split.scheme}://{split.netloc}"


Wanted = PortalSettings | PaymentHookSettings | AskReportsSettings | PayClientsSettings


def _sandbox(parts: Parts, wanted: Wanted, keys: Mapping[str, str]) -> PaymentGateway:
    """Dated by our own clock on stages with a test clock."""
    now = (lambda: int(parts.clock.now().timestamp())) if parts.settings.has_test_clock else None
    return SandboxGateway(
        wanted.gateway_url,
        keys["api_key"],
        now,
        webhook_secret=keys["webhook_secret"].encode(),
        real_now=parts.system_clock.now,
    )


def _stripe(parts: Parts, wanted: Wanted, keys: Mapping[str, str]) -> PaymentGateway:
    return stripe_gateway.StripeGateway(
        keys["api_key"], keys["webhook_secret"], parts.system_clock.now, wanted.gateway_url
    )


def _paytrail(parts: Parts, wanted: Wanted, keys: Mapping[str, str]) -> PaymentGateway:
    """`api_key` is the merchant's secret, which also proves callbacks; `account` is the merchant's id."""
    return paytrail_gateway.PaytrailGateway(
        account=keys["account"],
        secret=keys["api_key"],
        callback_url=f"{wanted.page_url}/v1/webhooks/paytrail",
        contact_email=read_agency(wanted.agency).contact.email,
        now=parts.system_clock.now,
        base_url=wanted.gateway_url,
    )


_GATEWAYS = {"sandbox": _sandbox, "stripe": _stripe, "paytrail": _paytrail}


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
