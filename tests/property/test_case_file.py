"""Any bytes are read or refused; what is written in any usual style is read back exactly."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sovinto.errors import FormatRefused
from sovinto.formats.case_file import AcceptedRow, CaseFile, check_case_file, read_case_file
from sovinto.formats.text_dates import read_date
from sovinto.formats.text_numbers import read_amount

HEADER = ["Viite", "Tyyppi", "Nimi", "Sähköposti", "Eräpäivä", "Pääoma", "Selite"]


def read(data: bytes, file_name: str = "cases.csv") -> CaseFile:
    return read_case_file(
        data, file_name=file_name, default_country="FI", default_currency="EUR", default_language="fi"
    )


def survives(data: bytes, file_name: str = "cases.csv") -> None:
    try:
        case_file = read(data, file_name)
    except FormatRefused as refusal:
        assert refusal.message.endswith(".")
    else:
        check_case_file(case_file, today=date(2026, 1, 5), country="FI", currency="EUR")


@given(data=st.binary(max_size=300), file_name=st.text(max_size=20))
@example(data=b"", file_name="")
@example(data=b"\xff\xfe\x00\xd8", file_name="a.csv")
@example(data=b"PK\x03\x04", file_name="a.xlsx")
def test_any_bytes_are_read_or_refused(data, file_name):
    survives(data, file_name)


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "1.234", "12,50", "3/4/2025", "31.12.2025", "kuluttaja", "x", "#REF!", '"', "Yhteensä"]
    ),
)


@given(rows=st.lists(st.lists(CELLS, max_size=9), max_size=8), delimiter=st.sampled_from(";,\t|"))
def test_any_cells_under_a_header_are_read_or_refused(rows, delimiter):
    lines = [delimiter.join(HEADER), *(delimiter.join(row) for row in rows)]
    survives("\n".join(lines).encode("utf-8", "replace"))


def _workbook(values: list[object]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active.append(HEADER)
    book.active.append(values)
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


WORKBOOK = _workbook(["R1", "kuluttaja", "Aino", "a@b.example", date(2025, 8, 31), 12.5, "x"])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(place=st.integers(0, len(WORKBOOK) - 1), patch=st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_is_read_or_refused(place, patch):
    survives(WORKBOOK[:place] + patch + WORKBOOK[place + len(patch) :], "cases.xlsx")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(part=st.sampled_from(zipfile.ZipFile(io.BytesIO(WORKBOOK)).namelist()), data=st.data())
def test_a_workbook_with_damaged_xml_is_read_or_refused(part, data):
    source = zipfile.ZipFile(io.BytesIO(WORKBOOK))
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as container:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                place = data.draw(st.integers(0, len(content) - 1))
                content = content[:place] + data.draw(st.binary(max_size=6)) + content[place + 3 :]
            container.writestr(name, content)
    survives(stored.getvalue(), "cases.xlsx")


NUMBER_STYLES = {
    "comma": lambda euros, cents: f"{euros},{cents:02d}",
    "point": lambda euros, cents: f"{euros}.{cents:02d}",
    "space": lambda euros, cents: f"{euros:,},{cents:02d}".replace(",", " ", f"{euros:,}".count(",")),
    "dots": lambda euros, cents: f"{euros:,}".replace(",", ".") + f",{cents:02d}",
    "english": lambda euros, cents: f"{euros:,}.{cents:02d}",
    "sign": lambda euros, cents: f"{euros},{cents:02d} €",
}
DATE_STYLES = {
    "finnish": lambda day: f"{day.day}.{day.month}.{day.year}",
    "iso": lambda day: day.isoformat(),
    "compact": lambda day: day.strftime("%Y%m%d"),
    "padded": lambda day: day.strftime("%d.%m.%Y"),
}
LETTERS = st.text(alphabet="abcÅÄÖåäöéü '&;,\t|\"-", min_size=1, max_size=20).map(lambda text: f"N{text}n")
DAYS = st.dates(date(2007, 1, 1), date(2025, 12, 31))
ROWS = st.lists(
    st.tuples(LETTERS, DAYS, st.integers(1, 9_999_999_99), st.sampled_from(["kuluttaja", "Yritys"])),
    min_size=1,
    max_size=6,
)


@given(
    rows=ROWS,
    delimiter=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"]),
    number_style=st.sampled_from(sorted(NUMBER_STYLES)),
    date_style=st.sampled_from(sorted(DATE_STYLES)),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_read_back(rows, delimiter, encoding, number_style, date_style, end):
    if encoding == "latin-1" and number_style == "sign":
        encoding = "cp1252"
    stored = io.StringIO(newline="")
    writer = csv.writer(stored, delimiter=delimiter, lineterminator=end)
    writer.writerow(HEADER)
    for number, (name, day, minor, kind) in enumerate(rows):
        amount = NUMBER_STYLES[number_style](*divmod(minor, 100))
        writer.writerow([f"R{number}", kind, name, "a@b.example", DATE_STYLES[date_style](day), amount, ""])
    found = read(stored.getvalue().encode(encoding))
    assert found.delimiter == delimiter
    assert [type(row) for row in found.rows] == [AcceptedRow] * len(rows)
    for row, (name, day, minor, kind) in zip(found.accepted, rows, strict=True):
        claim = row.placement.claims[0]
        assert (claim.due_on, claim.principal.minor) == (day, minor)
        assert row.placement.debtor.name == " ".join(name.split())
        assert (
            row.placement.debtor.debtor_type.value == {"kuluttaja": "consumer", "Yritys": "business"}[kind]
        )


@given(st.text(max_size=30))
def test_no_text_upsets_the_readers_of_cells(text):
    amount, day = read_amount(text), read_date(text)
    for mark in (None, ",", "."):
        assert amount is None or isinstance(amount.plain(mark), str | None)
    assert day is None or day.day("day first") is not None


@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_slashed_date_is_ambiguous_exactly_when_it_has_two_readings(day):
    found = read_date(f"{day.day}/{day.month}/{day.year}")
    assert found is not None
    assert found.is_ambiguous == (day.day <= 12 and day.day != day.month)
    assert found.day("day first") == day
