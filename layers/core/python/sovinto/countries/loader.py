"""Building a country's pack from its files; nothing half-checked ever leaves this module."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated, Any

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from sovinto.countries import tables
from sovinto.countries.checks import check_ids, check_twins
from sovinto.countries.fields import Currency, Model, Text
from sovinto.countries.files import country_folder, read_toml, rule_files
from sovinto.domain.law.kinds import LetterKind
from sovinto.domain.law.model import Pack
from sovinto.errors import InvalidInput

IDENTITY_FILE = "pack.toml"
POLICY_FILE = "policy.toml"


class CalendarRange(Model):
    """The years whose public holidays are known well enough to plan by."""

    first_on: date
    last_on: date


class Identity(Model):
    """`pack.toml`: whose law this is."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    currency: Currency
    languages: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")], ...], Field(min_length=1)
    ]
    zone: Text
    ladder: Annotated[tuple[LetterKind, ...], Field(min_length=1)]
    calendar: CalendarRange


class RuleTables(Model):
    """Every table a rule file may hold, over all files of one country."""

    reference_rate: tuple[tables.RateTable, ...] = ()
    margin: tuple[tables.RateTable, ...] = ()
    interest_terms: tuple[tables.InterestTermsTable, ...] = ()
    fee: tuple[tables.FeeTable, ...] = ()
    fee_count: tuple[tables.FeeCountTable, ...] = ()
    fee_cap: tuple[tables.FeeCapTable, ...] = ()
    lump_sum: tuple[tables.LumpSumTable, ...] = ()
    wait: tuple[tables.WaitTable, ...] = ()
    invoice_notice: tuple[tables.InvoiceNoticeTable, ...] = ()
    response: tuple[tables.ResponseTable, ...] = ()
    form: tuple[tables.FormTable, ...] = ()
    allocation: tuple[tables.AllocationTable, ...] = ()
    contact: tuple[tables.ContactTable, ...] = ()
    vat: tuple[tables.VatTable, ...] = ()


@cache
def load_pack(country: str) -> Pack:
    """The pack of an ISO 3166-1 alpha-2 country, read once per process.

    Raises LawMissing when there is none and InvalidInput naming the file's fault when it is unsound.
    """
    folder = country_folder(country)
    merged: dict[str, list[Any]] = {}
    for file in rule_files(folder, frozenset({IDENTITY_FILE, POLICY_FILE})):
        for name, items in read_toml(file).items():
            merged.setdefault(name, []).extend(items)
    return build_pack(read_toml(folder / IDENTITY_FILE), merged)


def load_identity(country: str) -> Identity:
    """`pack.toml` alone. Raises LawMissing."""
    return TypeAdapter(Identity).validate_python(read_toml(country_folder(country) / IDENTITY_FILE))


def build_pack(identity_data: dict[str, Any], rule_data: dict[str, Any]) -> Pack:
    """A pack from plain tables. Raises InvalidInput for a fault, a repeated id or twin rules."""
    try:
        identity = Identity.model_validate(identity_data)
        rules = RuleTables.model_validate(rule_data)
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"Country pack field {place}: {first['msg']}.", field=place) from fault
    pack = _assemble(identity, rules)
    check_ids(pack)
    check_twins(pack)
    return pack


def _assemble(identity: Identity, rules: RuleTables) -> Pack:
    currency = identity.currency
    return Pack(
        country=identity.country,
        currency=currency,
        languages=identity.languages,
        zone=identity.zone,
        ladder=identity.ladder,
        reference_rates=tuple(table.to_row() for table in rules.reference_rate),
        margins=tuple(table.to_row() for table in rules.margin),
        interest_terms=tuple(table.to_row() for table in rules.interest_terms),
        fees=tuple(table.to_row(currency) for table in rules.fee),
        fee_counts=tuple(table.to_row() for table in rules.fee_count),
        fee_caps=tuple(table.to_row(currency) for table in rules.fee_cap),
        lump_sums=tuple(table.to_row(currency) for table in rules.lump_sum),
        waits=tuple(table.to_row() for table in rules.wait),
        invoice_notices=tuple(table.to_row() for table in rules.invoice_notice),
        responses=tuple(table.to_row() for table in rules.response),
        forms=tuple(table.to_row() for table in rules.form),
        allocations=tuple(table.to_row() for table in rules.allocation),
        contacts=tuple(table.to_row() for table in rules.contact),
        vat_rates=tuple(table.to_row() for table in rules.vat),
    )
