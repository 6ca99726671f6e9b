"""Rows to placements: words, phones, addresses, repeats and the second look on the day."""

from __future__ import annotations

import pytest
from sovinto.domain.debtor import Address, DebtorType
from sovinto.formats.case_file import AcceptedRow, DuplicateRow, RefusedRow


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("Kuluttaja", DebtorType.CONSUMER), ("privat", DebtorType.CONSUMER), ("B2C", DebtorType.CONSUMER),
        ("YRITYS", DebtorType.BUSINESS), ("Företag", DebtorType.BUSINESS), ("Gewerbe", DebtorType.BUSINESS),
    ],
)  # fmt: skip
def test_debtor_types(one_row, word, meaning):
    assert one_row(Debtor_type=word).placement.debtor.debtor_type is meaning


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("Debtor type", "", "The debtor type is missing; fill it in."),
        ("Debtor type", "unknown", "must be consumer or business"),
        ("Name", "", "The name is missing"),
        ("Reference", "", "The reference is missing"),
        ("Reference", "1,23E+15", "shortened to a scientific number"),
        ("Due date", "", "write it as 31.12.2025"),
        ("Due date", "#REF!", "error of the spreadsheet"),
        ("Mobile", "123", "one number such as"),
        ("Mobile", "040 000 0001, 040 000 0002", "one number such as"),
        ("Country", "Atlantis", "two-letter country code"),
        ("Language", "SE", "a language such as"),
        ("Consent", "maybe", "yes, no or the day"),
        ("Currency", "€uro", "three-letter code"),
        ("Street", "Koekuja 1", "lacks its postal code"),
    ],
)
def test_refused_cells_name_the_clients_own_column(one_row, column, value, words):
    row = one_row(**{column.replace(" ", "_"): value})
    assert isinstance(row, RefusedRow)
    assert any(words in problem.reason for problem in row.problems)
    assert column in {"Street", *(problem.column for problem in row.problems)}


def test_every_problem_of_a_row_is_told_at_once(one_row):
    row = one_row(Debtor_type="", Full_name="", Due_date="soon", Principal="x")
    assert [problem.column for problem in row.problems] == ["Debtor type", "Name", "Principal", "Due date"]
    assert row.client_reference == "R1"


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("040 000 0012", "FI", "+358400000012"),
        ("+358 40 000 0012", "FI", "+358400000012"),
        ("00358400000012", "FI", "+358400000012"),
        ("400000012", "FI", "+358400000012"),
        ("070-174 06 05", "SE", "+46701740605"),
    ],
)
def test_phones_become_e164(one_row, text, country, number):
    assert one_row(Mobile=text, Country=country).placement.debtor.phone == number


def test_a_phone_column_helps_out_where_the_mobile_is_empty(one_row):
    assert one_row(Mobile="", Phone="040 000 0012").placement.debtor.phone == "+358400000012"


@pytest.mark.parametrize(
    "cells",
    [
        {"Street": "Koekuja 1", "Postal_code": "00100", "City": "Helsinki"},
        {"Street": "Koekuja 1", "PLZ_Ort": "00100 Helsinki"},
        {"Osoite": "Koekuja 1, 00100 Helsinki"},
        {"Osoite": "Koekuja 1, FI-00100 Helsinki", "Country": "Suomi"},
    ],
)
def test_addresses(one_row, cells):
    assert one_row(**cells).placement.debtor.address == Address("Koekuja 1", "00100", "Helsinki", "FI")


def test_consent_is_yes_or_the_day_it_was_given(one_row):
    assert one_row(Consent="kyllä").placement.debtor.has_electronic_consent
    assert one_row(Consent="1.6.2025").placement.debtor.has_electronic_consent
    assert not one_row(Consent="").placement.debtor.has_electronic_consent


def test_repeats_are_duplicates_and_conflicts_are_refused(read, header, good):
    same_written_otherwise = [*good[:4], "2025-08-31", "120.50"]
    first, second, third = read([header, good, same_written_otherwise, [*good[:5], "99,00"]]).rows
    assert isinstance(first, AcceptedRow)
    assert second == DuplicateRow(row_number=3, client_reference="R1", first_row_number=2)
    assert isinstance(third, RefusedRow)
    assert "Row 2 has the same reference with other content" in third.problems[0].reason


def test_a_refused_row_does_not_take_the_reference(read, header, good):
    first, second = read([header, [*good[:5], "x"], good]).rows
    assert isinstance(first, RefusedRow)
    assert isinstance(second, AcceptedRow)


def test_the_second_look_uses_the_clients_columns(read, check, header, good):
    late = ["R2", *good[1:4], "31.12.2026", "1,00"]
    checked = check(read([header, good, late]))
    assert [type(row) for row in checked.rows] == [AcceptedRow, RefusedRow]
    problem = checked.refused[0].problems[0]
    assert (problem.column, problem.value) == ("Due date", "2026-12-31")


def test_a_consumers_identity_code_is_not_repeated(check, read, header, good):
    rows = [[*header, "Y-tunnus"], [*good, "131052-308T"]]
    problem = check(read(rows)).refused[0].problems[0]
    assert (problem.column, problem.value) == ("Y-tunnus", "13…")
