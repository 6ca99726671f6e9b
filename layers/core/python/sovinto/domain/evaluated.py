"""The record of one evaluation, kept with the case: what was seen, which rule spoke, what else was open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What an evaluation can come to, from mild to final."""

    CONTINUE = "continue"
    PAYMENT_PLAN = "payment_plan"
    LEGAL_STEP = "legal_step"
    INSOLVENCY_WATCH = "insolvency_watch"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Evaluated:
    """`inputs` are (name, figure or word); `alternatives` are the rules that fitted as well, in order.

    `by` is "engine" or the id of the person who decided.
    """

    at: datetime
    outcome: Outcome
    rule: str
    inputs: tuple[tuple[str, str], ...]
    alternatives: tuple[str, ...]
    by: str = "engine"
