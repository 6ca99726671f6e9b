"""The debtor of a row: who they are and how to reach them."""

from __future__ import annotations

import re

import phonenumbers

from sovinto.domain.debtor import Address, Debtor, DebtorType
from sovinto.formats.case_file.row_reader import RowReader, spoken
from sovinto.formats.case_file.table import text_of
from sovinto.formats.case_file.words import ANSWERS, COUNTRIES, DEBTOR_TYPES, LANGUAGES
from sovinto.formats.text_dates import read_date

_SCIENTIFIC = re.compile(r"[0-9][.,][0-9]+E\+?[0-9]+|[0-9]E\+[0-9]+", re.IGNORECASE)
_PLACE = re.compile(
    r"(?:[A-Z]{1,2}-)?(?P<code>[0-9]{3} [0-9]{2}|[0-9]{4} [A-Z]{2}|[0-9]{4,5}) (?P<city>[^0-9].*)"
)
_WHOLE_ADDRESS = re.compile(rf"(?P<street>.+?), ?{_PLACE.pattern}")


def read_debtor(reader: RowReader, *, default_country: str, default_language: str) -> Debtor | None:
    """The debtor, or None with the reasons left in the reader."""
    debtor_type = _debtor_type(reader)
    name = _name(reader)
    country = _country(reader, default_country)
    address = _address(reader, country)
    language = reader.word("language", LANGUAGES, "a language such as fi, sv or en")
    email = reader.text("email").removeprefix("mailto:") or None
    phone = _phone(reader, country)
    consent = _consent(reader)
    registration_id = identifier(reader, "registration_id") or None
    if debtor_type is None:
        return None
    return Debtor(
        name=name,
        debtor_type=debtor_type,
        language=language or default_language,
        address=address,
        email=email,
        phone=phone,
        registration_id=registration_id,
        has_electronic_consent=consent,
    )


def identifier(reader: RowReader, field: str) -> str:
    """A code whose every digit counts; refused where a spreadsheet has cut digits off."""
    found = reader.text(field)
    if _SCIENTIFIC.fullmatch(found):
        reader.refuse(
            field,
            f"The {spoken(field)} was shortened to a scientific number by a spreadsheet; "
            "format the column as text and fill it in again.",
        )
    return found


def _debtor_type(reader: RowReader) -> DebtorType | None:
    if not reader.required("debtor_type"):
        return None
    return reader.word("debtor_type", DEBTOR_TYPES, "consumer or business")


def _name(reader: RowReader) -> str:
    if reader.has_column("name"):
        return reader.required("name")
    return " ".join(part for part in (reader.text("first_name"), reader.required("last_name")) if part)


def _country(reader: RowReader, default: str) -> str:
    found = reader.text("country")
    if re.fullmatch(r"[A-Z]{2}", found) and found in phonenumbers.SUPPORTED_REGIONS:
        return found
    return reader.word("country", COUNTRIES, "a two-letter country code such as FI") or default


def _address(reader: RowReader, country: str) -> Address | None:
    """All of it or nothing: half an address is asked back, never completed by guess."""
    street, code, city = reader.text("street"), reader.text("postal_code"), reader.text("city")
    place = _PLACE.fullmatch(reader.text("postal_place"))
    if place and not code and not city:
        code, city = place["code"], place["city"]
    elif street and not reader.has_column("postal_code") and not reader.has_column("city"):
        whole = _WHOLE_ADDRESS.fullmatch(street)
        street, code, city = (
            (whole["street"], whole["code"], whole["city"]) if whole else (street, code, city)
        )
    parts = {"street": street, "postal_code": code, "city": city}
    if not any(parts.values()):
        return None
    for field, part in parts.items():
        if not part:
            reader.refuse(
                field,
                f"The address lacks its {spoken(field)}; complete the address or leave all of it empty.",
            )
    return Address(street=street, postal_code=code, city=city, country=country)


def _phone(reader: RowReader, country: str) -> str | None:
    found = identifier(reader, "phone")
    if not found or reader.is_refused("phone"):
        return None
    try:
        number = phonenumbers.parse(found, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or number.extension or not phonenumbers.is_valid_number(number):
        reader.refuse(
            "phone", "The phone must be one number such as +358 40 000 0000; correct it or clear it."
        )
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _consent(reader: RowReader) -> bool:
    """Yes, or the day it was given (the consent must be dated: FI 513/1999 5 §). Empty means no."""
    if read_date(text_of(reader.value("electronic_consent"))):
        return True
    return reader.word("electronic_consent", ANSWERS, "yes, no or the day the consent was given") or False
