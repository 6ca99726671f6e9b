"""Rows on what ends, stops or follows amicable collection, and on payments and records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.law.kinds import (
    Circumstance,
    Effect,
    Interruption,
    LimitationStart,
    Precondition,
    RecordKind,
    ReferenceScheme,
)
from sovinto.domain.law.rows.base import Row
from sovinto.domain.money import Money


@dataclass(frozen=True, slots=True)
class AllocationRow(Row):
    """The order in which a payment is used up."""

    table: ClassVar[str] = "allocation"

    order: tuple[ClaimClass, ...]


@dataclass(frozen=True, slots=True)
class EffectRow(Row):
    """What a circumstance stops, for at most `calendar_days` where the law sets an end."""

    table: ClassVar[str] = "effect"

    circumstance: Circumstance
    effects: frozenset[Effect]
    calendar_days: int | None

    @property
    def keys(self) -> tuple[frozenset[str], ...]:
        return (frozenset({self.circumstance}),)


@dataclass(frozen=True, slots=True)
class LimitationRow(Row):
    """A claim is time-barred `years` after its start; an interruption begins `restart_years` anew, but
    nothing reaches beyond `absolute_years` after the due date."""

    table: ClassVar[str] = "limitation"

    years: int
    start: LimitationStart
    interrupted_by: frozenset[Interruption]
    restart_years: int
    absolute_years: int | None = None


@dataclass(frozen=True, slots=True)
class LegalStepRow(Row):
    """A step beyond letters: where it is taken, for which principals, and what must be so before.

    `answer_days` is what the debtor has to object; None where it was not found.
    """

    table: ClassVar[str] = "legal_step"

    step: str
    forum: str
    preconditions: frozenset[Precondition]
    max_principal: Money | None
    answer_days: int | None

    @property
    def keys(self) -> tuple[frozenset[str], ...]:
        return (frozenset({self.step}),)


@dataclass(frozen=True, slots=True)
class RetentionRow(Row):
    """How long a record is kept after what it is about has ended."""

    table: ClassVar[str] = "retention"

    record: RecordKind
    months: int

    @property
    def keys(self) -> tuple[frozenset[str], ...]:
        return (frozenset({self.record}),)


@dataclass(frozen=True, slots=True)
class ReferenceSchemeRow(Row):
    """The reference we put on payments, and the country's own scheme where it has one."""

    table: ClassVar[str] = "reference_scheme"

    preferred: ReferenceScheme
    national: ReferenceScheme | None


@dataclass(frozen=True, slots=True)
class PendingRow(Row):
    """A law that is expected from `valid_from` and not yet in the pack: why rules of `tables` end."""

    table: ClassVar[str] = "pending"

    tables: frozenset[str]
