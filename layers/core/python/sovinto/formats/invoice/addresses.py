"""How companies are addressed and named in e-invoices: one row per country.

Sources: Peppol code list "Electronic Address Scheme" (EAS) and ISO 6523 ICD as Peppol BIS Billing 3
publishes them; the form of the Finnish OVT number after TIEKE (0037, Business ID, optional suffix).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sovinto.domain.invoice import Endpoint, Party
from sovinto.errors import InvalidInput

_NOT_DIGIT = re.compile(r"[^0-9]")


@dataclass(frozen=True, slots=True)
class _Registered:
    """Addressed by the registration number: `address` is its EAS code, `icd` the ISO 6523 code of the
    number itself, `digits` its length, `prefix` what the address and `legal_prefix` what the number
    puts in front; None writes the number as it is printed."""

    address: str
    icd: str
    digits: int
    prefix: str = ""
    legal_prefix: str | None = ""


# Danish numbers with their DK: every edition of the Peppol rules takes them so (PEPPOL-COMMON-R042).
_REGISTERED = {
    "BE": _Registered("0208", "0208", 10),
    "DK": _Registered("0184", "0184", 8, "DK", "DK"),
    "EE": _Registered("0191", "0191", 8),
    "FI": _Registered("0216", "0212", 8, "0037", None),
    "IS": _Registered("0196", "0196", 10),
    "NL": _Registered("0106", "0106", 8),
    "NO": _Registered("0192", "0192", 9),
    "SE": _Registered("0007", "0007", 10),
}
# Addressed by the VAT number; a German authority has its Leitweg-ID (0204) as `Party.endpoint`.
_BY_VAT_NUMBER = {
    **{"AT": "9914", "BG": "9926", "CH": "9927", "CY": "9928", "CZ": "9929", "DE": "9930", "ES": "9920"},
    **{"FR": "9957", "GB": "9932", "GR": "9933", "HR": "9934", "HU": "9910", "IE": "9935", "LI": "9936"},
    **{"LT": "9937", "LU": "9938", "LV": "9939", "MT": "9943", "PL": "9945", "PT": "9946", "RO": "9947"},
    **{"SI": "9949", "SK": "9950", "IT": "0211"},
}


def endpoint_of(party: Party) -> Endpoint | None:
    """The electronic address: the party's own, else the one its country derives from its registration
    or VAT number; None where neither is known."""
    if party.endpoint is not None:
        return party.endpoint
    row = _REGISTERED.get(party.country)
    if row is not None:
        digits = _NOT_DIGIT.sub("", party.contact.registration_id)
        return Endpoint(row.address, row.prefix + digits) if len(digits) == row.digits else None
    scheme = _BY_VAT_NUMBER.get(party.country)
    return Endpoint(scheme, party.vat_id) if scheme and party.vat_id else None


def required_endpoint(party: Party, role: str) -> Endpoint:
    """Raises InvalidInput where there is none: Peppol has nowhere to deliver to."""
    endpoint = endpoint_of(party)
    if endpoint is None or not endpoint.id.strip():
        raise InvalidInput(
            f"{role} has no electronic address; give one (scheme of the EAS list and id), or a "
            "registration or VAT number that its country uses as address",
            field="endpoint",
        )
    return endpoint


def legal_id(party: Party) -> tuple[str, str]:
    """The registration number as written in e-invoices, and its ISO 6523 code or empty."""
    row = _REGISTERED.get(party.country)
    text = party.contact.registration_id.strip()
    if row is None:
        return text, ""
    digits = _NOT_DIGIT.sub("", text)
    if len(digits) != row.digits:
        # A number of another kind (a foreign branch): say it without claiming a scheme.
        return text, ""
    return (text if row.legal_prefix is None else row.legal_prefix + digits), row.icd
