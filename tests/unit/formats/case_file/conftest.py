from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import Workbook
from sovinto.formats.case_file import CaseFile, check_case_file, read_case_file

HEADER = ["Reference", "Debtor type", "Name", "E-mail", "Due date", "Principal"]
GOOD = ["R1", "consumer", "Aino Mäkelä", "aino@asiakas.example", "31.8.2025", "120,50"]

Read = Callable[..., CaseFile]


@pytest.fixture
def header() -> list[str]:
    return list(HEADER)


@pytest.fixture
def good() -> list[str]:
    return list(GOOD)


@pytest.fixture
def read() -> Read:
    """Reads text, bytes or a list of rows (joined with semicolons) for a Finnish client."""

    def _read(content: object, file_name: str = "cases.csv", encoding: str = "utf-8") -> CaseFile:
        if isinstance(content, list):
            content = "\r\n".join(";".join(row) for row in content)
        data = content.encode(encoding) if isinstance(content, str) else content
        assert isinstance(data, bytes)
        return read_case_file(
            data, file_name=file_name, default_country="FI", default_currency="EUR", default_language="fi"
        )

    return _read


@pytest.fixture
def check() -> Read:
    def _check(case_file: CaseFile) -> CaseFile:
        return check_case_file(case_file, today=date(2026, 1, 5), country="FI", currency="EUR")

    return _check


@pytest.fixture
def one_row(read: Read) -> Read:
    """Reads the good row with some columns changed or added; gives the one row's result."""

    def _one(**changes: str) -> object:
        row = dict(zip(HEADER, GOOD, strict=True)) | {
            name.replace("_", " "): text for name, text in changes.items()
        }
        row = {"Name" if name == "Full name" else name: text for name, text in row.items()}
        return read([list(row), list(row.values())]).rows[0]

    return _one


@pytest.fixture
def workbook() -> Callable[..., bytes]:
    """An XLSX file of the given rows; `prepare` may change the sheet before it is saved."""

    def _workbook(rows: list[list[object]], prepare: Callable[[Workbook], None] | None = None) -> bytes:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for row in rows:
            sheet.append(row)
        if prepare:
            prepare(book)
        stored = io.BytesIO()
        book.save(stored)
        return stored.getvalue()

    return _workbook
