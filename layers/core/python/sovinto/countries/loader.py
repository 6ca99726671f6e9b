"""Building a country's pack from its files; nothing half-checked ever leaves this module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources.abc import Traversable
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, Field, StringConstraints, ValidationError, field_validator

from sovinto.countries.checks import check_ids, check_ladders, check_twins
from sovinto.countries.fields import Currency, Model, Text
from sovinto.countries.files import baseline_folder, country_folder, read_toml, rule_files
from sovinto.countries.tables import TABLES
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.kinds import LetterKind
from sovinto.domain.law.model import Pack
from sovinto.domain.law.rows import Row
from sovinto.errors import InvalidInput

IDENTITY_FILE = "pack.toml"
POLICY_FILE = "policy.toml"

M = TypeVar("M", bound=BaseModel)
Ladder = Annotated[tuple[LetterKind, ...], Field(min_length=1)]


class CalendarRange(Model):
    """The years whose public holidays are known well enough to plan by.

    `subdivision` (ISO 3166-2, without the country) stands for the whole where holidays are regional.
    `categories` are those of the `holidays` library, `also_closed` days ("12-24") that it does not know.
    """

    first_on: date
    last_on: date
    subdivision: Text | None = None
    categories: tuple[Text, ...] = ("public",)
    also_closed: tuple[Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$")], ...] = ()


class Identity(Model):
    """`pack.toml`: whose law this is, and the baseline whose rules it takes over, if any.

    Inherited rules hold from `inherits_from` on, where the country took the currency later.
    """

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    currency: Currency
    languages: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")], ...], Field(min_length=1)
    ]
    zone: Text
    inherits: Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")] | None = None
    inherits_from: date | None = None
    ladder: Annotated[Mapping[DebtorType, Ladder], Field(min_length=1)]
    calendar: CalendarRange

    @field_validator("zone")
    @classmethod
    def _check_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as unknown:
            raise ValueError(
                f"{zone!r} is no IANA time zone such as Europe/Vienna; correct it"
            ) from unknown
        return zone


class Baseline(Model):
    """`pack.toml` of a shared folder: the currency its amounts are in, None where it holds none."""

    currency: Currency | None = None


@cache
def load_pack(country: str) -> Pack:
    """The pack of an ISO 3166-1 alpha-2 country, read once per process.

    Raises LawMissing when there is none and InvalidInput naming the file's fault when it is unsound.
    """
    try:
        return _load(country)
    except InvalidInput as fault:
        raise InvalidInput(f"{country}: {fault.message}", field=fault.field) from fault


def _load(country: str) -> Pack:
    folder, identity = country_folder(country), load_identity(country)
    merged: dict[str, list[Any]] = {}
    if identity.inherits is not None:
        for file in rule_files(_shared(identity), _NOT_RULES):
            for name, items in read_toml(file).items():
                merged.setdefault(name, []).extend(_held(items, identity.inherits_from))
    for file in rule_files(folder, _NOT_RULES):
        for name, items in read_toml(file).items():
            merged.setdefault(name, []).extend(items)
    pack = _build(identity, merged)
    check_ladders(pack)
    return pack


def _held(items: list[dict[str, Any]], since: date | None) -> Iterator[dict[str, Any]]:
    """The inherited rows that hold on or after `since`, none of them earlier than that."""
    for item in items:
        if since is None:
            yield item
        elif item.get("valid_to") is None or item["valid_to"] >= since:
            yield {**item, "valid_from": max(item["valid_from"], since)}


def _shared(identity: Identity) -> Traversable:
    """The folder of the inherited rules. Raises InvalidInput where its amounts are in other money."""
    name = identity.inherits or ""
    folder = baseline_folder(name)
    baseline = _validated(Baseline, read_toml(folder / IDENTITY_FILE), f"{name}.")
    if baseline.currency not in (None, identity.currency):
        raise InvalidInput(
            f"inherits {name} holds amounts in {baseline.currency}, and the country's currency is "
            f"{identity.currency}; inherit contract_only instead.",
            field="inherits",
        )
    return folder


_NOT_RULES = frozenset({IDENTITY_FILE, POLICY_FILE})


@cache
def load_identity(country: str) -> Identity:
    """`pack.toml` alone, read once per process. Raises LawMissing, and InvalidInput for a fault."""
    return _validated(Identity, read_toml(country_folder(country) / IDENTITY_FILE), "")


def build_pack(identity_data: dict[str, Any], rule_data: dict[str, Any]) -> Pack:
    """A pack from plain tables. Raises InvalidInput for a fault, a repeated id or twin rules."""
    return _build(_validated(Identity, identity_data, ""), rule_data)


def _build(identity: Identity, rule_data: Mapping[str, Any]) -> Pack:
    unknown = sorted(set(rule_data) - set(TABLES))
    if unknown:
        raise InvalidInput(
            f"Country pack table {unknown[0]} is unknown; use one of {', '.join(TABLES)}.", field=unknown[0]
        )
    rules: dict[type[Row], tuple[Row, ...]] = {}
    for name, table in TABLES.items():
        read = [
            _validated(table, item, f"{name}.{at}.").to_row(identity.currency)
            for at, item in enumerate(rule_data.get(name, ()))
        ]
        if read:
            rules[type(read[0])] = tuple(read)
    pack = Pack(
        country=identity.country,
        currency=identity.currency,
        languages=identity.languages,
        zone=identity.zone,
        ladders=dict(identity.ladder),
        rules=rules,
    )
    check_ids(pack, identity.inherits)
    check_twins(pack)
    return pack


def _validated(model: type[M], data: object, place: str) -> M:
    try:
        return model.model_validate(data)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = place + ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"Country pack field {where}: {first['msg']}.", field=where) from fault
