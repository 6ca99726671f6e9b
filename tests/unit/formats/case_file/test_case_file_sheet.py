"""XLSX: values as Excel shows them, and workbooks that mean harm."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from sovinto.domain.money import Money
from sovinto.errors import FormatRefused

HEADER = ["Reference", "Debtor type", "Name", "E-mail", "Due date", "Principal"]
GOOD = ["R1", "consumer", "Aino Mäkelä", "aino@asiakas.example", datetime(2025, 8, 31), 120.5]


def claim(read, data):
    return read(data, "cases.xlsx").accepted[0].placement.claims[0]


def test_dates_and_numbers_are_exact(read, workbook):
    found = claim(read, workbook([["Open claims"], [], HEADER, GOOD]))
    assert found.due_on == date(2025, 8, 31)
    assert found.principal == Money(12050, "EUR")


@pytest.mark.parametrize(
    ("number", "minor"), [(0.1 + 0.2, 30), (1.10, 110), (9800, 980000), (1234.56, 123456), (1e3, 100000)]
)
def test_a_float_is_read_as_excel_shows_it(read, workbook, number, minor):
    assert claim(read, workbook([HEADER, [*GOOD[:5], number]])).principal.minor == minor


def test_a_point_in_a_number_cell_is_never_ambiguous(read, workbook):
    row = read(workbook([HEADER, [*GOOD[:5], 1.234]]), "c.xlsx").refused[0]
    assert "no more decimals" in row.problems[0].reason


def test_a_bare_day_number_is_a_date(read, workbook):
    assert claim(read, workbook([HEADER, [*GOOD[:4], 45900, 5]])).due_on == date(2025, 8, 31)


def test_old_mac_workbooks_count_from_1904(read, workbook):
    def prepare(book):
        book.epoch = CALENDAR_MAC_1904

    assert claim(read, workbook([HEADER, [*GOOD[:4], 44438, 5]], prepare)).due_on == date(2025, 8, 31)


def test_leading_zeros_that_excel_shows_are_kept(read, workbook):
    def prepare(book):
        book.active["H2"].number_format = "00000"

    rows = [[*HEADER, "Street", "Postal code", "City"], [*GOOD, "Koekuja 1", 100, "Helsinki"]]
    found = read(workbook(rows, prepare), "c.xlsx").accepted[0].placement
    assert found.debtor.address.postal_code == "00100"


def test_zeros_that_excel_lost_are_asked_back(read, check, workbook):
    rows = [[*HEADER, "Street", "Postal code", "City"], [*GOOD, "Koekuja 1", 100, "Helsinki"]]
    problem = check(read(workbook(rows), "c.xlsx")).refused[0].problems[0]
    assert (problem.column, problem.value) == ("Postal code", "100")
    assert "leading zeros" in problem.reason


def test_digits_that_excel_lost_are_asked_back(read, workbook):
    row = read(workbook([HEADER, [12345678901234567890, *GOOD[1:]]]), "c.xlsx").refused[0]
    assert "scientific number" in row.problems[0].reason


def test_formulas_are_never_computed(read, workbook):
    row = read(workbook([HEADER, [*GOOD[:5], "=1+1"]]), "c.xlsx").refused[0]
    assert row.problems[0].reason == "The principal is missing; fill it in."


def test_the_sheet_with_cases_is_found_and_two_are_refused(read, workbook):
    def notes_first(book):
        book.create_sheet("Notes", 0).append(["Nothing here"])

    def hidden(book):
        extra = book.create_sheet("Old")
        extra.append(HEADER)
        extra.sheet_state = "hidden"

    def two(book):
        book.create_sheet("More").append(HEADER)

    assert claim(read, workbook([HEADER, GOOD], notes_first)).invoice_number == "R1"
    assert claim(read, workbook([HEADER, GOOD], hidden)).invoice_number == "R1"
    with pytest.raises(FormatRefused, match="'Sheet' and 'More' both hold cases"):
        read(workbook([HEADER, GOOD], two), "c.xlsx")


def test_notes_beside_the_table_do_no_harm(read, workbook):
    assert len(read(workbook([HEADER, [*GOOD, None, "call first"]]), "c.xlsx").accepted) == 1


def test_rows_far_down_and_right_cost_little(read, workbook):
    def prepare(book):
        book.active["XFD1048576"] = "end"

    assert len(read(workbook([HEADER, GOOD], prepare), "c.xlsx").accepted) == 1


def archive(**parts: bytes) -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return stored.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 broken", "damaged"),
        (archive(readme=b"hello"), "ZIP archive but not"),
        (archive(xl__workbook_xml=b"<x/>"), "damaged"),
        (archive(xl__workbook_xml=b"<x/>", bomb=b"\0" * (121 * 1024 * 1024)), "unpacks to more than"),
        (archive(xl__workbook_xml=b"<x/>", **{f"p{n}": b"" for n in range(1001)}), "unpacks to more than"),
    ],
    ids=["truncated", "other archive", "empty parts", "bomb", "many parts"],
)
def test_hostile_workbooks_are_refused(read, data, words):
    with pytest.raises(FormatRefused, match=words):
        read(data, "cases.xlsx")


def repacked(data: bytes, name: str, content: bytes, pack: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook with one part added or replaced."""
    stored = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stored, "w", pack) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return stored.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "pack"),
    [
        ("xl/sharedStrings.xml", b"<si/>" * 400_000, zipfile.ZIP_DEFLATED),
        ("xl/worksheets/sheet1.xml", b" " * 2_000_000, zipfile.ZIP_DEFLATED),
        ("xl/sharedStrings.xml", b" " * (10 * 1024 * 1024 + 1), zipfile.ZIP_STORED),
        ("xl/styles.xml", b" " * (2 * 1024 * 1024 + 1), zipfile.ZIP_STORED),
        ("[Content_Types].xml", b" " * (1024 * 1024 + 1), zipfile.ZIP_STORED),
    ],
    ids=["packed strings", "packed sheet", "many strings", "many styles", "many types"],
)
def test_a_part_that_would_exhaust_the_memory_is_refused(read, workbook, name, content, pack):
    data = repacked(workbook([HEADER, GOOD]), name, content, pack)
    with pytest.raises(FormatRefused, match=r"part .* is too large"):
        read(data, "cases.xlsx")


@pytest.mark.parametrize("kinds", [["sharedStrings"], ["worksheet", "sharedStrings"]])
def test_strings_that_pose_as_a_sheet_are_no_sheet(read, workbook, kinds):
    data = workbook([HEADER, GOOD])
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        types = container.read("[Content_Types].xml")
    for kind in kinds:
        full = f"application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"
        declared = f'<Override PartName="/xl/worksheets/more.xml" ContentType="{full}"/></Types>'
        types = types.replace(b"</Types>", declared.encode())
    big = repacked(data, "xl/worksheets/more.xml", b" " * (10 * 1024 * 1024 + 1), zipfile.ZIP_STORED)
    with pytest.raises(FormatRefused, match=r"'xl/worksheets/more\.xml' of the workbook is too large"):
        read(repacked(big, "[Content_Types].xml", types, zipfile.ZIP_STORED), "cases.xlsx")


def test_an_entity_bomb_is_refused(read, workbook):
    source = zipfile.ZipFile(io.BytesIO(workbook([HEADER, GOOD])))
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as container:
        for part in source.namelist():
            content = source.read(part)
            if part == "xl/worksheets/sheet1.xml":
                content = bomb + content.replace(b"<v>120.5</v>", b"<v>&b;</v>")
            container.writestr(part, content)
    with pytest.raises(FormatRefused):
        read(stored.getvalue(), "cases.xlsx")
