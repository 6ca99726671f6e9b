"""What the timeline and whoever wakes a case say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sovinto.ids import CaseId


@dataclass(frozen=True, slots=True)
class Turn:
    """The state of the timeline that has the word: its token, its execution and when it was entered.

    `is_old`: the execution has grown too old and hands over instead of going on.
    """

    token: str
    execution: int
    entered_at: datetime
    is_old: bool = False


@dataclass(frozen=True, slots=True)
class Wake:
    """Where a case's driver stands: execution number, the token it waits on, when it wakes.

    `driven_at` is when it was last heard of, `entered_at` when the state that waits was entered; both
    by the real clock, None before the first time.
    """

    case_id: CaseId
    execution: int
    token: str
    wake_at: datetime
    driven_at: datetime | None = None
    entered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """`step` is what the state machine routes on: a dunning step, wait, done or continue_as_new.

    `until`: where the case waits, the moment (aware UTC) it is looked at again.
    """

    step: str
    version: int
    reason: str
    until: datetime | None = None
