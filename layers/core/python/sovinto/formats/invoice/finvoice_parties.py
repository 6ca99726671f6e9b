"""Seller and buyer of a Finvoice: the same shape under two names."""

from __future__ import annotations

from lxml import etree

from sovinto.domain.debtor import Address
from sovinto.domain.invoice import FeeInvoice, Party
from sovinto.errors import InvalidInput
from sovinto.formats.invoice.addresses import legal_id
from sovinto.formats.invoice.finvoice_names import add
from sovinto.formats.invoice.xml_parts import plain, required

_SHORTEST, _LONGEST_LINE = 2, 35
_MOST_LINES = 3


def add_parties(root: etree._Element, invoice: FeeInvoice) -> None:
    """Raises InvalidInput for a name of fewer than two letters."""
    _party(add(root, "SellerPartyDetails"), "Seller", invoice.seller)
    _communication(root, "Seller", invoice.seller)
    _seller_accounts(root, invoice)
    _party(add(root, "BuyerPartyDetails"), "Buyer", invoice.buyer)
    _communication(root, "Buyer", invoice.buyer)


def _party(element: etree._Element, role: str, party: Party) -> None:
    number, icd = legal_id(party)
    if plain(number):
        identifier = add(element, f"{role}PartyIdentifier", plain(number, _LONGEST_LINE))
        if icd:
            identifier.set("SchemeID", icd)
    field = f"{role.lower()}.name"
    name = required(party.contact.name, field)
    if len(name) < _SHORTEST:
        raise InvalidInput(f"{field} {name!r} is one letter; Finvoice asks for two or more", field=field)
    add(element, f"{role}OrganisationName", name[:70].rstrip())
    if party.vat_id:
        add(element, f"{role}OrganisationTaxCode", party.vat_id)
    _address(element, role, party.contact.address)


def _address(element: etree._Element, role: str, address: Address) -> None:
    """Left out where a part is too short for the schema: nothing is posted to it."""
    street = _street_lines(plain(address.street))
    city, code = plain(address.city, _LONGEST_LINE), plain(address.postal_code, _LONGEST_LINE)
    if not street or min(map(len, (*street, city, code))) < _SHORTEST:
        return
    post = add(element, f"{role}PostalAddressDetails")
    for line in street:
        add(post, f"{role}StreetName", line)
    add(post, f"{role}TownName", city)
    add(post, f"{role}PostCodeIdentifier", code)
    if len(address.country) == 2:
        add(post, "CountryCode", address.country)


def _street_lines(street: str) -> list[str]:
    most = _LONGEST_LINE * _MOST_LINES
    lines = [
        street[at : at + _LONGEST_LINE].strip() for at in range(0, min(len(street), most), _LONGEST_LINE)
    ]
    return [line for line in lines if len(line) >= _SHORTEST]


def _communication(root: etree._Element, role: str, party: Party) -> None:
    phone, email = plain(party.contact.phone), plain(party.contact.email)
    if not phone and not email:
        return
    details = add(root, f"{role}CommunicationDetails")
    if phone:
        add(details, f"{role}PhoneNumberIdentifier", phone[:_LONGEST_LINE])
    if email and len(email) <= 70:
        add(details, f"{role}EmailaddressIdentifier", email)


def _seller_accounts(root: etree._Element, invoice: FeeInvoice) -> None:
    """The account needs its BIC here; without one the payment part alone names the account."""
    bic = "".join(invoice.payment_bic.split())
    if not bic:
        return
    account = add(root, "SellerInformationDetails/SellerAccountDetails")
    add(account, "SellerAccountID", "".join(invoice.payment_iban.split()), IdentificationSchemeName="IBAN")
    add(account, "SellerBic", bic, IdentificationSchemeName="BIC")
