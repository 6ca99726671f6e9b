"""Encodings, delimiters and the shapes exports come in."""

from __future__ import annotations

import pytest
from sovinto.errors import FormatRefused

ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "cp1252": "cp1252",
    "latin-1": "cp1252",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
}


@pytest.mark.parametrize(("sent", "found"), ENCODINGS.items())
def test_reads_scandinavian_letters_in_every_usual_encoding(read, header, good, sent, found):
    case_file = read([header, good], encoding=sent)
    assert case_file.encoding == found
    assert case_file.accepted[0].placement.debtor.name == "Aino Mäkelä"


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_finds_the_delimiter(read, header, good, delimiter):
    quoted = [f'"{cell}"' if delimiter in cell else cell for cell in good]
    case_file = read("\n".join(delimiter.join(row) for row in (header, quoted)))
    assert case_file.delimiter == delimiter
    assert len(case_file.accepted) == 1


def test_many_decimal_commas_do_not_make_the_comma_a_delimiter(read, header, good):
    rows = [header, *([f"R{n}", *good[1:4], good[4], "1,50"] for n in range(30))]
    assert read(rows).delimiter == ";"


def test_row_numbers_are_those_of_the_spreadsheet(read, header, good):
    text = "Open claims\n\nPrinted 2.1.2026\n" + ";".join(header) + "\n\n"
    text += ";".join(good[:2]) + ';"Aino\nMäkelä";' + ";".join(good[3:]) + "\n\n"
    text += ";".join(["R2", *good[1:]]) + "\n"
    case_file = read(text)
    assert [row.row_number for row in case_file.rows] == [6, 8]
    assert case_file.accepted[0].placement.debtor.name == "Aino Mäkelä"


def test_excels_separator_line_is_not_a_row(read, header, good):
    case_file = read("sep=|\r\n" + "|".join(header) + "\r\n" + "|".join(good))
    assert case_file.delimiter == "|"
    assert case_file.rows[0].row_number == 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(read, header, good, end):
    assert len(read(end.join([";".join(header), ";".join(good)])).accepted) == 1


def test_totals_and_repeated_headers_are_left_out_with_a_note(read, header, good):
    rows = [header, good, header, ["R2", *good[1:]], ["Yhteensä:", "", "", "", "", "241,00"]]
    case_file = read(rows)
    assert len(case_file.accepted) == len(case_file.rows) == 2
    assert case_file.problems == (
        "Row 3 repeats the header and was left out.",
        "Row 5 is a total and was left out.",
    )


def test_a_lone_sum_is_a_total_only_at_the_end(read, header, good):
    lone = ["", "", "", "", "", "120,50"]
    assert len(read([header, good, lone]).rows) == 1
    assert len(read([header, lone, good]).refused) == 1


def test_unknown_columns_are_named(read, header, good):
    assert read([[*header, "Salesperson"], [*good, "Bo"]]).problems == (
        "The column 'Salesperson' was not read; it is not one we use.",
    )


def test_a_row_wider_than_the_header_is_refused(read, header, good):
    row = read([header, [*good, "50"]]).refused[0]
    assert row.problems[0].column == "column 7"
    assert "more cells" in row.problems[0].reason


def test_control_characters_are_stripped_and_formulas_are_data(read, header, good):
    row = [good[0], good[1], "=HYPERLINK(1)\x07\u200b+1", *good[3:]]
    assert read([header, row]).accepted[0].placement.debtor.name == "=HYPERLINK(1)+1"


REFUSED = {
    "empty": (b"", "cases.csv", "is empty"),
    "blank": (b"\xef\xbb\xbf \r\n", "cases.csv", "is empty"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1", "cases.xls", "old Excel workbook"),
    "pdf": (b"%PDF-1.7", "cases.pdf", "PDF"),
    "html": (b"<html><table>", "cases.xls", "web page"),
    "unknown ending": (b"Name;Due date", "cases.doc", "unknown type"),
    "binary": (b"\x00\x01\x02\x03 abc", "cases.csv", "not text"),
    "no header": (b"1;2;3\n4;5;6\n", "cases.csv", "No header row"),
    "no rows": (b"Ref;Type;Name;Due;Amount\n", "cases.csv", "no rows under its header"),
    "open quote": (b'Ref;Type;Name;Due;Amount\n1;b2b;"A;1.1.2025;5\n', "cases.csv", "quotation mark"),
    "wide line": (b"Ref;Type;Name" + b";" * 100_001, "cases.csv", "longer than"),
    "many cells": (b"Ref;Type;Name;Due;Amount\n" + b"1;" * 150, "cases.csv", "more than 100 cells"),
    "too big": (b"a" * (20 * 1024 * 1024 + 1), "cases.csv", "larger than 20 MB"),
    "too long": (
        b"Ref;Type;Name;Due;Amount\n" + b"1\n" * 5_001,
        "cases.csv",
        "5000 rows; split the file",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_whole_file_refusals_are_one_clear_sentence(read, case):
    data, file_name, words = REFUSED[case]
    with pytest.raises(FormatRefused) as refusal:
        read(data, file_name)
    assert words in refusal.value.message
    assert refusal.value.message.endswith(".")
    assert "\n" not in refusal.value.message
