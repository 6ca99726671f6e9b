"""From which day a pack can no longer calculate interest: the reminder to add the next half-year."""

from __future__ import annotations

from datetime import date, timedelta

from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.kinds import InterestBasis
from sovinto.domain.law.model import Pack, find
from sovinto.domain.law.rows import InterestTermsRow, MarginRow, ReferenceRateRow

_DAY = timedelta(days=1)


def rates_known_from(pack: Pack) -> date | None:
    """The first day whose interest is known for every debtor the pack serves; None where none is owed."""
    firsts = [_known_for(pack, debtor_type) for debtor_type in pack.ladders]
    return max((day for day in firsts if day is not None), default=None)


def _known_for(pack: Pack, debtor_type: DebtorType) -> date | None:
    rates = [row.citation.valid_from for row in pack.of(ReferenceRateRow) if row.is_for(debtor_type)]
    return min(rates, default=None)


def rates_missing_from(pack: Pack) -> date | None:
    """The first day without a rate for a debtor the pack serves, counted from its first interest terms.

    None where every day to come is covered. Interest owed by contract only needs no rate.
    """
    missing = [_missing_for(pack, debtor_type) for debtor_type in pack.ladders]
    return min((day for day in missing if day is not None), default=None)


def _missing_for(pack: Pack, debtor_type: DebtorType) -> date | None:
    rows = (*pack.of(InterestTermsRow), *pack.of(MarginRow), *pack.of(ReferenceRateRow))
    cited = [row.citation for row in rows if row.is_for(debtor_type)]
    begins = [row.citation.valid_from for row in pack.of(InterestTermsRow) if row.is_for(debtor_type)]
    if not begins:
        return min((citation.valid_from for citation in cited), default=date.min)
    turns = {citation.valid_from for citation in cited}
    turns |= {citation.valid_to + _DAY for citation in cited if citation.valid_to is not None}
    asked = sorted(day for day in turns if day >= min(begins))
    return next((day for day in asked if not _is_covered(pack, debtor_type, day)), None)


def _is_covered(pack: Pack, debtor_type: DebtorType, on: date) -> bool:
    terms = find(pack, InterestTermsRow, debtor_type=debtor_type, on=on)
    if terms is None or terms.basis is not InterestBasis.STATUTORY:
        return terms is not None
    reference = find(pack, ReferenceRateRow, debtor_type=debtor_type, on=on)
    return reference is not None and find(pack, MarginRow, debtor_type=debtor_type, on=on) is not None
