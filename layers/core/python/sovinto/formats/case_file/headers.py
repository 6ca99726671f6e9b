"""Finds the header row, however many title rows stand above it, and says which column is what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sovinto.errors import FormatRefused
from sovinto.formats.case_file.aliases import FALLBACK, REQUIRED, SURE
from sovinto.formats.case_file.result import Column
from sovinto.formats.case_file.table import SourceRow, Value, text_of
from sovinto.formats.plain_text import bare, shortened

HEADER_WITHIN = 40
"""How many rows that are not blank are searched for the header."""

_UNIT = re.compile(r"[\s,;/([]+(EUR|SEK|NOK|DKK|GBP|€)[\s)\]]*$", re.IGNORECASE)
_SURE = {bare(alias): field for field, aliases in SURE.items() for alias in aliases.split(", ")}
_FALLBACK = {bare(alias): field for field, aliases in FALLBACK.items() for alias in aliases.split(", ")}


@dataclass(frozen=True, slots=True)
class Layout:
    """`currency` is what the header of the principal says ("Summa (EUR)"), or None.

    `second_phone` is the column to look in when the mobile number is empty.
    """

    header: SourceRow
    columns: Mapping[str, Column]
    ignored: tuple[str, ...]
    currency: str | None
    second_phone: Column | None

    def named(self, field: str) -> str:
        """The client's name of the column, or ours where the file has none."""
        column = self.columns.get(field)
        return column.header if column else field


def best_score(rows: Iterable[SourceRow]) -> int:
    """How many of our fields the best candidate for a header names."""
    return max((_score(row.cells) for row in list(rows)[:HEADER_WITHIN]), default=0)


def is_complete(rows: Sequence[SourceRow]) -> bool:
    """True when these rows have a header with every required column."""
    try:
        find_layout(rows)
    except FormatRefused:
        return False
    return True


def find_layout(rows: Sequence[SourceRow]) -> Layout:
    """The header row and its columns.

    Raises FormatRefused when there is no header, when a required column is missing (all are named),
    or when two columns claim to be the same.
    """
    header = max(rows[:HEADER_WITHIN], key=lambda row: _score(row.cells), default=None)
    if header is None or _score(header.cells) < 2:
        raise FormatRefused(
            "No header row was found; name the columns in one row, at least "
            f"{', '.join(REQUIRED)} (see the list of column names)."
        )
    sure, fallback = _columns(header.cells, _SURE), _columns(header.cells, _FALLBACK)
    if "invoice_number" in sure:
        # A payment reference may be one per customer; an invoice number is one per claim.
        fallback.pop("reference", None)
    columns = {field: _only(found) for field, found in {**fallback, **sure}.items()}
    _check_required(columns, header)
    second_phone = next(iter(fallback.get("phone", [])), None) if "phone" in sure else None
    used = {column.index for column in columns.values()} | ({second_phone.index} if second_phone else set())
    return Layout(
        header=header,
        columns=columns,
        ignored=tuple(
            text_of(cell) for index, cell in enumerate(header.cells) if cell != "" and index not in used
        ),
        currency=_unit(columns["principal"].header),
        second_phone=second_phone,
    )


def _score(cells: Sequence[Value]) -> int:
    names = {_name(cell) for cell in cells if isinstance(cell, str)}
    return len({_SURE.get(name) or _FALLBACK.get(name) for name in names} - {None})


def _columns(cells: Sequence[Value], known: Mapping[str, str]) -> dict[str, list[Column]]:
    found: dict[str, list[Column]] = {}
    for index, cell in enumerate(cells):
        field = known.get(_name(cell)) if isinstance(cell, str) else None
        if field:
            found.setdefault(field, []).append(Column(field, text_of(cell), index))
    return found


def _only(found: list[Column]) -> Column:
    if len(found) > 1:
        first, second = (shortened(column.header) for column in found[:2])
        raise FormatRefused(
            f"The columns {first!r} and {second!r} both look like {found[0].field}; "
            "keep one of them or rename the other."
        )
    return found[0]


def _check_required(columns: dict[str, Column], header: SourceRow) -> None:
    """Fills in the documented stand-ins, then names everything that is still missing."""
    if "reference" not in columns and "invoice_number" in columns:
        columns["reference"] = replace(columns["invoice_number"], field="reference")
    has_name = "name" in columns or {"first_name", "last_name"} <= columns.keys()
    missing = [field for field in REQUIRED if field not in columns and not (field == "name" and has_name)]
    if missing:
        raise FormatRefused(
            f"The header in row {header.number} lacks {_listed(missing)}; "
            "add the missing columns (see the list of column names)."
        )


def _listed(fields: Sequence[str]) -> str:
    noun = "the column" if len(fields) == 1 else "the columns"
    return f"{noun} {', '.join(fields)}"


def _name(header: str) -> str:
    return bare(_UNIT.sub("", header))


def _unit(header: str) -> str | None:
    match = _UNIT.search(header)
    if match is None:
        return None
    return "EUR" if match[1] == "€" else match[1].upper()
