"""Rows to placements: each row is accepted, refused with reasons, or a repeat of an earlier one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sovinto.domain.placement import Placement
from sovinto.formats.case_file.claims import read_claim
from sovinto.formats.case_file.debtors import identifier, read_debtor
from sovinto.formats.case_file.headers import Layout
from sovinto.formats.case_file.result import AcceptedRow, CaseRow, DuplicateRow, RefusedRow, RowProblem
from sovinto.formats.case_file.row_reader import RowReader
from sovinto.formats.case_file.styles import Styles
from sovinto.formats.case_file.table import SourceRow, Table
from sovinto.formats.plain_text import shortened


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a cell means when it is empty: the client's country, currency and usual language."""

    country: str
    currency: str
    language: str


def read_rows(
    rows: Sequence[SourceRow], table: Table, layout: Layout, styles: Styles, defaults: Defaults
) -> tuple[CaseRow, ...]:
    """One result per row, in file order. Raises nothing: what is wrong with a row is in its result."""
    found = (_read_row(row, table, layout, styles, defaults) for row in rows)
    return tuple(_without_repeats(found, layout))


def _read_row(
    row: SourceRow, table: Table, layout: Layout, styles: Styles, defaults: Defaults
) -> AcceptedRow | RefusedRow:
    reader = RowReader(row, layout)
    if table.delimiter:
        reader.refuse_overflow()
    reader.required("reference")
    reference = identifier(reader, "reference")
    debtor = read_debtor(reader, default_country=defaults.country, default_language=defaults.language)
    claim = read_claim(
        reader,
        styles,
        reference=reference,
        default_currency=layout.currency or defaults.currency,
        is_1904=table.is_1904,
    )
    if reader.problems or debtor is None or claim is None:
        return RefusedRow(row.number, tuple(dict.fromkeys(reader.problems)), reference or None)
    return AcceptedRow(row.number, Placement(reference, debtor, (claim,), claim.principal.currency))


def _without_repeats(rows: Iterable[AcceptedRow | RefusedRow], layout: Layout) -> Iterable[CaseRow]:
    first: dict[str, AcceptedRow] = {}
    for row in rows:
        if isinstance(row, RefusedRow):
            yield row
            continue
        reference = row.placement.client_reference
        earlier = first.setdefault(reference, row)
        if earlier is row:
            yield row
        elif earlier.placement == row.placement:
            yield DuplicateRow(row.row_number, reference, earlier.row_number)
        else:
            yield _conflict(row, earlier, layout)


def _conflict(row: AcceptedRow, earlier: AcceptedRow, layout: Layout) -> RefusedRow:
    reference = row.placement.client_reference
    reason = (
        f"Row {earlier.row_number} has the same reference with other content; "
        "give each claim a reference of its own."
    )
    problem = RowProblem(layout.named("reference"), shortened(reference), reason)
    return RefusedRow(row.row_number, (problem,), reference)
