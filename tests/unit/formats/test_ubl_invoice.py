from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from sovinto.domain.invoice import Endpoint, FeeInvoice, FeeInvoiceLine, Party, Preceding
from sovinto.domain.money import Money
from sovinto.domain.vat_treatment import VatCategory, VatTreatment
from sovinto.errors import InvalidInput
from sovinto.formats.invoice import endpoint_of, write_ubl

from tests.unit.formats.invoice_samples import COUNTRIES, between, invoice, line, party, standard
from tests.unit.formats.ubl_rules import LATER, UblRules

TAKEN_BACK = Preceding(16, date(2026, 1, 5))
EXEMPT = VatTreatment(VatCategory.EXEMPT, "0", "art. 132", "Exempt, art. 132", "VATEX-EU-132")
ZERO = VatTreatment(VatCategory.ZERO, "0", "zero")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
MADE_OF_ALL = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="session")
def rules() -> Iterator[UblRules]:
    yield UblRules()


def texts(file: bytes, path: str) -> list[str | None]:
    steps = "/".join(f"{{*}}{step}" for step in path.split("/"))
    return [found.text for found in etree.fromstring(file).iterfind(f".//{steps}")]


@pytest.mark.parametrize("seller", COUNTRIES)
def test_every_pair_of_countries_keeps_every_rule(rules: UblRules, seller: str) -> None:
    for buyer in COUNTRIES:
        for credit in (False, True):
            file = write_ubl(between(seller, buyer, credit=credit))
            assert rules.findings(file) == [], (seller, buyer, credit)


def test_the_later_edition_of_the_rules_is_kept_too() -> None:
    if not LATER.exists():
        pytest.skip("the later edition of the Peppol rules is not on this machine")
    later = UblRules(LATER, ".xslt")
    for seller in COUNTRIES:
        for buyer in COUNTRIES:
            file = write_ubl(between(seller, buyer, credit=seller == "DE"))
            assert later.findings(file) == [], (seller, buyer)


def test_a_client_without_vat_number_is_charged_our_rate(rules: UblRules) -> None:
    file = write_ubl(between("FI", "SE", has_vat_id=False))

    assert rules.findings(file) == []
    assert texts(file, "TaxSubtotal/TaxCategory/Percent") == ["25.5"]


def lines() -> st.SearchStrategy[list[FeeInvoiceLine]]:
    treatments = st.sampled_from((standard("25.5"), standard("14"), standard("10"), EXEMPT, ZERO))
    one = st.builds(
        FeeInvoiceLine,
        TEXT.map(lambda text: f"x{text}"),
        st.integers(1, 100_000),
        st.integers(0, 10_000_000).map(lambda minor: Money(minor, "EUR")),
        treatments,
    )
    return st.lists(one, min_size=1, max_size=8)


@MADE_OF_ALL
@given(
    rows=lines(),
    name=TEXT,
    note=TEXT,
    buyer=st.sampled_from(("FI", "SE", "DE", "NO")),
    is_credit=st.booleans(),
    days=st.integers(0, 90),
)
def test_whatever_is_written_keeps_every_rule(
    rules: UblRules,
    rows: list[FeeInvoiceLine],
    name: str,
    note: str,
    buyer: str,
    is_credit: bool,
    days: int,
) -> None:
    made = invoice(
        party("FI", f"A{name}"),
        party(buyer, f"Ö{name}"),
        *rows,
        taken_back=TAKEN_BACK if is_credit else None,
    )
    made = replace(made, note=note, order_reference=note, due_on=made.invoiced_on + timedelta(days=days))
    assert rules.findings(write_ubl(made)) == []
    assert made.gross.minor == made.net.minor + sum(one.tax.minor for one in made.vat_totals)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    amounts=st.lists(st.integers(0, 9_999_999), min_size=1, max_size=5),
    pair=st.tuples(st.sampled_from(COUNTRIES), st.sampled_from(COUNTRIES)),
    is_credit=st.booleans(),
)
def test_amounts_of_any_pair_keep_every_rule(
    rules: UblRules, amounts: list[int], pair: tuple[str, str], is_credit: bool
) -> None:
    like = between(*pair, credit=is_credit)
    treatment, currency = like.lines[0].vat, like.currency
    made = replace(like, lines=tuple(line(minor, treatment, 3, currency) for minor in amounts))
    assert rules.findings(write_ubl(made)) == []


def test_the_rules_do_look(rules: UblRules) -> None:
    file = write_ubl(between("FI", "SE"))

    for whole, broken, rule in (
        (b">920.89</cbc:Pay", b">920.88</cbc:Pay", "BR-CO-16"),
        (b">900.90</cbc:Line", b">900.91</cbc:Line", "BR-CO-10"),
        (b"BuyerReference", b"AccountingCost", "PEPPOL-EN16931-R003"),
    ):
        assert any(rule in text for text in rules.findings(file.replace(whole, broken)))
    unregistered = write_ubl(between("NO", "FI")).replace(b"Foretaksregisteret", b"x")
    assert [text.split()[:2] for text in rules.findings(unregistered)] == [["warning", "NO-R-002"]]


def mixed() -> FeeInvoice:
    return invoice(
        party("FI"), party("FI"), line(333, standard(), 3), line(107, standard("14")), line(500, EXEMPT)
    )


def test_two_rates_are_rounded_once_each(rules: UblRules) -> None:
    file = write_ubl(mixed(), {"setup_fee": "Aloitusmaksu"})

    assert rules.findings(file) == []
    assert texts(file, "TaxSubtotal/TaxAmount") == ["2.55", "0.15", "0.00"]
    assert texts(file, "TaxSubtotal/TaxableAmount") == ["9.99", "1.07", "5.00"]
    assert texts(file, "LegalMonetaryTotal/PayableAmount") == ["18.76"]
    assert texts(file, "Item/Name") == ["Aloitusmaksu"] * 3


def test_reverse_charge_says_so() -> None:
    file = write_ubl(between("FI", "SE"))

    assert set(texts(file, "ClassifiedTaxCategory/ID")) == {"AE"}
    assert texts(file, "TaxExemptionReasonCode") == ["VATEX-EU-AE"]
    assert texts(file, "TaxExemptionReason") == ["Reverse charge, Directive 2006/112/EC art. 44 and 196"]
    assert texts(file, "LegalMonetaryTotal/PayableAmount") == ["920.89"]


def test_a_credit_note_names_what_it_takes_back() -> None:
    file = write_ubl(between("FI", "FI", credit=True))

    assert etree.QName(etree.fromstring(file)).localname == "CreditNote"
    assert texts(file, "BillingReference/InvoiceDocumentReference/ID") == ["16"]
    assert texts(file, "CreditedQuantity") == ["182", "1"]
    assert texts(file, "PaymentMeans/PaymentDueDate") == ["2026-02-16"]


def test_our_name_for_the_client_stands_in_for_its_reference() -> None:
    plain = between("FI", "FI")

    assert texts(write_ubl(plain), "BuyerReference") == ["cli_1"]
    assert texts(write_ubl(replace(plain, buyer_reference="KP 200")), "BuyerReference") == ["KP 200"]


@pytest.mark.parametrize(
    ("country", "endpoint"),
    [
        ("FI", Endpoint("0216", "003721123456")),
        ("SE", Endpoint("0007", "5560360793")),
        ("NO", Endpoint("0192", "995525828")),
        ("DK", Endpoint("0184", "DK13585628")),
        ("EE", Endpoint("0191", "10421629")),
        ("NL", Endpoint("0106", "27289362")),
        ("DE", Endpoint("9930", "DE136695976")),
        ("GB", Endpoint("9932", "GB980780684")),
    ],
)
def test_the_address_derives_from_the_country(country: str, endpoint: Endpoint) -> None:
    assert endpoint_of(party(country)) == endpoint
    own = Endpoint("0204", "04011000-1234512345-06")
    assert endpoint_of(replace(party(country), endpoint=own)) == own


def test_a_party_that_cannot_be_addressed_is_refused() -> None:
    nowhere = party("DE", has_vat_id=False)
    assert endpoint_of(nowhere) is None
    with pytest.raises(InvalidInput, match="buyer has no electronic address"):
        write_ubl(invoice(party("FI"), nowhere, line(100, standard())))


def without(kind: str) -> Party:
    contact = party("FI").contact
    return replace(
        party("FI"), contact=replace(contact, address=replace(contact.address, **{kind: " \x07"}))
    )


@pytest.mark.parametrize("kind", ["street", "city", "postal_code"])
def test_a_seller_without_address_is_refused(kind: str) -> None:
    with pytest.raises(InvalidInput, match=kind):
        write_ubl(invoice(without(kind), party("FI"), line(100, standard())))


def test_vat_numbers_are_asked_for_where_the_rules_do() -> None:
    shifted = between("FI", "SE").lines[0].vat
    bare, other = party("FI", has_vat_id=False), party("SE", has_vat_id=False)
    with pytest.raises(InvalidInput, match=r"seller\.vat_id"):
        write_ubl(invoice(bare, other, line(100, standard())))
    with pytest.raises(InvalidInput, match=r"buyer\.vat_id"):
        write_ubl(invoice(party("FI"), other, line(100, shifted)))


def test_lines_that_make_no_invoice_are_refused() -> None:
    out = between("FI", "NO").lines[0].vat
    for rows, says in (
        ((), "empty"),
        ((line(100, standard(), 0),), "quantity"),
        ((line(-1, standard()),), "credit note"),
        ((line(1, standard()), line(1, out)), "make two"),
    ):
        with pytest.raises(InvalidInput, match=says):
            invoice(party("FI"), party("FI"), *rows)
    with pytest.raises(InvalidInput, match="due_on"):
        replace(mixed(), due_on=date(2026, 1, 1))
