"""Files of companies' figures: what is read, and the sentence for every row that is not."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import Workbook
from sovinto.domain.company import CompanyFigures
from sovinto.errors import FormatRefused
from sovinto.formats.company_file import FiguresRow, read_company_file

HEAD = "Registration id;Year;Turnover;Profit;Assets;Employees;Payment default entry;Source;As of"
ROW = "0112038-9;2025;1 234 567,50;-12,00;500000;12;no;Credit register;2025-12-31"


def read(*lines: str, name: str = "figures.csv") -> tuple[FiguresRow, ...]:
    return read_company_file("\n".join(lines).encode(), file_name=name, default_country="FI")


def problem(head: str, row: str) -> str:
    (found,) = read(head, row)
    assert found.figures is None
    return found.problem


def test_a_row_with_everything() -> None:
    (row,) = read("Figures of our debtors", HEAD, ROW)
    assert row.number == 3
    assert row.figures == CompanyFigures(
        registration_id="0112038-9",
        country="FI",
        as_of=date(2025, 12, 31),
        source="Credit register",
        year=2025,
        turnover="1234567.50",
        profit="-12.00",
        assets="500000",
        employees=12,
        has_default_entry=False,
    )


def test_empty_cells_are_not_known() -> None:
    (row,) = read(HEAD, "0112038-9;;;;;;;Register;31.12.2025")
    assert row.figures == CompanyFigures("0112038-9", "FI", date(2025, 12, 31), "Register")


def test_rows_come_by_year_so_that_the_year_before_is_known() -> None:
    rows = read(HEAD, ROW, ROW.replace("2025;", "2024;"))
    assert [row.figures.year for row in rows if row.figures] == [2024, 2025]
    assert [row.number for row in rows] == [3, 2]


def test_finnish_names_and_a_comma_as_delimiter() -> None:
    head = "Y-tunnus,Tilikausi,Liikevaihto,Maksuhäiriö,Lähde,Päivä,Maa,Valuutta"
    (row,) = read(head, "556036-0793,2025,10.50,kyllä,Rekisteri,2026-01-02,se,sek")
    assert row.figures is not None
    assert (row.figures.country, row.figures.currency) == ("SE", "SEK")
    assert (row.figures.turnover, row.figures.has_default_entry) == ("10.50", True)


def test_a_workbook() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(HEAD.split(";"))
    book.active.append(["0112038-9", 2025, 1000.5, -3, None, 0, "yes", "Register", date(2025, 12, 31)])
    stored = io.BytesIO()
    book.save(stored)
    (row,) = read_company_file(stored.getvalue(), file_name="figures.xlsx", default_country="FI")
    assert row.figures is not None
    assert (row.figures.turnover, row.figures.profit, row.figures.assets) == ("1000.5", "-3", None)
    assert (row.figures.employees, row.figures.has_default_entry) == (0, True)
    assert row.figures.as_of == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("0112038-9", "", "registration_id is empty; fill it in."),
        ("2025;1", ";1", "year is empty; fill in the year of the turnover."),
        ("1 234 567,50", "1.234", "turnover '1.234' may mean two amounts; write it as 1234.50."),
        ("500000", "much", "assets 'much' is no plain amount"),
        ("500000", "500 EUR", "assets '500 EUR' is no plain amount"),
        (";12;", ";twelve;", "employees 'twelve' is no whole number"),
        (";no;", ";maybe;", "default_entry 'maybe' is neither yes nor no"),
        ("2025-12-31", "1/2/2025", "as_of '1/2/2025' is no certain day; write it as 2025-12-31."),
        ("Credit register", "x" * 201, "source is longer than 200 characters"),
    ],
)
def test_what_is_wrong_is_one_sentence(old: str, new: str, said: str) -> None:
    assert problem(HEAD, ROW.replace(old, new, 1)).startswith(said)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((HEAD.replace("Source", "Origin"), ROW), "The header lacks source; name the columns"),
        ((HEAD,), "has no rows under its header"),
        (("{}",), "is JSON"),
    ],
)
def test_a_file_that_cannot_be_used(lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(FormatRefused, match=said):
        read(*lines)
