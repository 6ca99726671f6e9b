"""Who owes: a natural person (consumer) or a business."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DebtorType(StrEnum):
    CONSUMER = "consumer"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `country` is ISO 3166-1 alpha-2."""

    street: str
    postal_code: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Debtor:
    """The person or company a case is against.

    `language` is ISO 639-1; `phone` is E.164. `has_electronic_consent` is true only for the
    separate, dated consent that lets a demand go by e-mail (FI 513/1999 5 §).
    """

    name: str
    debtor_type: DebtorType
    language: str
    address: Address | None = None
    email: str | None = None
    phone: str | None = None
    registration_id: str | None = None
    has_electronic_consent: bool = False


class Liability(StrEnum):
    """How somebody else answers for the debt: together with the debtor, or when the debtor does not pay."""

    JOINT = "joint"
    GUARANTOR = "guarantor"


@dataclass(frozen=True, slots=True)
class CoDebtor:
    """Another person who owes the same debt. One payment clears it for all; fees are charged once.

    `refused_channels` are values of Channel that do not lead to this person: not tried again.
    `waits_for` is the step whose letter went to the debtor while this person's copy could not go yet.
    """

    party_id: str
    liability: Liability
    debtor: Debtor
    person_key: str = ""
    is_released: bool = False
    refused_channels: tuple[str, ...] = ()
    waits_for: str = ""
