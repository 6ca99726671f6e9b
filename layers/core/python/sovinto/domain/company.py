"""How a company stands, as a file tells it: by its registration id, for every case against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CompanyFigures:
    """One company in one year. Amounts are decimals as text ("1234.50") in major units of `currency`,
    or of each case's own currency where that is empty. None where not known.

    `country` (ISO 3166-1 alpha-2) is where the company is registered.
    """

    registration_id: str
    country: str
    as_of: date
    source: str
    year: int | None = None
    currency: str = ""
    turnover: str | None = None
    profit: str | None = None
    assets: str | None = None
    employees: int | None = None
    has_default_entry: bool | None = None
