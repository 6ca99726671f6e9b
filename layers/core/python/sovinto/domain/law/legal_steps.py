"""Steps beyond letters, each open only when all its preconditions are met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sovinto.domain.debtor import DebtorType
from sovinto.domain.explanation import Explanation
from sovinto.domain.law.kinds import Precondition
from sovinto.domain.law.model import Pack, explain
from sovinto.domain.law.rows import LegalStepRow
from sovinto.domain.money import Money


@dataclass(frozen=True, slots=True)
class LegalStep:
    """Open when `lacking` is empty and the principal is not above the limit.

    `answer_days`: what the debtor has to object, None where it was not found.
    """

    step: str
    forum: str
    lacking: frozenset[Precondition]
    is_within_limit: bool
    answer_days: int | None
    explanation: Explanation

    @property
    def is_open(self) -> bool:
        return not self.lacking and self.is_within_limit


def legal_steps(
    pack: Pack, *, debtor_type: DebtorType, principal: Money, met: frozenset[Precondition], on: date
) -> tuple[LegalStep, ...]:
    """Every step the law knows for this debtor on that day, with what each still lacks."""
    return tuple(
        _step(row, principal, met)
        for row in pack.of(LegalStepRow)
        if row.is_for(debtor_type) and row.citation.covers(on)
    )


def _step(row: LegalStepRow, principal: Money, met: frozenset[Precondition]) -> LegalStep:
    lacking = row.preconditions - met
    limit = row.max_principal
    why = explain(
        row.citation,
        "all preconditions met and principal within the limit",
        principal=principal.decimal(),
        limit="none" if limit is None else limit.decimal(),
        lacking=", ".join(sorted(lacking)) or "nothing",
    )
    return LegalStep(
        row.step, row.forum, lacking, limit is None or principal <= limit, row.answer_days, why
    )
