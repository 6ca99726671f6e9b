"""What every rule row has: a citation, and the debtors it is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.kinds import Certainty


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a figure comes from and when it holds. `valid_to` is the last day in force, None if open.

    `signed_off_by`/`signed_off_on` name the lawyer who checked the row; empty as shipped.
    """

    rule_id: str
    statute: str
    source: str
    certainty: Certainty
    valid_from: date
    valid_to: date | None = None
    note: str = ""
    unit: str = ""
    signed_off_by: str | None = None
    signed_off_on: date | None = None

    def covers(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    @property
    def is_confirmed(self) -> bool:
        """Read in the law or on a page that cites it, or signed off by a lawyer."""
        return self.certainty is not Certainty.ASSUMED or self.signed_off_by is not None


@dataclass(frozen=True, slots=True)
class Row:
    """Common to all rules: the citation, and the kinds of debtor the rule is for.

    `table` is what rows of this kind are called in pack files.
    """

    table: ClassVar[str] = ""

    citation: Citation
    debtor_types: frozenset[DebtorType]

    def is_for(self, debtor_type: DebtorType) -> bool:
        return debtor_type in self.debtor_types

    @property
    def keys(self) -> tuple[frozenset[str], ...]:
        """What else, besides the debtor and the day, this kind of rule is looked up by."""
        return ()
