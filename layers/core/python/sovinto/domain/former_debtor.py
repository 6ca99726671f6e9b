"""Who was the debtor of a case before somebody who owes the whole debt with them took their place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sovinto.domain.agreement import CallRecord, Financials
from sovinto.domain.debtor import Debtor


@dataclass(frozen=True, slots=True)
class FormerDebtor:
    """`reason` is what happened to them, a value of Closure; `replaced_by` the id of who recorded it.

    `party_id` is their id among the co-debtors, empty for the one the case was placed with. What was
    known of this person, calls and figures, went with them.
    """

    debtor: Debtor
    person_key: str
    reason: str
    replaced_at: datetime
    replaced_by: str
    party_id: str = ""
    calls: tuple[CallRecord, ...] = ()
    financials: Financials | None = None
