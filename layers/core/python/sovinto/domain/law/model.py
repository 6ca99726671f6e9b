"""A country pack: every rule of one country, and how to find the one in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sovinto.domain.debtor import DebtorType
from sovinto.domain.explanation import Explanation
from sovinto.domain.law.kinds import LetterKind
from sovinto.domain.law.rows import (
    AllocationRow,
    Citation,
    ContactRow,
    FeeCapRow,
    FeeCountRow,
    FeeRow,
    FormRow,
    InterestTermsRow,
    InvoiceNoticeRow,
    LumpSumRow,
    RateRow,
    ResponseRow,
    Row,
    VatRow,
    WaitRow,
)
from sovinto.errors import LawMissing

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Pack:
    """One country's law as data. `zone` is an IANA name, `languages` ISO 639-1, `ladder` the
    chargeable letters from mild to firm."""

    country: str
    currency: str
    languages: tuple[str, ...]
    zone: str
    ladder: tuple[LetterKind, ...]
    reference_rates: tuple[RateRow, ...]
    margins: tuple[RateRow, ...]
    interest_terms: tuple[InterestTermsRow, ...]
    fees: tuple[FeeRow, ...]
    fee_counts: tuple[FeeCountRow, ...]
    fee_caps: tuple[FeeCapRow, ...]
    lump_sums: tuple[LumpSumRow, ...]
    waits: tuple[WaitRow, ...]
    invoice_notices: tuple[InvoiceNoticeRow, ...]
    responses: tuple[ResponseRow, ...]
    forms: tuple[FormRow, ...]
    allocations: tuple[AllocationRow, ...]
    contacts: tuple[ContactRow, ...]
    vat_rates: tuple[VatRow, ...]


def in_force(rows: Iterable[R], *, debtor_type: DebtorType, on: date, what: str) -> R:
    """The rule for this debtor on that day. Raises LawMissing when no row covers it: never guess."""
    found = find(rows, debtor_type=debtor_type, on=on)
    if found is None:
        raise LawMissing(
            f"No rule for {what} ({debtor_type.value}) covers {on.isoformat()}; "
            "add a dated, cited row to the country pack."
        )
    return found


def find(rows: Iterable[R], *, debtor_type: DebtorType, on: date) -> R | None:
    """The rule in force, or None for rules a country need not have. The loader refuses twins."""
    return next((row for row in rows if row.is_for(debtor_type) and row.citation.covers(on)), None)


def explain(
    citation: Citation,
    formula: str,
    *,
    unrounded: str | None = None,
    **inputs: object,
) -> Explanation:
    """An explanation that cites one row; `inputs` are written as plain strings."""
    return Explanation(
        rule_id=citation.rule_id,
        statute=citation.statute,
        formula=formula,
        inputs=tuple((name, str(value)) for name, value in inputs.items()),
        unrounded=unrounded,
        certainty=citation.certainty.value,
    )
