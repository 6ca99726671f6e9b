from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from sovinto.domain.debtor import Address
from sovinto.domain.invoice import FeeInvoice, Preceding
from sovinto.errors import InvalidInput
from sovinto.formats.invoice import Route, in_envelope, write_finvoice

from tests.unit.formats.invoice_samples import between, invoice, line, party, standard

SCHEMA = Path(__file__).parents[3] / "../shared/validators/finvoice/Finvoice3.0_2020-11-30.xsd"
ROUTE = Route(
    "003721123456", "NDEAFIHH", "003707375462", "OKOYFIHH", "msg-17", datetime(2026, 2, 2, 9, tzinfo=UTC)
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


@cache
def schema() -> etree.XMLSchema:
    if not SCHEMA.exists():
        pytest.skip("the shared Finvoice schema is not on this machine")
    return etree.XMLSchema(etree.parse(str(SCHEMA)))


def texts(file: bytes, path: str) -> list[str | None]:
    return [found.text for found in etree.fromstring(file).iterfind(f".//{path}")]


def made(*, credit: bool = False) -> FeeInvoice:
    return invoice(
        party("FI"),
        party("FI"),
        line(333, standard(), 3),
        line(107, standard("14")),
        taken_back=Preceding(16, date(2026, 1, 5)) if credit else None,
    )


@pytest.mark.parametrize("credit", [False, True])
@pytest.mark.parametrize("route", [None, ROUTE])
def test_is_valid_against_the_schema(credit: bool, route: Route | None) -> None:
    schema().assertValid(etree.fromstring(write_finvoice(made(credit=credit), route)))


@pytest.mark.parametrize("buyer", ["FI", "SE", "EE", "DE", "NO", "GB"])
def test_every_treatment_is_valid(buyer: str) -> None:
    schema().assertValid(etree.fromstring(write_finvoice(between("FI", buyer))))


@settings(max_examples=80, deadline=None)
@given(name=TEXT, street=TEXT, city=TEXT, note=TEXT, amount=st.integers(0, 99_999_999), text=TEXT)
def test_whatever_is_written_is_valid(
    name: str, street: str, city: str, note: str, amount: int, text: str
) -> None:
    buyer = party("FI", f"Oy{name}")
    address = Address(street, "00100", city, "FI")
    buyer = replace(buyer, contact=replace(buyer.contact, address=address, phone=name, email=note))
    row = replace(line(amount, standard(), 7), text=f"x{text}")
    file = write_finvoice(replace(invoice(party("FI"), buyer, row), note=note, buyer_reference=name))
    schema().assertValid(etree.fromstring(file))


def test_says_amounts_dates_and_tax_as_banks_read_them() -> None:
    file = write_finvoice(made(), words={"setup_fee": "Aloitusmaksu"})

    assert texts(file, "InvoiceTypeCode") == ["INV01"]
    assert texts(file, "InvoiceDate") == ["20260202"]
    assert texts(file, "VatSpecificationDetails/VatRatePercent") == ["25,5", "14"]
    assert texts(file, "VatSpecificationDetails/VatRateAmount") == ["2,55", "0,15"]
    assert texts(file, "EpiInstructedAmount") == texts(file, "InvoiceTotalVatIncludedAmount") == ["13,76"]
    assert texts(file, "EpiRemittanceInfoIdentifier") == ["1232"]
    assert texts(file, "ArticleName") == ["Aloitusmaksu"] * 2
    assert b"ISO-8859-15" in file and "Näyte".encode("iso-8859-15") in file


def test_a_credit_note_is_negative_and_names_the_invoice() -> None:
    file = write_finvoice(made(credit=True))

    assert texts(file, "InvoiceTypeCode") == ["INV02"]
    assert texts(file, "OriginalInvoiceNumber") == ["16"]
    assert texts(file, "EpiInstructedAmount") == ["-13,76"]
    assert texts(file, "InvoicedQuantity") == ["-3", "-1"]
    assert texts(file, "UnitPriceAmount") == ["3,33", "1,07"]


def test_reverse_charge_says_so() -> None:
    file = write_finvoice(between("FI", "SE"))

    assert texts(file, "VatSpecificationDetails/VatCode") == ["AE"]
    assert texts(file, "VatFreeText") == ["Reverse charge, Directive 2006/112/EC art. 44 and 196"]
    assert texts(file, "VatExemptionReasonCode") == ["VATEX-EU-AE"]


def test_refuses_what_a_finnish_bank_would() -> None:
    with pytest.raises(InvalidInput, match="euros"):
        write_finvoice(between("SE", "FI"))
    with pytest.raises(InvalidInput, match="reference"):
        write_finvoice(replace(made(), payment_reference="1233"))
    with pytest.raises(InvalidInput, match="two or more"):
        write_finvoice(invoice(party("FI", "A"), party("FI"), line(1, standard())))
    assert texts(write_finvoice(replace(made(), payment_reference="RF81123453")), "EpiCharge") == ["SLEV"]


def test_the_frame_names_sender_and_receiver_with_their_banks() -> None:
    finvoice = write_finvoice(made(), ROUTE)
    framed = in_envelope(finvoice, ROUTE)

    assert framed.endswith(finvoice)
    frame = etree.fromstring(framed[: -len(finvoice)])
    parties = [(found.getparent().tag.rpartition("}")[2], found.text) for found in frame.iter("{*}PartyId")]  # type: ignore[union-attr]
    assert parties == [
        ("From", "003721123456"),
        ("From", "NDEAFIHH"),
        ("To", "003707375462"),
        ("To", "OKOYFIHH"),
    ]
    assert frame.findtext(".//{*}MessageData/{*}MessageId") == "msg-17"
