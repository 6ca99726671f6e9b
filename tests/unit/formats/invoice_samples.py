"""Parties of many countries, and invoices and credit notes between them, for the e-invoice tests."""

from __future__ import annotations

from datetime import date, timedelta

from sovinto.countries import load_pack
from sovinto.domain.debtor import Address
from sovinto.domain.invoice import FeeInvoice, FeeInvoiceLine, Party, Preceding
from sovinto.domain.letter import Contact
from sovinto.domain.money import Money
from sovinto.domain.vat_treatment import VatCategory, VatTreatment, treat
from sovinto.ids import ClientId

ON = date(2026, 2, 2)
# Seller first or buyer first: registration number, VAT number, IBAN, BIC, currency at home.
_IDS = {
    "FI": ("2112345-6", "FI21123456", "FI2112345600000785", "NDEAFIHH", "EUR"),
    "SE": ("556036-0793", "SE556036079301", "SE4550000000058398257466", "ESSESESS", "SEK"),
    "NO": ("995 525 828", "NO995525828MVA", "NO9386011117947", "DNBANOKK", "NOK"),
    "DK": ("13585628", "DK13585628", "DK5000400440116243", "NDEADKKK", "DKK"),
    "EE": ("10421629", "EE100931558", "EE382200221020145685", "HABAEE2X", "EUR"),
    "NL": ("27289362", "NL004495445B01", "NL91ABNA0417164300", "ABNANL2A", "EUR"),
    "DE": ("HRB 12345", "DE136695976", "DE89370400440532013000", "COBADEFF", "EUR"),
    "GB": ("01234567", "GB980780684", "GB29NWBK60161331926819", "NWBKGB2L", "GBP"),
    "FR": ("552100554", "FR40303265045", "FR1420041010050500013M02606", "PSSTFRPP", "EUR"),
    "CH": ("CHE-107.787.577", "CHE107787577", "CH9300762011623852957", "UBSWCHZH", "CHF"),
}
COUNTRIES = tuple(_IDS)


def party(country: str, name: str = "Näyte & Co <Oy>", *, has_vat_id: bool = True) -> Party:
    number, vat_id, *_ = _IDS[country]
    address = Address("Kauppakatu 1 A", "00100", "Helsinki", country)
    contact = Contact(name, number, address, "billing@sample.example", "+358 9 123 4567")
    return Party(contact, vat_id if has_vat_id else "")


def line(minor: int, treatment: VatTreatment, quantity: int = 1, currency: str = "EUR") -> FeeInvoiceLine:
    return FeeInvoiceLine("setup_fee", quantity, Money(minor, currency), treatment)


def standard(percent: str = "25.5") -> VatTreatment:
    return VatTreatment(VatCategory.STANDARD, percent, "AVL 1501/1993 84 §")


def invoice(
    seller: Party,
    buyer: Party,
    *lines: FeeInvoiceLine,
    taken_back: Preceding | None = None,
    reference: str = "1232",
) -> FeeInvoice:
    _, _, iban, bic, _ = _IDS[seller.country]
    return FeeInvoice(
        number=17,
        client_id=ClientId("cli_1"),
        invoiced_on=ON,
        due_on=ON + timedelta(days=14),
        period_from=date(2026, 1, 1),
        period_to=date(2026, 1, 31),
        seller=seller,
        buyer=buyer,
        lines=lines,
        payment_iban=iban,
        payment_bic=bic,
        payment_reference=reference,
        credits=taken_back,
    )


def between(seller: str, buyer: str, *, credit: bool = False, has_vat_id: bool = True) -> FeeInvoice:
    """An invoice with the treatment that the law gives this pair, in the seller's currency."""
    treatment = treat(
        seller=load_pack(seller), buyer_country=buyer, is_business=True, has_vat_id=has_vat_id, on=ON
    )
    currency = _IDS[seller][4]
    return invoice(
        party(seller),
        party(buyer, has_vat_id=has_vat_id),
        line(495, treatment, 182, currency),
        line(1999, treatment, 1, currency),
        taken_back=Preceding(16, date(2026, 1, 5)) if credit else None,
    )
