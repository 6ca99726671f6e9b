"""What a debtor in a placement must look like: name, registration id, address, ways to reach them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from stdnum.dk import cvr
from stdnum.ee import registrikood
from stdnum.fi import hetu, ytunnus
from stdnum.no import orgnr as no_orgnr
from stdnum.se import orgnr as se_orgnr

from sovinto.domain.debtor import Address, Debtor, DebtorType

LONGEST_NAME = 140
LONGEST_STREET = 140
LONGEST_CITY = 70
LONGEST_EMAIL = 254

# Countries that are absent here issue ids without a check digit we can trust: those pass unchecked.
REGISTRATION_CHECKS: Mapping[str, Callable[[str], bool]] = {
    "DK": cvr.is_valid,
    "EE": registrikood.is_valid,
    "FI": ytunnus.is_valid,
    "NO": no_orgnr.is_valid,
    "SE": se_orgnr.is_valid,
}

# Only codes of an unmistakable shape: a ten-digit invoice number may look Swedish by accident.
PERSONAL_CODE_CHECKS: Mapping[str, Callable[[str], bool]] = {"FI": hetu.is_valid}

POSTAL_CODES: Mapping[str, tuple[str, str]] = {
    "DE": (r"\d{5}", "five digits"),
    "DK": (r"\d{4}", "four digits"),
    "EE": (r"\d{5}", "five digits"),
    "FI": (r"\d{5}", "five digits"),
    "NL": (r"\d{4} ?[A-Z]{2}", "four digits and two letters"),
    "NO": (r"\d{4}", "four digits"),
    "SE": (r"\d{3} ?\d{2}", "five digits"),
}

_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}"
)
_PHONE = re.compile(r"\+[1-9]\d{6,14}")
# UTF-8 read as Windows-1252 ("MÃ¤kinen"), DOS text read as Windows-1252 ("M„kinen"), or lost for good.
_GARBLED = re.compile(r"\ufffd|Ã[\u0080-\u00bf\u201a-\u2122]|(?<=\w)[„”†‡‰](?=\w)")


@dataclass(frozen=True, slots=True)
class Problem:
    """`field` is a column name of docs/case-file.md; `message` one sentence: field, rule, way to mend."""

    field: str
    message: str


def is_printable(text: str, longest: int) -> bool:
    """True for 1 to `longest` visible characters."""
    return bool(text.strip()) and len(text) <= longest and text.isprintable()


def is_personal_code(text: str, country: str) -> bool:
    """True when the text is a valid personal identity code of the country (only FI is known)."""
    check = PERSONAL_CODE_CHECKS.get(country)
    return check is not None and check(text)


def identity_problems(debtor: Debtor, country: str) -> Iterator[Problem]:
    """Name and registration id."""
    if not is_printable(debtor.name, LONGEST_NAME):
        yield Problem(
            "name", f"The name must be 1 to {LONGEST_NAME} printable characters; write it in full."
        )
    elif not any(letter.isalnum() for letter in debtor.name):
        yield Problem("name", "The name must have at least one letter or digit; write it in full.")
    elif _GARBLED.search(debtor.name):
        yield Problem(
            "name",
            "The name has letters damaged by a wrong encoding; save the file again as UTF-8.",
        )
    if debtor.registration_id:
        yield from _registration_problems(debtor.registration_id, debtor, country)


def _registration_problems(given: str, debtor: Debtor, country: str) -> Iterator[Problem]:
    if debtor.debtor_type is DebtorType.CONSUMER:
        # Data minimisation (GDPR art. 5(1)(c)): a consumer's identity code is never needed here.
        yield Problem(
            "registration_id",
            "A consumer must not have a registration id; clear it, or mark the debtor as a business.",
        )
        return
    home = debtor.address.country if debtor.address else country
    check = REGISTRATION_CHECKS.get(home)
    if check is not None and not check(given):
        yield Problem(
            "registration_id",
            f"The registration id must be a valid company number of {home}, check digit included; "
            "correct it or leave it empty.",
        )


def address_problems(address: Address | None) -> Iterator[Problem]:
    """A postal address is whole, and its postal code has the country's shape."""
    if address is None:
        return
    for field, value, longest in (
        ("street", address.street, LONGEST_STREET),
        ("city", address.city, LONGEST_CITY),
    ):
        if not is_printable(value, longest):
            yield Problem(
                field,
                f"The {field} must be 1 to {longest} printable characters; complete the address or leave "
                "all of it empty.",
            )
    if not re.fullmatch(r"[A-Z]{2}", address.country):
        yield Problem("country", "The country must be a two-letter code such as FI; correct it.")
    pattern, shape = POSTAL_CODES.get(address.country, (r"[\w -]{2,12}", "2 to 12 letters or digits"))
    if not re.fullmatch(pattern, address.postal_code, re.ASCII):
        yield Problem(
            "postal_code",
            f"The postal code must be {shape} in {address.country}; if a spreadsheet dropped leading "
            "zeros, format the column as text.",
        )


def contact_problems(debtor: Debtor) -> Iterator[Problem]:
    """At least one way to reach the debtor in writing, and each given way plausible."""
    if debtor.address is None and not debtor.email:
        yield Problem(
            "street",
            "The debtor must have a postal address or an e-mail address; fill in at least one of them.",
        )
    if debtor.email and (len(debtor.email) > LONGEST_EMAIL or not _EMAIL.fullmatch(debtor.email)):
        yield Problem("email", "The e-mail must be one address such as name@company.example; correct it.")
    if debtor.phone and not _PHONE.fullmatch(debtor.phone):
        yield Problem(
            "phone", "The phone must be one number such as +358 40 000 0000; correct it or clear it."
        )
    if debtor.has_electronic_consent and not debtor.email:
        yield Problem(
            "electronic_consent",
            "Electronic consent must come with an e-mail address; add the address or clear the consent.",
        )
