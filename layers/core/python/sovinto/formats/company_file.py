"""A file of companies' figures (CSV or XLSX), as credit information services and clients send it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sovinto.domain.company import CompanyFigures
from sovinto.errors import FormatRefused
from sovinto.formats.case_file.decode import check_kind, decode, is_workbook
from sovinto.formats.case_file.delimited import read_delimited
from sovinto.formats.case_file.sheet import read_workbook
from sovinto.formats.case_file.table import MOST_ROWS, SourceRow, Value, text_of
from sovinto.formats.case_file.wanted import Wanted
from sovinto.formats.plain_text import bare, shortened
from sovinto.formats.text_dates import read_date
from sovinto.formats.text_numbers import read_amount

HEADER_WITHIN = 40
REQUIRED = ("registration_id", "as_of", "source")
AMOUNTS = ("turnover", "profit", "assets")
_NAMES = {
    "registration_id": "registration id, business id, y-tunnus, org nr, organisationsnummer",
    "country": "country, maa, land",
    "currency": "currency, valuutta, valuta",
    "year": "year, financial year, tilikausi, vuosi, år",
    "turnover": "turnover, revenue, net sales, liikevaihto, omsättning",
    "profit": "profit, result, net result, tulos, resultat",
    "assets": "assets, total assets, varat, taseen loppusumma, tillgångar",
    "employees": "employees, staff, henkilöstö, anställda",
    "default_entry": "default entry, payment default, payment default entry, maksuhäiriö, "
    "betalningsanmärkning",
    "source": "source, lähde, källa",
    "as_of": "as of, as-of date, date, päivä, per, datum",
}
_FIELDS = {bare(alias): field for field, aliases in _NAMES.items() for alias in aliases.split(", ")}
_YES = {bare(word) for word in ("yes", "true", "1", "x", "kyllä", "ja")}
_NO = {bare(word) for word in ("no", "false", "0", "ei", "nej")}
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class FiguresRow:
    """One row: the company's figures, or the sentence why they cannot be read. `number` is the row's in
    the file, counted from 1."""

    number: int
    figures: CompanyFigures | None
    problem: str = ""


def read_company_file(data: bytes, *, file_name: str, default_country: str) -> tuple[FiguresRow, ...]:
    """Every row under the header, in the order in which they are to be recorded: by year.

    Raises FormatRefused for a file that cannot be used as a whole, never for a single row.
    """
    rows = _rows(data, file_name)
    header, columns = _header(rows)
    found = tuple(_row(row, columns, default_country) for row in rows if row.number > header.number)
    if not found:
        raise FormatRefused("The file has no rows under its header; add a row for each company.")
    return tuple(sorted(found, key=lambda row: (row.figures.year or 0) if row.figures else 0))


def _rows(data: bytes, file_name: str) -> Sequence[SourceRow]:
    check_kind(data, file_name)
    wanted = Wanted("companies", _best_score, _is_complete, MOST_ROWS)
    if is_workbook(data):
        return read_workbook(data, wanted).rows
    return read_delimited(*decode(data, file_name), wanted).rows


def _columns(row: SourceRow) -> dict[str, int]:
    """The first column of each name counts."""
    found: dict[str, int] = {}
    for at, cell in enumerate(row.cells):
        field = _FIELDS.get(bare(cell)) if isinstance(cell, str) else None
        if field:
            found.setdefault(field, at)
    return found


def _best_score(rows: Iterable[SourceRow]) -> int:
    return max((len(_columns(row)) for row in list(rows)[:HEADER_WITHIN]), default=0)


def _is_complete(rows: Sequence[SourceRow]) -> bool:
    return _best_score(rows) >= len(REQUIRED)


def _header(rows: Sequence[SourceRow]) -> tuple[SourceRow, dict[str, int]]:
    header = max(rows[:HEADER_WITHIN], key=lambda row: len(_columns(row)), default=None)
    columns = _columns(header) if header else {}
    missing = [name for name in REQUIRED if name not in columns]
    if header is None or missing:
        raise FormatRefused(
            f"The header lacks {', '.join(missing)}; name the columns {', '.join(REQUIRED)} and any of "
            f"{', '.join(name for name in _NAMES if name not in REQUIRED)}."
        )
    return header, columns


def _row(row: SourceRow, columns: Mapping[str, int], default_country: str) -> FiguresRow:
    cells = {
        field: row.cells[at] for field, at in columns.items() if at < len(row.cells) and row.cells[at] != ""
    }
    try:
        return FiguresRow(row.number, _figures(cells, default_country))
    except FormatRefused as refusal:
        return FiguresRow(row.number, None, refusal.message)


def _figures(cells: Mapping[str, Value], default_country: str) -> CompanyFigures:
    for field in REQUIRED:
        if field not in cells:
            raise FormatRefused(f"{field} is empty; fill it in.")
    amounts = {field: _amount(field, cells.get(field)) for field in AMOUNTS}
    year, employees = _whole("year", cells.get("year")), _whole("employees", cells.get("employees"))
    if year is None and amounts["turnover"] is not None:
        raise FormatRefused("year is empty; fill in the year of the turnover.")
    return CompanyFigures(
        registration_id=_text("registration_id", cells),
        country=(_text("country", cells) or default_country).upper(),
        as_of=_day(cells["as_of"]),
        source=_text("source", cells),
        year=year,
        currency=_text("currency", cells).upper(),
        employees=employees,
        has_default_entry=_yes_or_no(cells.get("default_entry")),
        **amounts,
    )


def _text(field: str, cells: Mapping[str, Value]) -> str:
    text = text_of(cells.get(field, "")).strip()
    if len(text) > _LONGEST:
        raise FormatRefused(f"{field} is longer than {_LONGEST} characters; shorten it.")
    return text


def _amount(field: str, value: Value | None) -> str | None:
    if value is None or isinstance(value, Decimal):
        return None if value is None else format(value, "f")
    found = read_amount(text_of(value))
    if found is None or found.currencies is not None:
        raise FormatRefused(
            f"{field} {shortened(text_of(value))!r} is no plain amount; write it as 1234.50, and the "
            "currency in a column of its own."
        )
    if found.is_ambiguous:
        raise FormatRefused(
            f"{field} {shortened(text_of(value))!r} may mean two amounts; write it as 1234.50."
        )
    return found.plain(None)


def _whole(field: str, value: Value | None) -> int | None:
    if value is None:
        return None
    text = text_of(value).strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise FormatRefused(f"{field} {shortened(text)!r} is no whole number; write it in digits.")
    return int(text)


def _day(value: Value) -> date:
    found = value if isinstance(value, date) else None
    if isinstance(value, str) and (read := read_date(value)) is not None:
        found = read.day(None)
    if found is None:
        raise FormatRefused(
            f"as_of {shortened(text_of(value))!r} is no certain day; write it as 2025-12-31."
        )
    return found


def _yes_or_no(value: Value | None) -> bool | None:
    """An empty cell means: not known."""
    if value is None:
        return None
    word = bare(text_of(value))
    if word in _YES or word in _NO:
        return word in _YES
    raise FormatRefused(
        f"default_entry {shortened(text_of(value))!r} is neither yes nor no; write one, or nothing."
    )
