"""Which row is the header, and which column is what."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sovinto.errors import FormatRefused
from sovinto.formats.case_file.aliases import FALLBACK, REQUIRED, SURE
from sovinto.formats.case_file.headers import find_layout
from sovinto.formats.case_file.table import SourceRow
from sovinto.formats.plain_text import bare

DOCUMENT = Path(__file__).parents[4] / "docs" / "case-file.md"
LANGUAGES = {
    "en": ["Reference", "Debtor type", "Name", "Due date", "Principal", "Registration id", "Street",
           "Postal code", "City", "Country", "Language", "E-mail", "Mobile", "Invoice number",
           "Invoice date", "Currency", "Text", "Electronic consent"],
    "fi": ["Viite", "Velallistyyppi", "Nimi", "Eräpäivä", "Pääoma", "Y-tunnus", "Katuosoite",
           "Postinumero", "Postitoimipaikka", "Maa", "Kieli", "Sähköposti", "Matkapuhelin",
           "Laskun numero", "Laskupäivä", "Valuutta", "Selite", "Sähköinen suostumus"],
    "sv": ["Referens", "Kundtyp", "Namn", "Förfallodatum", "Kapital", "Organisationsnummer", "Gatuadress",
           "Postnummer", "Ort", "Land", "Språk", "E-post", "Mobil", "Fakturanummer", "Fakturadatum",
           "Valuta", "Beskrivning", "Elektroniskt samtycke"],
    "no": ["Referanse", "Kundetype", "Navn", "Forfallsdato", "Hovedstol", "Organisasjonsnummer",
           "Gateadresse", "Postnr", "Poststed", "Land", "Språk", "E-post", "Mobil", "Fakturanr",
           "Fakturadato", "Valuta", "Beskrivelse", "Elektronisk samtykke"],
    "de": ["Referenz", "Schuldnerart", "Name", "Fälligkeit", "Hauptforderung", "Handelsregisternummer",
           "Straße", "PLZ", "Ort", "Land", "Sprache", "E-Mail", "Handynummer", "Rechnungsnummer",
           "Rechnungsdatum", "Währung", "Beschreibung", "Einwilligung"],
}  # fmt: skip


def layout(*headers: str):
    return find_layout([SourceRow(1, headers)])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_a_name_in_every_language(language):
    found = layout(*LANGUAGES[language])
    assert len(found.columns) == 18
    assert found.ignored == ()


def test_no_name_means_two_fields():
    fields: dict[str, set[str]] = {}
    for table in (SURE, FALLBACK):
        for field, names in table.items():
            for name in names.split(", "):
                fields.setdefault(bare(name), set()).add(field)
    assert {name: found for name, found in fields.items() if len(found) > 1} == {}


@pytest.mark.parametrize("header", ["due_date", "DUE DATE", "DueDate", "Due-date *", " due  date: "])
def test_case_blanks_and_signs_do_not_matter(header):
    assert "due_date" in layout("ref", "type", "name", header, "amount").columns


def test_an_open_amount_beats_an_invoice_total():
    found = layout("Ref", "Type", "Navn", "Forfall", "Beløp", "Restbeløp")
    assert found.columns["principal"].header == "Restbeløp"
    assert found.ignored == ("Beløp",)


def test_two_sure_columns_for_one_field_are_refused():
    with pytest.raises(FormatRefused, match="'Open amount' and 'Principal' both look like principal"):
        layout("Ref", "Type", "Name", "Due date", "Open amount", "Principal")


def test_the_invoice_number_stands_in_for_a_missing_reference():
    found = layout("Type", "Name", "Due date", "Amount", "Invoice no.")
    assert found.named("reference") == "Invoice no."


def test_reports_then_name_the_invoice_number_column(read, check):
    rows = [["Type", "Name", "Due", "Amount", "Invoice no."], ["b2b", "Ab", "1.9.2025", "5", "L" * 65]]
    columns = {problem.column for problem in check(read(rows)).refused[0].problems}
    assert columns == {"Invoice no.", "street"}


def test_a_payment_reference_counts_only_without_an_invoice_number():
    headers = ["Viitenumero", "Tyyppi", "Nimi", "Eräpäivä", "Summa"]
    assert layout(*headers).named("reference") == "Viitenumero"
    assert layout(*headers, "Laskunumero").named("reference") == "Laskunumero"


def test_first_and_last_name_make_a_name(read):
    text = "Ref;Type;First name;Last name;Due;Amount;Email\n1;b2c;Aino;Mäkelä;1.9.2025;5;a@b.example"
    assert read(text).accepted[0].placement.debtor.name == "Aino Mäkelä"


def test_the_header_may_name_the_currency(read):
    text = "Ref;Type;Name;Due;Belopp (SEK);Email\n1;b2c;Åsa Ek;1.9.2025;5;a@b.example"
    assert read(text).accepted[0].placement.currency == "SEK"


def test_missing_columns_are_all_named():
    with pytest.raises(FormatRefused, match="lacks the columns reference, debtor_type, principal"):
        layout("Name", "Due date", "City")


def test_the_document_names_every_field_and_every_alias():
    text = DOCUMENT.read_text(encoding="utf-8")
    for field in SURE:
        assert f"`{field}`" in text, field
    known = {
        bare(name) for table in (SURE, FALLBACK) for names in table.values() for name in names.split(", ")
    }
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\|([^|]*)\|", text, re.MULTILINE)
    documented = {bare(name) for _, names in rows for name in names.split(", ") if name.strip()}
    assert known - documented == set()
    assert set(REQUIRED) <= {field for field, _ in rows}
