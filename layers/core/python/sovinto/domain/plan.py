"""Payment plan: an agreement to pay in dated instalments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sovinto.domain.money import Money


@dataclass(frozen=True, slots=True)
class Instalment:
    """One dated part of a plan; `due_on` is a banking day."""

    number: int
    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Plan:
    """`status`: active, kept or broken. What is paid is read from the ledger, not stored here."""

    plan_id: str
    agreed_at: datetime
    instalments: tuple[Instalment, ...]
    status: str = "active"

    @property
    def is_active(self) -> bool:
        return self.status == "active"
