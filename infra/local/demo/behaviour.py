"""How the simulated debtors of the demo behave: drawn once, by a seed, before anything happens."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

SEED: Final = 7
# (behaviour, weight): what a portfolio of small overdue invoices roughly looks like.
WEIGHTS: Final = (
    ("pays_reminder", 24),
    ("pays_by_card", 12),
    ("pays_demand", 14),
    ("pays_late", 8),
    ("pays_part", 8),
    ("pays_in_two", 6),
    ("keeps_plan", 5),
    ("breaks_plan", 3),
    ("dispute_upheld", 3),
    ("dispute_rejected", 3),
    ("forgets_reference", 2),
    ("pays_too_much", 2),
    ("silent", 10),
)


@dataclass(frozen=True, slots=True)
class Debtor:
    """One case's debtor. `patience_days` pass between reading a letter and acting on it."""

    case_id: str
    behaviour: str
    patience_days: int


def debtor_for(case_id: str, number: int) -> Debtor:
    """The same place in the file always behaves the same way."""
    chance = random.Random(SEED * 10_000 + number)
    names = [name for name, _ in WEIGHTS]
    behaviour = chance.choices(names, [weight for _, weight in WEIGHTS])[0]
    return Debtor(case_id, behaviour, chance.randrange(2, 9))
