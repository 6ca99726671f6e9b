"""Seller and buyer of a UBL invoice, with what single countries ask of their sellers."""

from __future__ import annotations

from lxml import etree

from sovinto.domain.debtor import Address
from sovinto.domain.invoice import FeeInvoice, Party
from sovinto.domain.vat_treatment import VatCategory
from sovinto.errors import InvalidInput
from sovinto.formats.invoice.addresses import legal_id, required_endpoint
from sovinto.formats.invoice.ubl_names import add
from sovinto.formats.invoice.xml_parts import plain, required


def add_parties(root: etree._Element, invoice: FeeInvoice) -> None:
    """Raises InvalidInput for a party without electronic address, name or postal address, or without
    the VAT number that the treatment needs."""
    # EN 16931, BR-O-02: an invoice outside the scope of VAT carries no VAT numbers.
    is_taxed = invoice.lines[0].vat.category is not VatCategory.OUT_OF_SCOPE
    if is_taxed:
        _check_vat_numbers(invoice)
    for role, tag, party in (
        ("seller", "AccountingSupplierParty", invoice.seller),
        ("buyer", "AccountingCustomerParty", invoice.buyer),
    ):
        _party(add(root, f"cac:{tag}/cac:Party"), role, party, is_taxed=is_taxed)


def _check_vat_numbers(invoice: FeeInvoice) -> None:
    """EN 16931, BR-S-02 and its like for the seller; BR-AE-02 and BR-IC-02 for the buyer too."""
    if not invoice.seller.vat_id:
        raise InvalidInput(
            "seller.vat_id is empty; an e-invoice with VAT categories must carry it", field="seller.vat_id"
        )
    shifted = {VatCategory.REVERSE_CHARGE, VatCategory.INTRA_COMMUNITY}
    if not invoice.buyer.vat_id and any(line.vat.category in shifted for line in invoice.lines):
        raise InvalidInput(
            "buyer.vat_id is empty; reverse charge needs the client's VAT number", field="buyer.vat_id"
        )


def _party(element: etree._Element, role: str, party: Party, *, is_taxed: bool) -> None:
    contact = party.contact
    name = required(contact.name, f"{role}.name")
    endpoint = required_endpoint(party, role)
    add(element, "cbc:EndpointID", endpoint.id, schemeID=endpoint.scheme)
    add(element, "cac:PartyName/cbc:Name", name)
    _address(add(element, "cac:PostalAddress"), role, contact.address)
    if party.vat_id and is_taxed:
        _tax_scheme(element, party.vat_id, "VAT")
    if role == "seller" and party.country == "NO":
        # Foretaksregisterloven § 10-2; Peppol rule NO-R-002.
        _tax_scheme(element, "Foretaksregisteret", "TAX")
    _legal_entity(add(element, "cac:PartyLegalEntity"), name, party)
    _contact(element, name, plain(contact.phone), plain(contact.email))


def _address(element: etree._Element, role: str, address: Address) -> None:
    add(element, "cbc:StreetName", required(address.street, f"{role}.address.street"))
    add(element, "cbc:CityName", required(address.city, f"{role}.address.city"))
    add(element, "cbc:PostalZone", required(address.postal_code, f"{role}.address.postal_code"))
    add(element, "cac:Country/cbc:IdentificationCode", required(address.country, f"{role}.address.country"))


def _tax_scheme(element: etree._Element, number: str, scheme: str) -> None:
    tax = add(element, "cac:PartyTaxScheme")
    add(tax, "cbc:CompanyID", number)
    add(tax, "cac:TaxScheme/cbc:ID", scheme)


def _legal_entity(element: etree._Element, name: str, party: Party) -> None:
    add(element, "cbc:RegistrationName", name)
    number, icd = legal_id(party)
    if number:
        add(element, "cbc:CompanyID", plain(number), **({"schemeID": icd} if icd else {}))


def _contact(element: etree._Element, name: str, phone: str, email: str) -> None:
    if not phone and not email:
        return
    contact = add(element, "cac:Contact")
    add(contact, "cbc:Name", name)
    if phone:
        add(contact, "cbc:Telephone", phone)
    if email:
        add(contact, "cbc:ElectronicMail", email)
