"""What differs between stages and countries; everything else is the same template."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from sovinto.entry.provider_keys import checked_address
from sovinto.entry.settings import GATEWAYS
from sovinto.errors import InvalidInput

from infra.collectors import read_collectors
from infra.law import countries_with_law

AGENCIES: Final = Path(__file__).parent / "agencies"
AGENCY_FIELDS: Final = (
    "name", "registration_id", "street", "postal_code", "city", "country", "email", "phone", "iban", "bic",
)  # fmt: skip
INVOICE_NAMES: Final = ("vat_id", "einvoice_address")
"""What our invoices carry; the electronic address may be left out where our number is one."""
PAYOUT_NUMBERS: Final = ("release_limit_minor", "refund_days", "cooling_off_days")
"""How an agency pays out, with the defaults of sovinto.domain.agency where a file leaves them out."""
OWN_NAMES: Final = ("own_iban", "own_bic", "own_rhythm")
"""Our own account, and how often (daily or monthly) what clients paid us is moved there."""
LAPTOP_RELEASE_LIMIT: Final = "100000000"
REGIONS: Final = {
    **dict.fromkeys(("fi", "se", "no", "dk", "ee", "lv", "lt"), "eu-north-1"),
    "gb": "eu-west-2",
}
OTHER_REGION: Final = "eu-central-1"
"""Where the data of countries lies that `REGIONS` does not name; always within the EU."""


class Stage(StrEnum):
    LOCAL = "local"
    DEV = "dev"
    PROD = "prod"


@dataclass(frozen=True, slots=True)
class StageSettings:
    """One deployment. `page_url` empty means the HTTP API's own address (AWS stages without a domain).

    `batches_at_once`: parallel batches per queue. `steps_at_once`: parallel calls of case_step, one
    case each; a laptop would otherwise start a process for each of a thousand cases.
    """

    country: str
    stage: Stage
    region: str
    agency: str
    collectors: str
    mail_from: str
    gateway_url: str
    gateway_provider: str = "sandbox"
    page_url: str = ""
    alarm_mail: str = ""
    test_clock: bool = False
    keep_data: bool = True
    enforce_ssl: bool = True
    log_days: int = 400
    batches_at_once: int = 10
    steps_at_once: int = 100

    @property
    def prefix(self) -> str:
        """First part of every physical name."""
        return f"sovinto-{self.country}-{self.stage}"

    @property
    def is_local(self) -> bool:
        return self.stage is Stage.LOCAL

    def stack_name(self, part: str) -> str:
        return f"Sovinto-{self.country}-{self.stage}-{part}"


def settings_for(
    country: str, stage: str, overrides: Mapping[str, str | bool | None] | None = None
) -> StageSettings:
    """The settings of one stage; `overrides` are CDK context values, ignored when None.

    Raises InvalidInput for an unknown country or stage, a country without an agency, a test clock in
    production, an AWS stage without the address of the payment provider, or with another one than the
    provider's own.
    """
    given = {name: value for name, value in (overrides or {}).items() if value is not None}
    if "test_clock" in given:
        # The CDK command line gives every context value as text.
        given["test_clock"] = str(given["test_clock"]).lower() not in ("false", "0", "no", "")
    settings = replace(_defaults(*known(country, stage)), **given)  # type: ignore[arg-type]
    if settings.test_clock and settings.stage is Stage.PROD:
        raise InvalidInput(
            "test_clock must be false in prod: people get letters by the real calendar only",
            field="test_clock",
        )
    if settings.gateway_provider not in GATEWAYS:
        raise InvalidInput(
            f"gateway_provider must be one of {', '.join(GATEWAYS)}, not {settings.gateway_provider!r}",
            field="gateway_provider",
        )
    if not settings.gateway_url:
        settings = replace(settings, gateway_url=GATEWAYS[settings.gateway_provider])
    if not settings.gateway_url:
        raise InvalidInput(
            f"gateway_url is missing for stage {stage}: give the payment provider's https address "
            "with `-c gateway_url=https://...`, or name it with `-c gateway_provider=stripe`",
            field="gateway_url",
        )
    checked_address(settings.stage, settings.gateway_provider, settings.gateway_url)
    return settings


def known(country: str, stage: str) -> tuple[str, Stage]:
    """Country and stage as their names have them; SE is read as se. Raises InvalidInput."""
    if stage not in tuple(Stage):
        raise InvalidInput(f"stage must be one of {', '.join(Stage)}, not {stage!r}", field="stage")
    found = countries_with_law()
    if country.lower() not in found:
        raise InvalidInput(
            f"country must be one of {', '.join(found)}, not {country!r}; another needs a country pack "
            "first (docs/country-pack.md)",
            field="country",
        )
    return country.lower(), Stage(stage)


def _defaults(country: str, stage: Stage) -> StageSettings:
    agency = agency_of(country)
    if stage is Stage.LOCAL:
        # One person at a laptop: what the books propose leaves by itself, as `make demo` needs it.
        agency = {**agency, "release_limit_minor": LAPTOP_RELEASE_LIMIT}
    base = StageSettings(
        country=country,
        stage=stage,
        region=REGIONS.get(country, OTHER_REGION),
        agency=json.dumps(agency, ensure_ascii=False, sort_keys=True),
        collectors=json.dumps(collectors_of(country), ensure_ascii=False, sort_keys=True),
        mail_from=agency["email"],
        gateway_url="",
        alarm_mail=agency["email"],
    )
    if base.stage is Stage.PROD:
        return base
    if base.stage is Stage.DEV:
        return replace(base, test_clock=True, keep_data=False, log_days=30)
    return replace(
        base,
        test_clock=True,
        keep_data=False,
        enforce_ssl=False,
        log_days=30,
        page_url="http://localhost:8080",
        gateway_url="http://localhost:8080/sandbox",
        batches_at_once=2,
        steps_at_once=8,
    )


def agency_of(country: str) -> dict[str, str]:
    """The agency of a country from infra/agencies. Raises InvalidInput for a missing file or field."""
    values, name = _agency_file(country)
    missing = [field for field in AGENCY_FIELDS if not values.get(field)]
    if missing:
        raise InvalidInput(
            f"{name} lacks {', '.join(missing)}: give each as text, as in infra/agencies/fi.toml",
            field=missing[0],
        )
    wrong = [number for number in PAYOUT_NUMBERS if not _is_count(values.get(number, 0))]
    if wrong or str(values.get("pain_version", "09")) not in ("03", "09"):
        raise InvalidInput(
            f"{name} has a wrong {', '.join(wrong) or 'pain_version'}: whole numbers from 0, and 03 or 09",
            field=(wrong or ["pain_version"])[0],
        )
    _check_own(values, name)
    payouts = {key: str(values[key]) for key in (*PAYOUT_NUMBERS, "pain_version") if key in values}
    named = {field: str(values[field]) for field in (*INVOICE_NAMES, *OWN_NAMES) if values.get(field)}
    accounts = {"accounts": accounts_text(values["accounts"], name)} if "accounts" in values else {}
    return {field: str(values[field]) for field in AGENCY_FIELDS} | payouts | named | accounts


def _check_own(values: Mapping[str, Any], name: str) -> None:
    """Raises InvalidInput where our own account is the one of other people's money, or the pace is none."""
    is_own = values.get("own_iban") != values["iban"]
    if not is_own or values.get("own_rhythm", "monthly") not in ("daily", "monthly"):
        raise InvalidInput(
            f"{name} has a wrong own_iban or own_rhythm: an account that is not iban, and daily or monthly",
            field="own_iban",
        )


def accounts_text(given: object, name: str) -> str:
    """The [[accounts]] tables as JSON. Raises InvalidInput for one that is not understood."""
    known = {"iban", "known_as", "sheets", "currency"}
    for account in given if isinstance(given, list) else [{}]:
        is_good = isinstance(account, dict) and account.get("iban") and known.issuperset(account)
        if not is_good or account.get("sheets", "") not in ("", "record", "details"):
            raise InvalidInput(
                f"{name} has an [[accounts]] table that is not understood: give iban, and where they "
                "are needed known_as (a list), sheets (record or details) and currency",
                field="accounts",
            )
    return json.dumps(given)


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def collectors_of(country: str) -> list[dict[str, object]]:
    """Who works the cases of a country, from the same file. Raises InvalidInput."""
    values, name = _agency_file(country)
    return read_collectors(values.get("collectors"), name)


def _agency_file(country: str) -> tuple[dict[str, Any], str]:
    """Its values and its name for people. Raises InvalidInput where it is missing."""
    file, name = AGENCIES / f"{country}.toml", f"infra/agencies/{country}.toml"
    if not file.is_file():
        raise InvalidInput(
            f"{name} is missing: write it with the text fields {', '.join(AGENCY_FIELDS)}; "
            "infra/agencies/fi.toml is an example",
            field="country",
        )
    return tomllib.loads(file.read_text("utf-8")), name
