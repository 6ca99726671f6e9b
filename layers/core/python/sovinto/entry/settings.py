"""What each function family reads from its environment; CDK builds it from the same classes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar, Self

GATEWAYS = {
    "sandbox": "",
    "stripe": "https://api.stripe.com",
    "paytrail": "https://services.paytrail.com",
}
"""The payment providers we have an adapter for, and where their API is; the sandbox's is the stage's."""


class SettingsMissing(RuntimeError):
    """Names every missing variable at once."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Common to all functions. Every field is an environment variable of the same name in capitals."""

    stage: str
    country: str
    table_name: str
    test_clock: str

    function: ClassVar[str] = ""

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Self:
        source = os.environ if env is None else env
        names = {field.name: field.name.upper() for field in fields(cls)}
        missing = sorted(name for name in names.values() if not source.get(name))
        if missing:
            raise SettingsMissing(f"{cls.__name__} lacks {', '.join(missing)}")
        return cls(**{field: source[name] for field, name in names.items()})

    @property
    def has_test_clock(self) -> bool:
        return self.test_clock == "true"


@dataclass(frozen=True, slots=True)
class IntakeApiSettings(Settings):
    """`collectors` is JSON: who cases are given to (infra/agencies)."""

    function: ClassVar[str] = "intake_api"
    upload_bucket: str
    document_bucket: str
    agency: str
    collectors: str
    page_url: str
    code_secret_arn: str


@dataclass(frozen=True, slots=True)
class ImportCasesSettings(Settings):
    function: ClassVar[str] = "import_cases"
    upload_bucket: str
    collectors: str


@dataclass(frozen=True, slots=True)
class CaseStepSettings(Settings):
    """`agency` is JSON: who we are, as printed on letters (infra/agencies)."""

    function: ClassVar[str] = "case_step"
    agency: str
    page_url: str
    code_secret_arn: str
    timeline_arn: str


@dataclass(frozen=True, slots=True)
class WakeCaseSettings(Settings):
    function: ClassVar[str] = "wake_case"
    timeline_arn: str


@dataclass(frozen=True, slots=True)
class TickSettings(Settings):
    function: ClassVar[str] = "tick"
    timeline_arn: str
    collectors: str


@dataclass(frozen=True, slots=True)
class SendMessageSettings(Settings):
    function: ClassVar[str] = "send_message"
    document_bucket: str
    mail_from: str
    agency: str
    page_url: str
    code_secret_arn: str


@dataclass(frozen=True, slots=True)
class PortalSettings(Settings):
    """`gateway_provider` is sandbox, stripe or paytrail, `gateway_url` its API; its key is in the secret
    `gateway_secret_arn`."""

    function: ClassVar[str] = "portal"
    document_bucket: str
    agency: str
    page_url: str
    code_secret_arn: str
    gateway_provider: str
    gateway_url: str
    gateway_secret_arn: str


@dataclass(frozen=True, slots=True)
class ClientPortalSettings(Settings):
    function: ClassVar[str] = "client_portal"
    agency: str
    collectors: str
    page_url: str
    upload_bucket: str
    document_bucket: str
    user_pool_client_id: str
    code_secret_arn: str


@dataclass(frozen=True, slots=True)
class PaymentHookSettings(Settings):
    function: ClassVar[str] = "payment_hook"
    agency: str
    page_url: str
    gateway_provider: str
    gateway_url: str
    gateway_secret_arn: str


@dataclass(frozen=True, slots=True)
class AskReportsSettings(Settings):
    function: ClassVar[str] = "ask_reports"
    agency: str
    page_url: str
    gateway_provider: str
    gateway_url: str
    gateway_secret_arn: str


@dataclass(frozen=True, slots=True)
class ImportStatementSettings(Settings):
    function: ClassVar[str] = "import_statement"
    bank_bucket: str
    agency: str


@dataclass(frozen=True, slots=True)
class PayClientsSettings(Settings):
    function: ClassVar[str] = "pay_clients"
    bank_bucket: str
    document_bucket: str
    mail_from: str
    agency: str
    page_url: str
    gateway_provider: str
    gateway_url: str
    gateway_secret_arn: str


@dataclass(frozen=True, slots=True)
class ProveBooksSettings(Settings):
    function: ClassVar[str] = "prove_books"
    bank_bucket: str


@dataclass(frozen=True, slots=True)
class DeskSettings(Settings):
    """`collectors` is JSON: who may act at the agency's desk."""

    function: ClassVar[str] = "desk"
    bank_bucket: str
    gateway_provider: str
    agency: str
    collectors: str
    page_url: str
    code_secret_arn: str


@dataclass(frozen=True, slots=True)
class RelayEventsSettings(Settings):
    function: ClassVar[str] = "relay_events"
    bus_name: str


ALL: tuple[type[Settings], ...] = (
    IntakeApiSettings,
    ImportCasesSettings,
    CaseStepSettings,
    WakeCaseSettings,
    TickSettings,
    SendMessageSettings,
    PortalSettings,
    ClientPortalSettings,
    PaymentHookSettings,
    AskReportsSettings,
    ImportStatementSettings,
    PayClientsSettings,
    ProveBooksSettings,
    RelayEventsSettings,
    DeskSettings,
)
