"""Which payment reference a country's payments carry."""

from __future__ import annotations

from datetime import date

from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.model import Pack, in_force
from sovinto.domain.law.rows import ReferenceSchemeRow


def reference_schemes(pack: Pack, *, debtor_type: DebtorType, on: date) -> ReferenceSchemeRow:
    """The preferred and the national scheme. Raises LawMissing."""
    return in_force(
        pack, ReferenceSchemeRow, debtor_type=debtor_type, on=on, what="the payment reference scheme"
    )
