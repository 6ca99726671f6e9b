"""The second look at a case file: what the domain refuses on the day it is placed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date

from sovinto.domain.debtor import DebtorType
from sovinto.domain.placement import Placement, Problem, check_placement
from sovinto.formats.case_file.result import AcceptedRow, CaseFile, CaseRow, RefusedRow, RowProblem
from sovinto.formats.plain_text import shortened


def _registration_id(placement: Placement) -> str:
    """A consumer's may be a personal identity code: it is not repeated in reports."""
    found = placement.debtor.registration_id or ""
    return f"{found[:2]}…" if placement.debtor.debtor_type is DebtorType.CONSUMER else found


_SHOWN: Mapping[str, Callable[[Placement], str]] = {
    "reference": lambda placement: placement.client_reference,
    "debtor_type": lambda placement: placement.debtor.debtor_type.value,
    "name": lambda placement: placement.debtor.name,
    "language": lambda placement: placement.debtor.language,
    "email": lambda placement: placement.debtor.email or "",
    "phone": lambda placement: placement.debtor.phone or "",
    "postal_code": lambda placement: (
        placement.debtor.address.postal_code if placement.debtor.address else ""
    ),
    "currency": lambda placement: placement.currency,
    "invoice_number": lambda placement: placement.claims[0].invoice_number,
    "invoice_date": lambda placement: str(placement.claims[0].invoiced_on or ""),
    "due_date": lambda placement: placement.claims[0].due_on.isoformat(),
    "principal": lambda placement: placement.claims[0].principal.decimal(),
    "text": lambda placement: placement.claims[0].text,
    "registration_id": _registration_id,
}


def check_case_file(
    case_file: CaseFile,
    *,
    today: date,
    country: str,
    currency: str,
    languages: Collection[str] = (),
    debtor_types: Collection[DebtorType] = tuple(DebtorType),
    rates_from: date | None = None,
) -> CaseFile:
    """The same file with every accepted row that `check_placement` refuses turned into a refused row.

    `today` is the local legal day of `country`; the rest is the country's too. Raises nothing.
    """

    def checked(row: CaseRow) -> CaseRow:
        if not isinstance(row, AcceptedRow):
            return row
        found = check_placement(
            row.placement,
            today=today,
            country=country,
            currency=currency,
            languages=languages,
            debtor_types=debtor_types,
            rates_from=rates_from,
        )
        return _refused(row, found, case_file) if found else row

    return replace(case_file, rows=tuple(checked(row) for row in case_file.rows))


def _refused(row: AcceptedRow, found: tuple[Problem, ...], case_file: CaseFile) -> RefusedRow:
    problems = tuple(
        RowProblem(
            case_file.header_of(problem.field), _value(problem.field, row.placement), problem.message
        )
        for problem in found
    )
    return RefusedRow(row.row_number, problems, row.placement.client_reference)


def _value(field: str, placement: Placement) -> str:
    show = _SHOWN.get(field)
    return shortened(show(placement)) if show else ""
