"""Seller and buyer as our invoices name them, and the reference by which they are paid."""

from __future__ import annotations

from datetime import date

from sovinto.countries import load_pack
from sovinto.domain import vat_treatment
from sovinto.domain.agency import Agency
from sovinto.domain.client import Client
from sovinto.domain.debtor import DebtorType
from sovinto.domain.invoice import Endpoint, Party
from sovinto.domain.law.model import Pack
from sovinto.domain.law.references import reference_schemes
from sovinto.domain.vat_treatment import VatTreatment
from sovinto.errors import InvalidInput
from sovinto.formats.invoice_reference import reference_of
from sovinto.formats.vat_number import checked_vat_id


def own_pack(agency: Agency) -> Pack:
    """The law of our own country."""
    return load_pack(agency.contact.address.country)


def seller_of(agency: Agency) -> Party:
    """Raises InvalidInput for a VAT number or address that is none."""
    vat_id = checked_vat_id(agency.vat_id, agency.contact.address.country)
    return Party(agency.contact, vat_id, endpoint_named(agency.einvoice_address))


def buyer_of(client: Client) -> Party:
    """Raises InvalidInput for a VAT number or address that is none."""
    vat_id = checked_vat_id(client.vat_id, client.address.country)
    return Party(client.contact, vat_id, endpoint_named(client.einvoice_address))


def endpoint_named(text: str) -> Endpoint | None:
    """Raises InvalidInput where it is not "scheme:id"."""
    if not text:
        return None
    scheme, colon, name = text.partition(":")
    if not (colon and name.strip() and scheme.isascii() and scheme.isdigit() and len(scheme) == 4):
        raise InvalidInput(
            f'einvoice_address {text!r} must be "scheme:id" of the EAS list, such as "0216:003707375462"',
            field="einvoice_address",
        )
    return Endpoint(scheme, name.strip())


def treatment_of(client: Client, buyer: Party, agency: Agency, on: date) -> VatTreatment:
    """Our clients are businesses. Raises LawMissing."""
    return vat_treatment.treat(
        seller=own_pack(agency),
        buyer_country=buyer.country,
        is_business=True,
        has_vat_id=bool(buyer.vat_id),
        on=on,
        language=client.language,
    )


def treatment_of_retained(client: Client, agency: Agency, on: date) -> VatTreatment:
    """Of the fees that we retain: as on the client's invoice. A VAT number that is none counts as no
    number: it stops our invoice, but never the client's own money. Raises LawMissing."""
    try:
        vat_id = checked_vat_id(client.vat_id, client.address.country)
    except InvalidInput:
        vat_id = ""
    return treatment_of(client, Party(client.contact, vat_id), agency, on)


def payment_reference_of(number: int, agency: Agency, on: date) -> str:
    """Raises LawMissing where the pack names no scheme."""
    row = reference_schemes(own_pack(agency), debtor_type=DebtorType.BUSINESS, on=on)
    return reference_of(number, row.preferred.value)
