"""Which rules of a country nobody has signed off."""

from __future__ import annotations

from datetime import date

from sovinto.countries.loader import load_pack
from sovinto.domain.law.model import Pack


def unsigned(country: str, on: date) -> tuple[str, ...]:
    """As `unsigned_in`, for an ISO 3166-1 alpha-2 country. Raises LawMissing when it has no pack."""
    return unsigned_in(load_pack(country), on)


def unsigned_in(pack: Pack, on: date) -> tuple[str, ...]:
    """Ids, in order, of the rules that nobody has signed off by that day.

    Rules that have ended count too: older debts are calculated with them. A sign-off dated after that
    day does not count yet; rules of a shared baseline count as the country's.
    """
    return tuple(
        sorted(
            row.citation.rule_id
            for row in pack.rows
            if row.citation.signed_off_on is None or row.citation.signed_off_on > on
        )
    )
