"""What the rules say of a bank line: whose it is beyond doubt, or who it may be and why."""

from __future__ import annotations

from dataclasses import dataclass

from sovinto.domain.money import Money
from sovinto.ids import CaseId


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A case that the money may be for. `score` only ranks; `reasons` are sentences for people."""

    case_id: CaseId
    amount: Money
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exact:
    """Posted without a person. The shares add up to the line; `rule` is a stable name of the reason.

    `evidence` are pairs of what was looked at and its value: references, sums and digests, no names.
    """

    shares: tuple[tuple[CaseId, Money], ...]
    rule: str
    explanation: str
    evidence: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unsure:
    """For a person to decide: likely cases, the best first, and why no rule was exact."""

    suggestions: tuple[Suggestion, ...]
    reason: str


Verdict = Exact | Unsure
